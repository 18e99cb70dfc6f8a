//! Divides what differs into objects and light, part by part; finds objects that lie in light or touch it too. Never
//! changes the limits of what counts as light: these are in `light`.

use super::evidence::{Evidence, FramePair, SATURATED};
use super::light_extrapolation::residuals;
use super::thresholds::Thresholds;
use crate::measure::components::{connected_components, parts_by_label};
use crate::measure::field::{Field, as_f32};
use crate::measure::statistics::{median, robust_sigma};

/// The cells of a region that light does not explain. `signs` says of each cell whether it got brighter (1), darker
/// (-1) or changed in colour only (0): each part of one sign has one cause. `weak` marks all that differs. Parts that
/// are light, and large enough to have an object in them, are marked in `light`.
pub(super) fn object_cells(
    region: &[usize],
    signs: &[i8],
    weak: &[bool],
    pair: &FramePair,
    light: &mut [bool],
) -> Vec<usize> {
    /// A part of fewer cells is too small to classify: it goes with the rest of the region.
    const MIN_PART: usize = 4;
    /// In a part of fewer cells, what light does to most of them can't be measured.
    const MIN_LIGHT: usize = 12;
    let (mut objects, mut small_parts) = (Vec::new(), Vec::new());
    for part in parts_by_label(region, signs, pair.before.width) {
        if part.len() < MIN_PART {
            small_parts.extend(part);
            continue;
        }
        let evidence = pair.evidence(&part, weak);
        if !evidence.is_light() {
            objects.extend(part);
            continue;
        }
        if part.len() >= MIN_LIGHT {
            objects.extend(chroma_outliers(&part, &evidence, pair));
            part.iter().for_each(|&cell| light[cell] = true);
        }
    }
    if !objects.is_empty() {
        objects.extend(small_parts);
    }
    objects
}

/// The cells of a part that is light, whose colour changed in another way than that of the rest: a white plate beside a
/// patch of sun gets brighter as the patch does, but no warmer. It counts where it touches the border of the light too.
fn chroma_outliers(part: &[usize], evidence: &Evidence, pair: &FramePair) -> Vec<usize> {
    /// A region of fewer cells may be colour noise, which comes in blotches of this size.
    const MIN_OBJECT: usize = 6;
    /// The smallest deviation of colour, as a logarithm, besides twice the noise.
    const MIN_DEVIATION: f32 = 0.12;
    /// The most that colour changes with brightness; a lamp against daylight reaches it.
    const MAX_SLOPE: f32 = 0.6;
    let Some([warm, green, _]) = evidence.chroma_delta else {
        return Vec::new();
    };
    let (width, height) = (pair.before.width, pair.before.height);
    let is_coloured = |&at: &usize| pair.max_level.values[at] < SATURATED;
    let cells: Vec<usize> = part.iter().copied().filter(is_coloured).collect();
    let median_of = |of: &dyn Fn(usize) -> f32| median(cells.iter().map(|&at| of(at)).collect());
    let usual_luma = median_of(&|at| pair.luma_change(at));
    let mut outliers = vec![false; width * height];
    let channels: [(&dyn Fn(usize) -> f32, f32); 2] = [
        (&|at| pair.chroma_change(at).0, warm),
        (&|at| pair.chroma_change(at).1, green),
    ];
    for (chroma_change, moved) in channels {
        let slope = if evidence.luma_delta.abs() > 0.08 {
            (moved / evidence.luma_delta).clamp(-MAX_SLOPE, MAX_SLOPE)
        } else {
            0.0
        };
        let usual = median_of(chroma_change);
        let mut residual = Field::of(width, height, std::iter::repeat(0.0));
        for &at in &cells {
            residual.values[at] =
                chroma_change(at) - usual - slope * (pair.luma_change(at) - usual_luma);
        }
        let noise = robust_sigma(cells.iter().map(|&at| residual.values[at]));
        let residual = residual.window_sum(1);
        for &at in &cells {
            let threshold = MIN_DEVIATION + 2.0 * noise + 1.2 / pair.darker_level(at);
            outliers[at] |= residual.values[at].abs() / 9.0 >= threshold;
        }
    }
    let is_object = |region: &Vec<usize>| {
        let evidence = pair.evidence(region, &outliers);
        !evidence.is_light() && evidence.is_compact(0.5)
    };
    let found = connected_components(&outliers, width, 1).into_iter();
    let found = found.filter(|region| region.len() >= MIN_OBJECT);
    found.filter(is_object).flatten().collect()
}

/// The cells of objects that lie in light or touch it: those whose change can't be extrapolated from the light around
/// them. `light` marks the cells of all parts that are light.
pub(super) fn extrapolation_outliers(
    light: &[bool],
    thresholds: Thresholds,
    pair: &FramePair,
) -> Vec<usize> {
    /// A region of so many cells with so large a residual (a logarithm) is an object, even if light could have that
    /// colour, and some of its outline does not show.
    const LARGE: f32 = 16.0;
    const LARGE_RESIDUAL: f32 = 0.15;
    if !light.contains(&true) {
        return Vec::new();
    }
    let change = (0..light.len()).map(|at| pair.luma_change(at));
    let change = Field::of(pair.before.width, pair.before.height, change);
    let residual = residuals(&change, light, pair.hidden);
    let in_light = residual.values.iter().zip(light);
    let in_light = in_light.filter(|&(_, &is_light)| is_light);
    let noise = robust_sigma(in_light.map(|(&residual, _)| residual));
    let residual = residual.window_sum(1);
    let is_outlier = |(at, &is_light): (usize, &bool)| {
        let threshold = thresholds.brightness + noise + 1.2 / pair.darker_level(at);
        is_light && residual.values[at].abs() / 9.0 >= threshold
    };
    let outliers: Vec<bool> = light.iter().enumerate().map(is_outlier).collect();
    let is_object = |region: &Vec<usize>| {
        let evidence = pair.evidence(region, &outliers);
        let sizes = region.iter().map(|&at| residual.values[at].abs() / 9.0);
        let is_large =
            evidence.cells >= LARGE && sizes.sum::<f32>() >= LARGE_RESIDUAL * as_f32(region.len());
        if is_large {
            !evidence.is_same_surface() && evidence.is_compact(0.2)
        } else {
            !evidence.is_light() && evidence.is_compact(0.5)
        }
    };
    let found = connected_components(&outliers, pair.before.width, 1).into_iter();
    let found = found.filter(|region| region.len() >= thresholds.cells);
    found.filter(is_object).flatten().collect()
}
