//! Finds what came between two checks and is still there at the next one, though it is too faint for a single
//! comparison: structure that persists, in light that stayed even around it, on plain ground, or isolated, as no edge
//! of light is. A small plate has a bright rim, a dark middle and a shadow, whose mean may well be that of its ground,
//! and its rim over a dark edge looks like an edge that moved; and what was overlooked once fades from a reference that
//! follows the light. Light that falls in suddenly is uneven around its edges, and has moved by the next check. Never
//! reports what only one of the later frames shows.

use super::frame_triple::{FrameTriple, sum};
use crate::compare::thresholds::Thresholds;
use crate::measure::components::{bounding_box, bounds, connected_components};
use crate::measure::field::{Field, as_f32};
use crate::measure::grid::Grid;
use crate::measure::luma_grid::LumaGrid;
use aicleaner_model::Area;

/// How far around a region the light and the ground are measured, in cells.
const SURROUNDINGS: usize = 3;
/// The longest side of a region, in cells: what is larger is noticed without this.
const MAX_SIDE: usize = 20;

/// The areas in which something came between the frames `before` and `then` and still is `now`.
pub(super) fn persistent_changes(
    before: &LumaGrid,
    then: &LumaGrid,
    now: &Grid,
    thresholds: Thresholds,
) -> Vec<Area> {
    if !before.fits(now) || !then.fits(now) {
        return Vec::new();
    }
    let frames = FrameTriple::new(before, then, now);
    let found = correlated_changes(&frames, thresholds);
    if found.is_empty() {
        identical_changes(&frames, thresholds)
    } else {
        found
    }
}

/// Changes that correlate in both later frames, where the light changed evenly or the ground is plain.
fn correlated_changes(frames: &FrameTriple, thresholds: Thresholds) -> Vec<Area> {
    /// The share of the gradient around a cell that camera shake may cause.
    const SHAKE: f32 = 1.0;
    /// The least strength of each cell, and of the strongest one; 1 is just enough.
    const STRENGTH: (f32, f32) = (0.8, 1.05);
    /// The least correlation of the changes, around each cell and over the region; -1 to 1.
    const CORRELATION: (f32, f32) = (0.6, 0.8);
    /// The least share of the structure, before and after, that is new, 0 to 1: it was not merely uncovered.
    const NOVELTY: f32 = 0.5;
    /// How unevenly the light around the region may have changed; a logarithm.
    const UNEVENNESS: f32 = 0.08;
    /// Where it changed more: how rough the ground around may be (a logarithm), how strong the region's own structure
    /// must be, and how much it may correlate with the background, -1 to 1.
    const ROUGHNESS: f32 = 0.25;
    const OWN_STRENGTH: f32 = 2.0;
    const BACKGROUND: f32 = 0.4;
    let candidates = Candidates::new(frames, thresholds, (SHAKE, STRENGTH.0), |cell| {
        frames.change_correlation(cell) >= CORRELATION.0
    });
    candidates.objects(thresholds.cells, |region| {
        let around = candidates.surroundings(region);
        candidates.strength(region) >= STRENGTH.1
            && frames.change_correlation(region) >= CORRELATION.1
            && frames.novelty(region) >= NOVELTY
            && (frames.light_unevenness(&around) < UNEVENNESS
                || (frames.roughness(&around) < ROUGHNESS
                    && candidates.own_strength(region) >= OWN_STRENGTH
                    && frames.background_correlation(region) < BACKGROUND))
    })
}

/// Changes that are all but identical in both later frames, whatever the light: in light that stays as it is, isolated,
/// or on bare ground. This shows on the edge of a desk too, and where a patch of sun was before.
fn identical_changes(frames: &FrameTriple, thresholds: Thresholds) -> Vec<Area> {
    /// Camera shake would not be the same in both frames, so that little is left to it.
    const SHAKE: f32 = 0.2;
    /// The least strength of each cell, and of the strongest one.
    const STRENGTH: (f32, f32) = (0.65, 0.9);
    /// The least correlation of the changes, around each cell and over the region; -1 to 1.
    const CORRELATION: (f32, f32) = (0.8, 0.985);
    /// The least share of the structure that is new, around each cell and over the region; 0 to 1.
    const NOVELTY: (f32, f32) = (0.35, 0.42);
    /// In constant light: how unevenly it may change around the region from frame to frame (a logarithm), how much the
    /// changes must correlate then, how much may have changed likewise around it, as a share of what changed in it, and
    /// how much it may correlate with the background, -1 to 1.
    const CONSTANT_LIGHT: f32 = 0.025;
    const CONSTANT_CORRELATION: f32 = 0.96;
    const CONSTANT_SPILL: f32 = 0.5;
    const CONSTANT_BACKGROUND: f32 = 0.92;
    /// Isolated: how much may have changed likewise around it, as an edge of light continues; how much where the light
    /// changed no more unevenly than this; and how much it may correlate with the background: curtains and window
    /// frames do, whatever light falls on them.
    const SPILL: f32 = 0.2;
    const EVEN_LIGHT_SPILL: (f32, f32) = (0.05, 0.3);
    const BACKGROUND: f32 = 0.82;
    /// On bare ground: how rough that may be (a logarithm), how strong the region's own structure must be, and how much
    /// it may correlate with the background.
    const BARE_ROUGHNESS: f32 = 0.15;
    const BARE_OWN_STRENGTH: f32 = 1.2;
    const BARE_BACKGROUND: f32 = 0.3;
    let candidates = Candidates::new(frames, thresholds, (SHAKE, STRENGTH.0), |cell| {
        frames.change_correlation(cell) >= CORRELATION.0 && frames.novelty(cell) >= NOVELTY.0
    });
    candidates.objects(thresholds.cells, |region| {
        if candidates.strength(region) < STRENGTH.1 || frames.novelty(region) < NOVELTY.1 {
            return false;
        }
        let around = candidates.surroundings(region);
        let correlation = frames.change_correlation(region);
        let background = frames.background_correlation(region);
        let (spill, unevenness) = (candidates.spill(region), frames.light_unevenness(&around));
        let is_in_constant_light = unevenness.max(frames.recent_light_unevenness(&around))
            < CONSTANT_LIGHT
            && correlation >= CONSTANT_CORRELATION
            && spill < CONSTANT_SPILL
            && background < CONSTANT_BACKGROUND;
        let max_spill = if unevenness < EVEN_LIGHT_SPILL.0 {
            EVEN_LIGHT_SPILL.1
        } else {
            SPILL
        };
        let is_isolated = spill < max_spill && background < BACKGROUND;
        let is_on_bare_ground = background < BARE_BACKGROUND
            && frames.roughness(&around) < BARE_ROUGHNESS
            && candidates.own_strength(region) >= BARE_OWN_STRENGTH;
        is_in_constant_light || correlation >= CORRELATION.1 && (is_isolated || is_on_bare_ground)
    })
}

/// The cells in which something came and may persist.
struct Candidates<'a> {
    frames: &'a FrameTriple,
    /// How strong structure must be in each cell; infinite where it can't be measured.
    thresholds: Vec<f32>,
    marked: Vec<bool>,
}

impl<'a> Candidates<'a> {
    /// Marks the cells of at least this strength that meet a condition. `shake` is the share of the gradient around a
    /// cell that camera shake may cause.
    fn new(
        frames: &'a FrameTriple,
        thresholds: Thresholds,
        (shake, strength): (f32, f32),
        is_met: impl Fn(&[usize]) -> bool,
    ) -> Self {
        let mut candidates = Self {
            frames,
            thresholds: frames.structure_thresholds(thresholds, shake),
            marked: Vec::new(),
        };
        let cells = 0..candidates.thresholds.len();
        let changes = frames.change_product();
        candidates.marked = cells
            .map(|at| candidates.cell_strength(changes, at) >= strength && is_met(&[at]))
            .collect();
        candidates
    }

    /// The areas of the regions with at least so many cells that may be objects and meet a condition.
    fn objects(&self, cells: usize, is_met: impl Fn(&[usize]) -> bool) -> Vec<Area> {
        let (width, height) = (self.frames.width(), self.frames.height());
        connected_components(&self.marked, width, 1)
            .into_iter()
            .filter(|region| region.len() >= cells && is_compact(region, width) && is_met(region))
            .filter_map(|region| bounding_box(&region, width, height))
            .collect()
    }

    /// The strength of a structure, by the sum of its squares over the 3 x 3 cells around one: 1 is just enough.
    fn cell_strength(&self, squares: &Field, at: usize) -> f32 {
        (squares.values[at].max(0.0) / 9.0).sqrt() / self.thresholds[at]
    }

    /// How strong the change is in the strongest cell.
    fn strength(&self, region: &[usize]) -> f32 {
        self.max_strength(self.frames.change_product(), region)
    }

    /// How strong the structure of both later frames is in the strongest cell.
    fn own_strength(&self, region: &[usize]) -> f32 {
        self.max_strength(self.frames.later_product(), region)
    }

    fn max_strength(&self, squares: &Field, region: &[usize]) -> f32 {
        let strengths = region.iter().map(|&at| self.cell_strength(squares, at));
        strengths.fold(0.0, f32::max)
    }

    /// How much changed likewise up to two cells around a region, as a share of what changed in it.
    fn spill(&self, region: &[usize]) -> f32 {
        let mut inside = vec![false; self.marked.len()];
        region.iter().for_each(|&at| inside[at] = true);
        let changes = self.frames.change_product();
        let around = self.frames.surroundings(region, 2, &inside);
        sum(changes, &around) / sum(changes, region).max(1e-12)
    }

    /// The open cells around a region that are not marked.
    fn surroundings(&self, region: &[usize]) -> Vec<usize> {
        self.frames.surroundings(region, SURROUNDINGS, &self.marked)
    }
}

/// Whether it is small, and neither a line nor an outline.
fn is_compact(region: &[usize], width: usize) -> bool {
    let (columns, rows) = bounds(region, width);
    let side = columns.len().max(rows.len());
    side <= MAX_SIDE && as_f32(region.len()) >= 0.3 * as_f32(side * side)
}
