//! Order statistics of plain numbers, which outliers do not move. Never looks at pixels.

/// A robust standard deviation: 1.4826 times the median of the absolute deviations.
pub(crate) fn robust_sigma(deviations: impl Iterator<Item = f32>) -> f32 {
    1.4826 * median(deviations.map(f32::abs).collect())
}

/// The median (the upper one of an even count); 0 for no values.
pub(crate) fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
