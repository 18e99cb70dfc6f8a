//! What differs between two frames of one room, apart from light, noise and shake.
//!
//! Brightness is compared as a logarithm, so that light is an addition; what is added alike to a whole
//! neighbourhood is light and is taken away. What is left is measured against the noise of the very frame.

use super::Grid;
use super::align::shift_between;
use super::field::{Field, as_f32};
use super::tone::Tone;
use crate::model::{Area, Sensitivity};

/// How large and how clear a difference must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clarity {
    /// The least difference of brightness, as a natural logarithm: 0.1 is 10 %.
    pub brightness: f32,
    /// The least difference of colour, as a share of brightness.
    pub colour: f32,
    /// The least size, in cells that differ.
    pub cells: usize,
}

impl Clarity {
    /// The clarity that a change must have at a sensitivity.
    pub fn for_sensitivity(sensitivity: Sensitivity) -> Self {
        let (brightness, colour, cells) = match sensitivity {
            Sensitivity::Low => (0.22, 0.14, 30),
            Sensitivity::Normal => (0.12, 0.08, 5),
            Sensitivity::High => (0.07, 0.05, 4),
        };
        Self {
            brightness,
            colour,
            cells,
        }
    }
}

/// One place that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The box around it.
    pub area: Area,
    /// Its own size, as a share of the picture, 0 to 1.
    pub share: f32,
    /// How clear it is: 1 is just enough.
    pub strength: f32,
    /// Its cells.
    pub(super) cells: Vec<usize>,
}

/// All that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Largest first.
    pub changes: Vec<Change>,
    /// How far the camera had shaken, in shares of the picture's width and height.
    pub shift: (f32, f32),
    /// Of all cells: whether it differs, light and noise apart, however small the place is.
    pub(super) differs: Vec<bool>,
}

/// The least texture, in logarithms of brightness, by which light can be told from a thing.
const LEAST_TEXTURE: f32 = 0.02;

/// Levels added before the logarithm: noise in the dark must not count as light.
const FLOOR: f32 = 16.0;

/// Compares two frames. None when they have different shapes or masks.
pub fn compare(before: &Grid, current: &Grid, clarity: Clarity) -> Option<Comparison> {
    if !before.fits(current) {
        return None;
    }
    let (width, height) = (before.width, before.height);
    let open = Field::new(
        width,
        height,
        before
            .hidden
            .iter()
            .map(|&hidden| if hidden { 0.0 } else { 1.0 })
            .collect(),
    );
    let neighbourhood = (width.max(height) / 10).max(2);
    let (levels, raw) = (levels(before), levels(current));
    let (dx, dy) = shift_between(
        &levels.map(logarithm).detail(&open, 6),
        &raw.map(logarithm).detail(&open, 6),
    );
    let shift = (dx / as_f32(width), dy / as_f32(height));
    let moved = dx.abs() > 0.05 || dy.abs() > 0.05;
    let raw = if moved { raw.shifted(dx, dy) } else { raw };
    let old = levels.map(logarithm);
    let new = raw.map(logarithm);
    let steep = old
        .with(&new, |o, n| (o + n) * 0.5)
        .steepness()
        .window_sum(1);
    let mut clear = lift_clarity(&old, &new, &open, &steep, clarity.brightness, neighbourhood);
    if clear.iter().any(|&clear| clear >= 1.0) {
        // Perhaps exposure changed by more than a factor: what either way explains is no change.
        let tone = Tone::between(&levels, &raw, &open);
        let old = levels.with(&raw, |b, c| logarithm(tone.expected(b, c)));
        let new = raw.map(|level| logarithm(level.clamp(4.0, 250.0)));
        let other = lift_clarity(&old, &new, &open, &steep, clarity.brightness, neighbourhood);
        for (clear, other) in clear.iter_mut().zip(other) {
            *clear = clear.min(other);
        }
    }

    let tint = tint_clarity(before, current, (dx, dy), clarity.colour, neighbourhood);
    for (at, clear) in clear.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        let edge_x = dx.abs().ceil() + 1.0;
        let edge_y = dy.abs().ceil() + 1.0;
        let beyond = moved
            && (as_f32(x) < edge_x
                || as_f32(y) < edge_y
                || as_f32(x) + edge_x >= as_f32(width)
                || as_f32(y) + edge_y >= as_f32(height));
        *clear = clear.max(tint.clear[before.colour_at(x, y)]);
        if before.hidden[at] || beyond {
            *clear = 0.0;
        }
    }
    let differs: Vec<bool> = clear.iter().map(|&clear| clear >= 1.0).collect();
    let mut places = places(&differs, width, height);
    places.retain(|cells| cells.len() >= clarity.cells);
    if places.is_empty() {
        return Some(Comparison {
            changes: Vec::new(),
            shift,
            differs: vec![false; width * height],
        });
    }
    let light = LightTest {
        old: old.detail(&open, 2),
        new: new.detail(&open, 2),
        lift: relative(&old, &new, &open, &differs),
        brighter: old.with(&new, f32::max),
        tint: &tint,
    };
    let mut changes: Vec<Change> = places
        .into_iter()
        .filter(|cells| !light.explains(cells, &differs, before))
        .filter_map(|cells| change(cells, &clear, width, height))
        .collect();
    changes.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut kept = vec![false; width * height];
    for change in &changes {
        for &cell in &change.cells {
            kept[cell] = true;
        }
    }
    Some(Comparison {
        changes,
        shift,
        differs: kept,
    })
}

fn levels(grid: &Grid) -> Field {
    let values = grid.luma.iter().map(|&v| f32::from(v)).collect();
    Field::new(grid.width, grid.height, values)
}

fn logarithm(level: f32) -> f32 {
    (level + FLOOR).ln()
}

/// How clearly each cell differs in brightness (given as logarithms); 1 is just enough.
fn lift_clarity(
    old: &Field,
    new: &Field,
    open: &Field,
    steep: &Field,
    least: f32,
    neighbourhood: usize,
) -> Vec<f32> {
    let lift = without_light(&new.with(old, |n, o| n - o), open, neighbourhood);
    let noise = lift.spread(open).max(0.004);
    let smooth = lift.window_sum(1);
    let mut clear = Vec::with_capacity(smooth.values.len());
    for (at, (lift, steep)) in smooth.values.iter().zip(&steep.values).enumerate() {
        let dim = old.values[at].min(new.values[at]).exp();
        let needed = least + 1.6 * noise + 1.2 / dim + 0.3 / 9.0 * steep;
        clear.push(lift.abs() / 9.0 / needed);
    }
    clear
}

/// Takes away what a whole neighbourhood has in common. Cells that stand out have no say in that.
fn without_light(difference: &Field, open: &Field, neighbourhood: usize) -> Field {
    let mut rest = difference.detail(open, neighbourhood);
    for _ in 0..2 {
        let limit = (rest.spread(open) * 2.5).max(0.01);
        let weights = rest.with(
            open,
            |v, open| if v.abs() <= limit { open } else { open * 0.01 },
        );
        rest = difference.detail(&weights, neighbourhood);
    }
    rest
}

/// How clearly each colour cell differs; 1 is just enough.
fn tint_clarity(
    before: &Grid,
    current: &Grid,
    (dx, dy): (f32, f32),
    least: f32,
    neighbourhood: usize,
) -> Tint {
    let (width, height) = (before.width.div_ceil(2), before.height.div_ceil(2));
    let mut open = Field::new(width, height, vec![1.0; width * height]);
    let mut dim = vec![0.0_f32; width * height];
    for y in 0..before.height {
        for x in 0..before.width {
            let at = y * before.width + x;
            let cell = before.colour_at(x, y);
            if before.hidden[at] {
                open.values[cell] = 0.0;
            }
            dim[cell] = f32::from(before.luma[at].min(current.luma[at])) + FLOOR;
        }
    }
    let plane = |grid: &Grid, colours: &[u8], shift: (f32, f32)| {
        let mut values = vec![0.0_f32; width * height];
        for y in 0..height {
            for x in 0..width {
                let luma = grid.luma[y * 2 * grid.width + x * 2];
                let at = y * width + x;
                values[at] = (f32::from(colours[at]) - 128.0) / (f32::from(luma) + FLOOR);
            }
        }
        let field = Field::new(width, height, values);
        if shift == (0.0, 0.0) {
            field
        } else {
            field.shifted(shift.0, shift.1)
        }
    };
    let shift = if dx.abs() > 0.05 || dy.abs() > 0.05 {
        (dx / 2.0, dy / 2.0)
    } else {
        (0.0, 0.0)
    };
    let mut clear = vec![0.0_f32; width * height];
    let mut moves = [Vec::new(), Vec::new()];
    let planes = [(&before.blue, &current.blue), (&before.red, &current.red)];
    for ((old, new), moved) in planes.into_iter().zip(&mut moves) {
        let old = plane(before, old, (0.0, 0.0));
        let new = plane(current, new, shift);
        let steep = old.steepness();
        let rest = without_light(
            &new.with(&old, |n, o| n - o),
            &open,
            (neighbourhood / 2).max(2),
        );
        let noise = rest.spread(&open).max(0.004);
        for (at, rest) in rest.values.iter().enumerate() {
            let needed = least + 3.0 * noise + 2.5 / dim[at] + 0.5 * steep.values[at];
            clear[at] = clear[at].max(rest.abs() / needed);
        }
        *moved = rest.values;
    }
    let [blue, red] = moves;
    Tint { clear, blue, red }
}

/// Tells a patch of light from a thing. Light multiplies: it leaves texture as it was, and where there is none,
/// it brightens all of its patch alike, and makes it yellower the brighter it gets (sun and lamps against sky).
struct LightTest<'a> {
    old: Field,
    new: Field,
    /// How much brighter each cell got than the picture as a whole, and the brighter of both levels; logarithms.
    lift: Field,
    brighter: Field,
    tint: &'a Tint,
}

/// A level from which on a sensor tells nothing more, as a logarithm.
const WHITE: f32 = 5.56;

impl LightTest<'_> {
    fn explains(&self, cells: &[usize], differs: &[bool], grid: &Grid) -> bool {
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
        let least = if inner.len() >= 300 {
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
fn relative(old: &Field, new: &Field, open: &Field, differs: &[bool]) -> Field {
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
struct Tint {
    /// How clearly; 1 is just enough.
    clear: Vec<f32>,
    /// By how much, as a share of brightness.
    blue: Vec<f32>,
    red: Vec<f32>,
}

/// The connected places of a map; cells up to one cell apart belong together.
fn places(map: &[bool], width: usize, height: usize) -> Vec<Vec<usize>> {
    let mut seen = vec![false; map.len()];
    let mut places = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..map.len() {
        if !map[start] || seen[start] {
            continue;
        }
        let mut cells = Vec::new();
        seen[start] = true;
        waiting.push(start);
        while let Some(at) = waiting.pop() {
            cells.push(at);
            let (x, y) = (at % width, at / width);
            for next_y in y.saturating_sub(2)..(y + 3).min(height) {
                for next_x in x.saturating_sub(2)..(x + 3).min(width) {
                    let next = next_y * width + next_x;
                    if map[next] && !seen[next] {
                        seen[next] = true;
                        waiting.push(next);
                    }
                }
            }
        }
        places.push(cells);
    }
    places
}

fn change(cells: Vec<usize>, clear: &[f32], width: usize, height: usize) -> Option<Change> {
    let columns = cells.iter().map(|at| at % width);
    let rows = cells.iter().map(|at| at / width);
    let (left, right) = (columns.clone().min()?, columns.max()? + 1);
    let (top, bottom) = (rows.clone().min()?, rows.max()? + 1);
    let (w, h) = (f64::from(as_f32(width)), f64::from(as_f32(height)));
    let part = |from: usize, to: usize| f64::from(as_f32(to - from));
    let area = Area::new(
        f64::from(as_f32(left)) / w,
        f64::from(as_f32(top)) / h,
        part(left, right) / w,
        part(top, bottom) / h,
    )
    .ok()?;
    let count = as_f32(cells.len());
    let strength = cells.iter().map(|&at| clear[at]).sum::<f32>() / count;
    Some(Change {
        area,
        share: count / (as_f32(width) * as_f32(height)),
        strength,
        cells,
    })
}
