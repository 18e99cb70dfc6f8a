//! What differs between two frames of one room, apart from light, noise and shake.
//!
//! Brightness is compared as a logarithm, so that light is an addition; what is added alike to a whole
//! neighbourhood is light and is taken away. What is left is measured against the noise of the very frame.

use super::Grid;
use super::align::shift_between;
use super::field::{Field, as_f32};
use super::light::{LightTest, Tint, relative};
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
