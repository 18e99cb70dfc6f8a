//! Three frames, aligned: what their structure (high-pass brightness) has in common. Measures only, and never decides:
//! that is done in `persistent_change`.

use std::ops::Range;

use crate::compare::thresholds::Thresholds;
use crate::measure::align::shift_between;
use crate::measure::cell_difference::{log_level, luma_levels};
use crate::measure::components::bounds;
use crate::measure::field::{Field, as_f32};
use crate::measure::grid::Grid;
use crate::measure::luma_grid::LumaGrid;
use crate::measure::statistics::median;

/// The radius of the high-pass filter, in cells: structure is what differs from the mean over so many to each side.
const HIGH_PASS_RADIUS: usize = 4;
/// How strong structure must be, as a share of the smallest difference of brightness: less than 1, as all cells of a
/// region add up.
const STRUCTURE_SHARE: f32 = 0.6;

/// Three frames, aligned. "Change" is from the first frame to one of the two later ones; the field of a product is its
/// sum over the 3 x 3 cells around each.
pub(super) struct FrameTriple {
    hidden: Vec<bool>,
    /// Brightness as logarithms.
    before: Field,
    then: Field,
    now: Field,
    /// How much of the picture's border, in cells, not all frames show.
    border: (f32, f32),
    noise: f32,
    /// The gradient that both earlier frames have, summed up likewise.
    gradient: Field,
    /// The changes of structure until both later frames, multiplied with each other and with themselves.
    change_product: Field,
    change_then_squared: Field,
    change_now_squared: Field,
    /// The structure of both later frames multiplied, that of the first two, and each of these with itself.
    later_product: Field,
    earlier_product: Field,
    before_squared: Field,
    then_squared: Field,
}

impl FrameTriple {
    pub(super) fn new(before: &LumaGrid, then: &LumaGrid, now: &Grid) -> Self {
        let hidden = now.hidden();
        let open = hidden.iter().map(|&hidden| f32::from(u8::from(!hidden)));
        let open = Field::of(now.width, now.height, open);
        let before = before.levels().map(log_level);
        let outlines = before.high_pass(&open, 6);
        let mut border = (0.0_f32, 0.0_f32);
        let mut align = |levels: &Field| {
            let luma = levels.map(log_level);
            let (dx, dy) = shift_between(&outlines, &luma.high_pass(&open, 6));
            if dx.abs().max(dy.abs()) <= 0.05 {
                return luma;
            }
            border = (border.0.max(dx.abs().ceil()), border.1.max(dy.abs().ceil()));
            levels.shifted(dx, dy).map(log_level)
        };
        let then = align(&then.levels());
        let now = align(&luma_levels(now));
        let [first, second, third] =
            [&before, &then, &now].map(|luma| luma.high_pass(&open, HIGH_PASS_RADIUS));
        let change_then = second.zip_with(&first, |new, old| new - old);
        let change_now = third.zip_with(&first, |new, old| new - old);
        let product = |a: &Field, b: &Field| a.zip_with(b, |a, b| a * b).window_sum(1);
        Self {
            gradient: before.common_gradient(&then),
            hidden,
            border,
            noise: change_then.robust_sigma(&open).max(0.004),
            change_product: product(&change_then, &change_now),
            change_then_squared: product(&change_then, &change_then),
            change_now_squared: product(&change_now, &change_now),
            later_product: product(&second, &third),
            earlier_product: product(&first, &second),
            before_squared: product(&first, &first),
            then_squared: product(&second, &second),
            before,
            then,
            now,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.before.width
    }

    pub(super) fn height(&self) -> usize {
        self.before.height
    }

    /// The product of the changes until both later frames.
    pub(super) fn change_product(&self) -> &Field {
        &self.change_product
    }

    /// The product of the structure of both later frames.
    pub(super) fn later_product(&self) -> &Field {
        &self.later_product
    }

    /// How strong structure must be in each cell; infinite where it can't be measured. `shake` is the share of the
    /// gradient that camera shake may cause.
    pub(super) fn structure_thresholds(&self, thresholds: Thresholds, shake: f32) -> Vec<f32> {
        let (width, height) = (self.before.width, self.before.height);
        let is_shown = |at: usize, length: usize, border: f32| {
            as_f32(at) > border && as_f32(at) + border + 1.0 < as_f32(length)
        };
        let threshold = |at: usize| {
            let is_shown = is_shown(at % width, width, self.border.0)
                && is_shown(at / width, height, self.border.1);
            if self.hidden[at] || !is_shown {
                return f32::INFINITY;
            }
            let darker = self.before.values[at].min(self.then.values[at]).exp();
            let shaken = shake * self.gradient.values[at] / 9.0;
            STRUCTURE_SHARE * thresholds.brightness + 1.5 * self.noise + 1.2 / darker + shaken
        };
        (0..width * height).map(threshold).collect()
    }

    /// The correlation of what changed until both later frames, -1 to 1.
    pub(super) fn change_correlation(&self, cells: &[usize]) -> f32 {
        let squares = [&self.change_then_squared, &self.change_now_squared];
        correlation(&self.change_product, squares, cells)
    }

    /// The correlation of the structure before and after, -1 to 1.
    pub(super) fn background_correlation(&self, cells: &[usize]) -> f32 {
        let squares = [&self.before_squared, &self.then_squared];
        correlation(&self.earlier_product, squares, cells)
    }

    /// How much of the structure, before and after, is new, up to 1.
    pub(super) fn novelty(&self, cells: &[usize]) -> f32 {
        let (new, old) = (
            sum(&self.later_product, cells),
            sum(&self.before_squared, cells),
        );
        new / (new.abs() + old).max(1e-6)
    }

    /// The open cells up to `margin` cells around a region's box that a mask leaves out.
    pub(super) fn surroundings(
        &self,
        region: &[usize],
        margin: usize,
        mask: &[bool],
    ) -> Vec<usize> {
        let (columns, rows) = bounds(region, self.before.width);
        let wider = |range: Range<usize>, length: usize| {
            range.start.saturating_sub(margin)..(range.end + margin).min(length)
        };
        let columns = wider(columns, self.before.width);
        wider(rows, self.before.height)
            .flat_map(|y| columns.clone().map(move |x| y * self.before.width + x))
            .filter(|&at| !mask[at] && !self.hidden[at])
            .collect()
    }

    /// How unevenly the light of some cells changed between the first two frames, as a logarithm.
    pub(super) fn light_unevenness(&self, cells: &[usize]) -> f32 {
        deviation(cells, |at| self.then.values[at] - self.before.values[at])
    }

    /// How unevenly it changed between the last two.
    pub(super) fn recent_light_unevenness(&self, cells: &[usize]) -> f32 {
        deviation(cells, |at| self.now.values[at] - self.then.values[at])
    }

    /// How uneven some cells are in the later frames, as a logarithm.
    pub(super) fn roughness(&self, cells: &[usize]) -> f32 {
        let of = |luma: &Field| deviation(cells, |at| luma.values[at]);
        of(&self.then).max(of(&self.now))
    }
}

/// The correlation of two structures over some cells, -1 to 1, by the sums of their product and their squares.
fn correlation(product: &Field, [one, other]: [&Field; 2], cells: &[usize]) -> f32 {
    let squares = sum(one, cells) * sum(other, cells);
    sum(product, cells) / squares.max(1e-12).sqrt()
}

/// The ninth decile of the absolute deviations from the median. Infinite for no cells.
fn deviation(cells: &[usize], of: impl Fn(usize) -> f32) -> f32 {
    let middle = median(cells.iter().map(|&at| of(at)).collect());
    let mut deviations: Vec<f32> = cells.iter().map(|&at| (of(at) - middle).abs()).collect();
    if deviations.is_empty() {
        return f32::INFINITY;
    }
    let rank = deviations.len() * 9 / 10;
    *deviations.select_nth_unstable_by(rank, f32::total_cmp).1
}

/// The sum of a field over some cells.
pub(super) fn sum(field: &Field, cells: &[usize]) -> f32 {
    cells.iter().map(|&at| field.values[at]).sum()
}
