//! Compares two frames of one room, apart from light, noise and camera shake: first which cells differ strongly enough
//! (`measure::cell_difference`), then which regions they form (`measure::components`), then which of these are objects
//! and which are light (`objects`). Never remembers anything, and never decides what follows from a change.

use wide::f32x8;

use super::changed_region::{ChangedRegion, Comparison};
use super::evidence::{FramePair, SATURATED};
use super::objects::{extrapolation_outliers, object_cells};
use super::thresholds::Thresholds;
use crate::measure::align::shift_between;
use crate::measure::cell_difference::{
    chroma_strength, log_level, log_luma, luma_levels, luma_strength,
};
use crate::measure::components::connected_components;
use crate::measure::exposure::ExposureChange;
use crate::measure::field::{Field, as_f32};
use crate::measure::grid::Grid;
use crate::measure::log_chroma::LogChroma;
use crate::measure::statistics::median;

/// A cell of this strength joins a region; the region counts if enough of its cells reach 1, or if it is `FAINT`.
const WEAK: f32 = 0.6;

/// The size of a faint region, in multiples of the smallest one: it counts although too few of its cells reach 1, if it
/// brings an outline with it, as an object at dusk does. Anything larger is a gradual change of light.
const FAINT: (f32, f32) = (1.5, 15.0);

/// Colours have half the resolution: one colour sample covers so many cells, and a region of no more cells that differs
/// in colour only may be noise.
const CELLS_PER_COLOUR: usize = 4;

/// Compares two frames. None when their sizes or masks differ.
pub fn compare(before: &Grid, current: &Grid, thresholds: Thresholds) -> Option<Comparison> {
    if !before.fits(current) {
        return None;
    }
    let (width, height) = (before.width, before.height);
    let frames = AlignedFrames::new(before, current);
    let cells = frames.cell_strengths(thresholds);
    let strength = &cells.strength.values;
    let weak: Vec<bool> = strength.iter().map(|&value| value >= WEAK).collect();
    let is_strong = |cells: &[usize]| {
        cells.iter().filter(|&&at| strength[at] >= 1.0).count() >= thresholds.cells
    };
    let may_be_faint = |cells: &[usize]| {
        let times = as_f32(cells.len()) / as_f32(thresholds.cells);
        thresholds.faint && (FAINT.0..=FAINT.1).contains(&times)
    };
    let mut candidates = connected_components(&weak, width, 2);
    candidates.retain(|cells| is_strong(cells) || may_be_faint(cells));
    if candidates.is_empty() {
        return Some(Comparison::unchanged(width * height, frames.shift()));
    }
    let mut differs = frames.with_pair(&cells, &weak, |pair| {
        let mut differs = vec![false; width * height];
        let mut light = vec![false; width * height];
        for candidate in &candidates {
            let is_faint = !is_strong(candidate);
            if is_faint {
                let evidence = pair.evidence(candidate, &weak);
                if evidence.is_light() || !evidence.is_compact(0.5) {
                    continue;
                }
            }
            for cell in object_cells(candidate, &cells.signs, &weak, pair, &mut light) {
                differs[cell] = is_faint || strength[cell] >= 1.0;
            }
        }
        for cell in extrapolation_outliers(&light, thresholds, pair) {
            differs[cell] = true;
        }
        differs
    });
    let may_be_noise = |region: &[usize]| {
        region.len() <= CELLS_PER_COLOUR && region.iter().all(|&at| cells.signs[at] == 0)
    };
    let mut regions: Vec<ChangedRegion> = connected_components(&differs, width, 2)
        .into_iter()
        .filter(|region| region.len() >= thresholds.cells && !may_be_noise(region))
        .filter_map(|region| ChangedRegion::new(region, strength, (width, height)))
        .collect();
    regions.sort_by(|a, b| b.share.total_cmp(&a.share));
    differs.fill(false);
    for region in &regions {
        for &cell in &region.cells {
            differs[cell] = true;
        }
    }
    Some(Comparison {
        regions,
        shift: frames.shift(),
        differs,
    })
}

/// Two frames, the current one moved back to where the camera looked before.
struct AlignedFrames<'a> {
    grids: [&'a Grid; 2],
    hidden: Vec<bool>,
    /// 1 for each cell that no mask hides, else 0.
    open: Field,
    /// Brightness as levels, 0 to 255, before and now.
    levels: [Field; 2],
    /// Brightness as logarithms, before and now.
    log_luma: [Field; 2],
    /// How far the view has moved, in cells.
    offset: (f32, f32),
    /// Whether that is far enough to have the current frame moved.
    is_moved: bool,
}

/// How strongly each cell differs, in units of the threshold.
struct CellStrengths {
    strength: Field,
    /// Of each cell: brighter (1), darker (-1), or another colour only (0).
    signs: Vec<i8>,
    /// The noise of brightness, as a logarithm.
    noise: f32,
}

impl<'a> AlignedFrames<'a> {
    fn new(before: &'a Grid, current: &'a Grid) -> Self {
        let (width, height) = (before.width, before.height);
        let hidden = before.hidden();
        let open = hidden.iter().map(|&hidden| f32::from(u8::from(!hidden)));
        let open = Field::of(width, height, open);
        let (levels, levels_now) = (luma_levels(before), luma_levels(current));
        let (old, new) = (log_luma(before), log_luma(current));
        let (dx, dy) = shift_between(&old.high_pass(&open, 6), &new.high_pass(&open, 6));
        let is_moved = dx.abs() > 0.05 || dy.abs() > 0.05;
        let (levels_now, new) = if is_moved {
            let levels_now = levels_now.shifted(dx, dy);
            let new = levels_now.map(log_level);
            (levels_now, new)
        } else {
            (levels_now, new)
        };
        Self {
            grids: [before, current],
            hidden,
            open,
            levels: [levels, levels_now],
            log_luma: [old, new],
            offset: (dx, dy),
            is_moved,
        }
    }

    /// How far the view has moved, in shares of the picture's width and height.
    fn shift(&self) -> (f32, f32) {
        let (dx, dy) = self.offset;
        (dx / as_f32(self.open.width), dy / as_f32(self.open.height))
    }

    /// How strongly each cell differs in brightness, and the noise. What a change of exposure explains does not differ.
    fn luma_strength(&self, least: f32, neighbourhood: usize) -> (Field, f32) {
        let ([levels, levels_now], [old, new]) = (&self.levels, &self.log_luma);
        let gradient = old.common_gradient(new);
        let (mut delta, noise) =
            luma_strength(old, new, &self.open, &gradient, least, neighbourhood);
        if delta.values.iter().any(|&delta| delta.abs() >= WEAK) {
            // Exposure may have changed by more than a factor: what either model explains is no change.
            let exposure = ExposureChange::between(levels, levels_now, &self.open);
            let both = levels.values.iter().zip(&levels_now.values);
            let expected = both.map(|(&before, &now)| log_level(exposure.expected(before, now)));
            let old = Field::of(levels.width, levels.height, expected);
            let new = levels_now.map(|level| log_level(level.clamp(4.0, 250.0)));
            let (other, _) = luma_strength(&old, &new, &self.open, &gradient, least, neighbourhood);
            for (delta, other) in delta.values.iter_mut().zip(&other.values) {
                if other.abs() < delta.abs() {
                    *delta = *other;
                }
            }
        }
        (delta, noise)
    }

    fn cell_strengths(&self, thresholds: Thresholds) -> CellStrengths {
        let ([before, current], [levels, levels_now]) = (self.grids, &self.levels);
        let (width, height) = (before.width, before.height);
        let neighbourhood = (width.max(height) / 10).max(2);
        let (luma, noise) = self.luma_strength(thresholds.brightness, neighbourhood);
        let (dx, dy) = self.offset;
        let chroma = chroma_strength(
            before,
            current,
            self.offset,
            thresholds.colour,
            neighbourhood,
        );
        let mut strength = Field::of(width, height, std::iter::repeat(0.0));
        let mut signs = vec![0_i8; width * height];
        let (edge_x, edge_y) = (dx.abs().ceil() + 1.0, dy.abs().ceil() + 1.0);
        let is_beyond = |at: usize, side: usize, edge: f32| {
            self.is_moved && (as_f32(at) < edge || as_f32(at) + edge >= as_f32(side))
        };
        let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        for ((at, sign), (x, y)) in signs.iter_mut().enumerate().zip(cells) {
            let beyond = is_beyond(x, width, edge_x) || is_beyond(y, height, edge_y);
            let (level, level_now) = (levels.values[at], levels_now.values[at]);
            if self.hidden[at] || beyond || level.min(level_now) >= SATURATED {
                continue;
            }
            let is_coloured = level.max(level_now) < SATURATED;
            let chroma = chroma.values[before.colour_at(x, y)] * f32::from(u8::from(is_coloured));
            let luma = luma.values[at];
            strength.values[at] = luma.abs().max(chroma);
            *sign = if luma >= WEAK {
                1
            } else if luma <= -WEAK {
                -1
            } else {
                0
            };
        }
        CellStrengths {
            strength,
            signs,
            noise,
        }
    }

    /// Passes both frames on as evidence is measured of them; `weak` marks all cells that differ.
    fn with_pair<T>(
        &self,
        cells: &CellStrengths,
        weak: &[bool],
        work: impl FnOnce(&FramePair) -> T,
    ) -> T {
        let ([before, current], [old, new]) = (self.grids, &self.log_luma);
        let (chroma, chroma_now) = (LogChroma::of(before), LogChroma::of(current));
        let chroma_now = if self.is_moved {
            chroma_now.shifted(self.offset.0 / 2.0, self.offset.1 / 2.0)
        } else {
            chroma_now
        };
        let max_level = self.levels[0].zip_with(&self.levels[1], f32x8::fast_max);
        let unchanged = (0..weak.len())
            .step_by(3)
            .filter(|&at| !weak[at] && !self.hidden[at]);
        work(&FramePair {
            before: old,
            current: new,
            chroma: [&chroma, &chroma_now],
            hidden: &self.hidden,
            max_level: &max_level,
            global_change: median(
                unchanged
                    .map(|at| new.values[at] - old.values[at])
                    .collect(),
            ),
            noise: cells.noise,
        })
    }
}
