//! Whether a place that differs is only lit otherwise: a patch of sun, a lamp, a window's panes.
//! Knows no frames, only fields. A place that it does not understand is never light.

use super::Grid;
use super::field::{Field, as_f32};

/// The least texture, in logarithms of brightness, by which light can be told from a thing.
const LEAST_TEXTURE: f32 = 0.02;

/// Tells a patch of light from a thing. Light multiplies: it leaves texture as it was, and where there is none,
/// it brightens all of its patch alike, and makes it yellower the brighter it gets (sun and lamps against sky).
pub(super) struct LightTest<'a> {
    pub(super) old: Field,
    pub(super) new: Field,
    /// How much brighter each cell got than the picture as a whole, and the brighter of both levels; logarithms.
    pub(super) lift: Field,
    pub(super) brighter: Field,
    pub(super) tint: &'a Tint,
}

/// A level from which on a sensor tells nothing more, as a logarithm.
const WHITE: f32 = 5.52;

impl LightTest<'_> {
    pub(super) fn explains(&self, cells: &[usize], differs: &[bool], grid: &Grid) -> bool {
        let width = self.old.width;
        let inner: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&at| {
                [
                    at.wrapping_sub(1),
                    at + 1,
                    at.wrapping_sub(width),
                    at + width,
                ]
                .iter()
                .all(|&next| differs.get(next).copied().unwrap_or(false))
            })
            .collect();
        let long = longest_side(cells, width);
        if (inner.len() < 2 && long >= 6) || (inner.len() * 4 < cells.len() && long >= 14) {
            // A thing has a middle; the edge of a patch of light, or the shadow of a window's bar, has none.
            return true;
        }
        let lift: f32 = cells.iter().map(|&at| self.lift.values[at].abs()).sum();
        let tinted = cells
            .iter()
            .map(|&at| self.tint.clear[grid.colour_at(at % width, at / width)]);
        if lift / as_f32(cells.len()) < 0.05 && tinted.sum::<f32>() / as_f32(cells.len()) < 0.6 {
            // It is as it was; only its neighbourhood changed.
            return true;
        }
        if inner.len() < 12 {
            return false;
        }
        let (mut both, mut old, mut new, mut tinted) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for &at in &inner {
            let (a, b) = (self.old.values[at], self.new.values[at]);
            both += a * b;
            old += a * a;
            new += b * b;
            tinted += self.tint.clear[grid.colour_at(at % width, at / width)];
        }
        let count = as_f32(inner.len());
        let textured = (old / count).sqrt() > LEAST_TEXTURE && new > 0.0;
        let kept = textured && both / (old * new).sqrt() > 0.8;
        if kept && tinted / count < 0.5 {
            return true;
        }
        inner.len() >= 20
            && long >= 13
            && self.brightens_alike(&inner)
            && self.is_daylight(&inner, grid)
    }

    /// Whether most of a place got brighter (or darker) by one factor. Cells that are clipped may lag behind.
    fn brightens_alike(&self, inner: &[usize]) -> bool {
        let mut ratios: Vec<(f32, bool)> = inner
            .iter()
            .map(|&at| (self.lift.values[at], self.brighter.values[at] >= WHITE))
            .collect();
        ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
        let free: Vec<f32> = ratios.iter().filter(|r| !r.1).map(|r| r.0).collect();
        if free.len() * 2 < ratios.len() {
            let up = ratios.iter().filter(|r| r.0 > 0.0).count();
            return up * 5 >= ratios.len() * 4 || up * 5 <= ratios.len();
        }
        let middle = free[free.len() / 2];
        let allowed = 0.3 * middle.abs() + 0.05;
        let fits = ratios
            .iter()
            .filter(|&&(ratio, clipped)| {
                let lags = clipped && ratio * middle >= 0.0 && ratio.abs() <= middle.abs();
                (ratio - middle).abs() <= allowed || lags
            })
            .count();
        fits * 3 >= ratios.len() * 2
    }

    /// Whether colour moved between blue and yellow only, and to yellow if it got brighter.
    fn is_daylight(&self, inner: &[usize], grid: &Grid) -> bool {
        let width = self.old.width;
        let (mut blue, mut red, mut lift) = (0.0_f32, 0.0_f32, 0.0_f32);
        let clipped = |at: usize| self.brighter.values[at] >= WHITE;
        let free: Vec<usize> = inner.iter().copied().filter(|&at| !clipped(at)).collect();
        if free.len() * 2 < inner.len() {
            // What is clipped has no colour.
            return inner.len() >= 60;
        }
        for &at in &free {
            let cell = grid.colour_at(at % width, at / width);
            blue += self.tint.blue[cell];
            red += self.tint.red[cell];
            lift += self.lift.values[at];
        }
        let count = as_f32(free.len());
        let (blue, red, lift) = (blue / count, red / count, lift / count);
        let level = free.iter().map(|&at| self.brighter.values[at]).sum::<f32>() / count;
        // Near white, colours are cut off unevenly.
        let bright = level > 5.3;
        // Light moves red and blue against each other, blue a little more.
        let aside = (red + 0.8 * blue).abs();
        let to_yellow = (red - blue) * lift.signum();
        // A window's panes may turn either way; a patch in the room gets warmer with the sun or a lamp.
        let least = if bright {
            -0.2
        } else if inner.len() >= 300 {
            -0.1
        } else {
            0.03 * lift.abs()
        };
        aside <= if bright { 0.16 } else { 0.09 } && (least..=0.6).contains(&to_yellow)
    }
}

/// The longer side of the box around some cells.
fn longest_side(cells: &[usize], width: usize) -> usize {
    let span = |of: &dyn Fn(usize) -> usize| {
        let low = cells.iter().map(|&at| of(at)).min().unwrap_or(0);
        let high = cells.iter().map(|&at| of(at)).max().unwrap_or(0);
        high - low + 1
    };
    span(&|at| at % width).max(span(&|at| at / width))
}

/// How much brighter each cell got, apart from what most of the picture has in common.
pub(super) fn relative(old: &Field, new: &Field, open: &Field, differs: &[bool]) -> Field {
    let lift = new.with(old, |n, o| n - o);
    let mut usual: Vec<f32> = lift
        .values
        .iter()
        .zip(&open.values)
        .zip(differs)
        .filter(|((_, open), differs)| **open > 0.0 && !**differs)
        .map(|((lift, _), _)| *lift)
        .collect();
    if usual.is_empty() {
        return lift;
    }
    let middle = usual.len() / 2;
    let (_, median, _) = usual.select_nth_unstable_by(middle, f32::total_cmp);
    let median = *median;
    lift.map(|lift| lift - median)
}

/// How colour differs, apart from what a neighbourhood has in common, for each colour cell.
pub(super) struct Tint {
    /// How clearly; 1 is just enough.
    pub(super) clear: Vec<f32>,
    /// By how much, as a share of brightness.
    pub(super) blue: Vec<f32>,
    pub(super) red: Vec<f32>,
}
