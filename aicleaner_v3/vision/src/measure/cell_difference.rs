//! How strongly each cell of two frames differs, in brightness and in colour, in units of a threshold that follows the
//! noise of these frames. What a whole neighbourhood has in common is light, and is removed. Never groups cells.

use wide::f32x8;

use super::field::{Field, as_f32};
use super::grid::Grid;

/// Added to levels before the logarithm: noise in the dark must not count as a change of light.
const FLOOR: f32 = 16.0;

/// Brightness, 0 to 255.
pub(crate) fn luma_levels(grid: &Grid) -> Field {
    let values = grid.luma.iter().map(|&v| f32::from(v));
    Field::of(grid.width, grid.height, values)
}

/// Brightness as logarithms.
pub(crate) fn log_luma(grid: &Grid) -> Field {
    let table: Vec<f32> = (0..=u8::MAX)
        .map(|level| log_level(f32::from(level)))
        .collect();
    let values = grid.luma.iter().map(|&v| table[usize::from(v)]);
    Field::of(grid.width, grid.height, values)
}

/// A level as a logarithm.
pub(crate) fn log_level(level: f32) -> f32 {
    (level + FLOOR).ln()
}

/// How strongly each cell differs in brightness (given as logarithms), and the noise. A strength of 1 is just enough,
/// a negative one is darker.
pub(crate) fn luma_strength(
    old: &Field,
    new: &Field,
    open: &Field,
    gradient: &Field,
    least: f32,
    neighbourhood: usize,
) -> (Field, f32) {
    let delta = remove_light(&new.zip_with(old, |n, o| n - o), open, neighbourhood);
    let noise = delta.robust_sigma(open).max(0.004);
    let base = f32x8::splat(least + 1.4 * noise);
    let darker = old.zip_with(new, |old, new| old.fast_min(new).exp());
    let threshold = darker.zip_with(gradient, |darker, gradient| {
        base + 1.2 / darker + gradient * (0.3 / 9.0)
    });
    let smooth = delta.window_sum(1);
    let strength = smooth.zip_with(&threshold, |delta, threshold| delta / 9.0 / threshold);
    (strength, noise)
}

/// Removes what a whole neighbourhood has in common. Outliers have little weight in that.
fn remove_light(change: &Field, open: &Field, neighbourhood: usize) -> Field {
    let mut rest = change.high_pass(open, neighbourhood);
    for _ in 0..2 {
        let limit = (rest.robust_sigma(open) * 2.5).max(0.01);
        let weights = rest.zip_with(open, |v, open| {
            v.abs().simd_le(limit).select(open, open * 0.01)
        });
        rest = change.high_pass(&weights, neighbourhood);
    }
    rest
}

/// How strongly each colour sample differs; 1 is just enough.
pub(crate) fn chroma_strength(
    before: &Grid,
    current: &Grid,
    (dx, dy): (f32, f32),
    least: f32,
    neighbourhood: usize,
) -> Field {
    let (width, height) = (before.width.div_ceil(2), before.height.div_ceil(2));
    let mut open = Field::of(width, height, std::iter::repeat(1.0));
    for at in before.hidden_cells() {
        open.values[before.colour_at(at % before.width, at / before.width)] = 0.0;
    }
    let rows = (0..height).map(|y| (y * 2 + 1).min(before.height - 1) * before.width);
    let cells =
        rows.flat_map(|row| (0..width).map(move |x| row + (x * 2 + 1).min(before.width - 1)));
    let darker = cells.map(|at| f32::from(before.luma[at].min(current.luma[at])) + FLOOR);
    let darker = Field::of(width, height, darker);
    let reciprocals: [f32; 256] = std::array::from_fn(|level| (as_f32(level) + FLOOR).recip());
    let shift = if dx.abs() > 0.05 || dy.abs() > 0.05 {
        (dx / 2.0, dy / 2.0)
    } else {
        (0.0, 0.0)
    };
    let mut strength = Field::of(width, height, std::iter::repeat(0.0));
    let planes = [(&before.blue, &current.blue), (&before.red, &current.red)];
    for (old, new) in planes {
        let old = relative_chroma(before, old, (0.0, 0.0), &reciprocals);
        let new = relative_chroma(current, new, shift, &reciprocals);
        let gradient = old.gradient();
        let delta = remove_light(
            &new.zip_with(&old, |n, o| n - o),
            &open,
            (neighbourhood / 2).max(2),
        );
        let noise = delta.robust_sigma(&open).max(0.004);
        let base = f32x8::splat(least + 3.0 * noise);
        let threshold = darker.zip_with(&gradient, |darker, gradient| {
            base + 2.5 / darker + gradient * 0.5
        });
        let found = delta.zip_with(&threshold, |delta, threshold| delta.abs() / threshold);
        strength = strength.zip_with(&found, f32x8::fast_max);
    }
    strength
}

/// One colour plane of a grid as shares of brightness, moved by `shift` samples.
fn relative_chroma(
    grid: &Grid,
    plane: &[u8],
    shift: (f32, f32),
    reciprocals: &[f32; 256],
) -> Field {
    let (width, height) = (grid.width.div_ceil(2), grid.height.div_ceil(2));
    let rows = grid.luma.chunks(2 * grid.width).zip(plane.chunks(width));
    let values = rows.flat_map(|(luma, colours)| {
        let pairs = luma.iter().step_by(2).zip(colours);
        pairs.map(|(&luma, &colour)| (f32::from(colour) - 128.0) * reciprocals[usize::from(luma)])
    });
    let field = Field::of(width, height, values);
    if shift == (0.0, 0.0) {
        field
    } else {
        field.shifted(shift.0, shift.1)
    }
}
