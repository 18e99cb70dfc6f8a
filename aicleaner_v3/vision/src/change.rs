//! What differs between two frames of one room, apart from light, noise and shake.
//!
//! First what differs clearly enough (`contrast`), then where that is (`places`), then what of it is a thing and what is
//! light (`things`).

use wide::f32x8;

use super::Grid;
use super::align::shift_between;
use super::colour::Colours;
use super::contrast::{levels, lift_clarity, logarithm, logarithms, tint_clarity};
use super::evidence::{Pair, WHITE, median};
use super::field::{Field, as_f32};
use super::places::places;
use super::things::{off_rays, things};
use super::tone::Tone;
use aicleaner_model::{Area, Sensitivity};

/// How large and how clear a difference must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clarity {
    /// The least difference of brightness, as a natural logarithm: 0.1 is 10 %.
    pub brightness: f32,
    /// The least difference of colour, as a share of brightness.
    pub colour: f32,
    /// The least size, in cells that differ.
    pub cells: usize,
    /// Whether what is nearly clear counts too, if it brings an outline with it.
    pub faint: bool,
}

impl Clarity {
    /// The clarity that a change must have at a sensitivity.
    pub fn for_sensitivity(sensitivity: Sensitivity) -> Self {
        let (brightness, colour, cells) = match sensitivity {
            Sensitivity::Low => (0.22, 0.14, 30),
            Sensitivity::Normal => (0.085, 0.06, 4),
            Sensitivity::High => (0.06, 0.045, 3),
        };
        Self {
            brightness,
            colour,
            cells,
            faint: sensitivity != Sensitivity::Low,
        }
    }
}

impl Clarity {
    /// For what was clear enough a moment ago.
    pub(super) fn relaxed(self) -> Self {
        Self {
            brightness: self.brightness * 0.8,
            colour: self.colour * 0.8,
            cells: self.cells - self.cells / 4,
            faint: self.faint,
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
    /// How clear it is: 1 is just enough, but for what is faint.
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

/// What is this clear belongs to a place that differs, if enough of that is fully clear or enough in all is this clear.
const WEAK: f32 = 0.6;

/// A place of which not enough is fully clear counts when it is so many times the least size and brings an outline with
/// it, as a thing in the dusk does. What is larger is light that falls off.
const FAINT: (f32, f32) = (1.5, 15.0);

/// Colours are kept at half the size: so many cells have one, and so many that differ by that alone may be noise.
const BLOTCH: usize = 4;

/// Compares two frames. None when they have different shapes or masks.
pub fn compare(before: &Grid, current: &Grid, clarity: Clarity) -> Option<Comparison> {
    if !before.fits(current) {
        return None;
    }
    let (width, height) = (before.width, before.height);
    let hidden = before.hidden();
    let open = hidden.iter().map(|&hidden| f32::from(u8::from(!hidden)));
    let open = Field::of(width, height, open);
    let neighbourhood = (width.max(height) / 10).max(2);
    let (levels, raw) = (levels(before), levels(current));
    let (old, new) = (logarithms(before), logarithms(current));
    let (dx, dy) = shift_between(&old.detail(&open, 6), &new.detail(&open, 6));
    let shift = (dx / as_f32(width), dy / as_f32(height));
    let moved = dx.abs() > 0.05 || dy.abs() > 0.05;
    let (raw, new) = if moved {
        let raw = raw.shifted(dx, dy);
        let new = raw.map(logarithm);
        (raw, new)
    } else {
        (raw, new)
    };
    let steep = old.steepness_of_both(&new);
    let (mut lift, noise) =
        lift_clarity(&old, &new, &open, &steep, clarity.brightness, neighbourhood);
    if lift.values.iter().any(|&lift| lift.abs() >= WEAK) {
        // Perhaps exposure changed by more than a factor: what either way explains is no change.
        let tone = Tone::between(&levels, &raw, &open);
        let both = levels.values.iter().zip(&raw.values);
        let expected = both.map(|(&before, &now)| logarithm(tone.expected(before, now)));
        let old = Field::of(width, height, expected);
        let new = raw.map(|level| logarithm(level.clamp(4.0, 250.0)));
        let (other, _) = lift_clarity(&old, &new, &open, &steep, clarity.brightness, neighbourhood);
        for (lift, other) in lift.values.iter_mut().zip(&other.values) {
            if other.abs() < lift.abs() {
                *lift = *other;
            }
        }
    }

    let tint = tint_clarity(before, current, (dx, dy), clarity.colour, neighbourhood);
    let mut clear = Field::of(width, height, std::iter::repeat(0.0));
    let mut kinds = vec![0_i8; width * height];
    let (edge_x, edge_y) = (dx.abs().ceil() + 1.0, dy.abs().ceil() + 1.0);
    let is_beyond = |at: usize, side: usize, edge: f32| {
        moved && (as_f32(at) < edge || as_f32(at) + edge >= as_f32(side))
    };
    let cells = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for ((at, kind), (x, y)) in kinds.iter_mut().enumerate().zip(cells) {
        let beyond = is_beyond(x, width, edge_x) || is_beyond(y, height, edge_y);
        let white = levels.values[at].min(raw.values[at]) >= WHITE;
        if hidden[at] || beyond || white {
            continue;
        }
        // Near white, colours are cut off.
        let coloured = levels.values[at].max(raw.values[at]) < WHITE;
        let tint = tint.values[before.colour_at(x, y)] * f32::from(u8::from(coloured));
        let lift = lift.values[at];
        clear.values[at] = lift.abs().max(tint);
        *kind = if lift >= WEAK {
            1
        } else if lift <= -WEAK {
            -1
        } else {
            0
        };
    }
    let clear = &clear.values;
    let strong = |at: usize| clear[at] >= 1.0;
    let weak: Vec<bool> = clear.iter().map(|&clear| clear >= WEAK).collect();
    let mut places = places(&weak, width, 2);
    let is_clear =
        |cells: &[usize]| cells.iter().filter(|&&at| strong(at)).count() >= clarity.cells;
    let may_be_faint = |cells: &[usize]| {
        let times = as_f32(cells.len()) / as_f32(clarity.cells);
        clarity.faint && (FAINT.0..=FAINT.1).contains(&times)
    };
    places.retain(|cells| is_clear(cells) || may_be_faint(cells));
    let mut differs = vec![false; width * height];
    if places.is_empty() {
        return Some(Comparison {
            changes: Vec::new(),
            shift,
            differs,
        });
    }
    let colours = Colours::of(before);
    let now = Colours::of(current);
    let now = if moved {
        now.shifted(dx / 2.0, dy / 2.0)
    } else {
        now
    };
    let level = levels.with(&raw, f32x8::fast_max);
    let usual = median(
        (0..width * height)
            .step_by(3)
            .filter(|&at| !weak[at] && !hidden[at])
            .map(|at| new.values[at] - old.values[at])
            .collect(),
    );
    let pair = Pair {
        old: &old,
        new: &new,
        colours: [&colours, &now],
        hidden: &hidden,
        level: &level,
        usual,
        noise,
    };
    let mut light = vec![false; width * height];
    for place in &places {
        let is_faint = !is_clear(place);
        if is_faint {
            let evidence = pair.evidence(place, &weak);
            if evidence.is_light() || !evidence.is_compact(0.5) {
                continue;
            }
        }
        for cell in things(place, &kinds, &weak, &pair, &mut light) {
            differs[cell] = is_faint || strong(cell);
        }
    }
    for cell in off_rays(&light, clarity, &pair) {
        differs[cell] = true;
    }
    let is_blotch =
        |cells: &[usize]| cells.len() <= BLOTCH && cells.iter().all(|&at| kinds[at] == 0);
    let mut changes: Vec<Change> = self::places(&differs, width, 2)
        .into_iter()
        .filter(|cells| cells.len() >= clarity.cells && !is_blotch(cells))
        .filter_map(|cells| change(cells, clear, width, height))
        .collect();
    changes.sort_by(|a, b| b.share.total_cmp(&a.share));
    differs.fill(false);
    for change in &changes {
        for &cell in &change.cells {
            differs[cell] = true;
        }
    }
    Some(Comparison {
        changes,
        shift,
        differs,
    })
}

impl Change {
    /// What of it lies on these cells, as far as that is large enough.
    pub(super) fn within(self, wanted: &[bool], grid: &Grid, clarity: Clarity) -> Vec<Self> {
        let mut mask = vec![false; wanted.len()];
        for &at in self.cells.iter().filter(|&&at| wanted[at]) {
            mask[at] = true;
        }
        places(&mask, grid.width, 2)
            .into_iter()
            .filter(|cells| cells.len() >= clarity.cells)
            .filter_map(|cells| {
                Some(Self {
                    area: around(&cells, grid.width, grid.height)?,
                    share: share(&cells, grid.width, grid.height),
                    strength: self.strength,
                    cells,
                })
            })
            .collect()
    }
}

fn change(cells: Vec<usize>, clear: &[f32], width: usize, height: usize) -> Option<Change> {
    let area = around(&cells, width, height)?;
    let strength = cells.iter().map(|&at| clear[at]).sum::<f32>() / as_f32(cells.len());
    Some(Change {
        area,
        share: share(&cells, width, height),
        strength,
        cells,
    })
}

fn share(cells: &[usize], width: usize, height: usize) -> f32 {
    as_f32(cells.len()) / (as_f32(width) * as_f32(height))
}

/// The box around cells.
pub(super) fn around(cells: &[usize], width: usize, height: usize) -> Option<Area> {
    let columns = cells.iter().map(|at| at % width);
    let rows = cells.iter().map(|at| at / width);
    let (left, right) = (columns.clone().min()?, columns.max()? + 1);
    let (top, bottom) = (rows.clone().min()?, rows.max()? + 1);
    let (w, h) = (f64::from(as_f32(width)), f64::from(as_f32(height)));
    let part = |from: usize, to: usize| f64::from(as_f32(to - from));
    Area::new(
        f64::from(as_f32(left)) / w,
        f64::from(as_f32(top)) / h,
        part(left, right) / w,
        part(top, bottom) / h,
    )
    .ok()
}
