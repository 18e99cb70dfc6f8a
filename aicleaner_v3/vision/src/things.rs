//! Sorts what differs into things and light, part by part. Finds things that lie in light or touch it too.

use super::change::Clarity;
use super::evidence::{Evidence, Pair, WHITE, median, spread};
use super::field::{Field, as_f32};
use super::places::{parts, places};
use super::rays::unexplained;

/// The cells of a place that light does not explain. `kinds` says of each cell whether it got brighter (1), darker (-1)
/// or changed its colour only (0): each such part has one cause. `weak` is all that differs. Parts that are light, and
/// large enough to have a thing in them, are noted in `light`.
pub(super) fn things(
    place: &[usize],
    kinds: &[i8],
    weak: &[bool],
    pair: &Pair,
    light: &mut [bool],
) -> Vec<usize> {
    /// Too few cells to tell anything from: they go with the rest of the place.
    const SCRAP: usize = 4;
    /// Of fewer cells, what light does to most of them can't be told.
    const LIGHT: usize = 12;
    let (mut things, mut scraps) = (Vec::new(), Vec::new());
    for part in parts(place, kinds, pair.old.width) {
        if part.len() < SCRAP {
            scraps.extend(part);
            continue;
        }
        let evidence = pair.evidence(&part, weak);
        if !evidence.is_light() {
            things.extend(part);
            continue;
        }
        if part.len() >= LIGHT {
            things.extend(off_colour(&part, &evidence, pair));
            part.iter().for_each(|&cell| light[cell] = true);
        }
    }
    if !things.is_empty() {
        things.extend(scraps);
    }
    things
}

/// The cells of a part that is light, whose colour went another way than that of the rest: a white plate beside a strip
/// of sun gets brighter as the strip does, but no warmer. It counts where it touches the border of the light too.
fn off_colour(part: &[usize], evidence: &Evidence, pair: &Pair) -> Vec<usize> {
    /// Of fewer cells, a place may be noise of colour, which comes in blotches of this size.
    const THING: usize = 6;
    /// How far the colour must be off, as a logarithm, besides twice the noise.
    const OFF: f32 = 0.12;
    /// How far a colour moves with brightness at most; a lamp against daylight reaches it.
    const STEEPEST: f32 = 0.6;
    let Some([warm, green, _]) = evidence.colour else {
        return Vec::new();
    };
    let (width, height) = (pair.old.width, pair.old.height);
    let not_white = |&at: &usize| pair.level.values[at] < WHITE;
    let cells: Vec<usize> = part.iter().copied().filter(not_white).collect();
    let middle = |of: &dyn Fn(usize) -> f32| median(cells.iter().map(|&at| of(at)).collect());
    let lift = middle(&|at| pair.change(at));
    let mut off = vec![false; width * height];
    let ways: [(&dyn Fn(usize) -> f32, f32); 2] = [
        (&|at| pair.tint(at).0, warm),
        (&|at| pair.tint(at).1, green),
    ];
    for (tint, moved) in ways {
        let slope = if evidence.lift.abs() > 0.08 {
            (moved / evidence.lift).clamp(-STEEPEST, STEEPEST)
        } else {
            0.0
        };
        let usual = middle(tint);
        let mut rest = Field::of(width, height, std::iter::repeat(0.0));
        for &at in &cells {
            rest.values[at] = tint(at) - usual - slope * (pair.change(at) - lift);
        }
        let noise = spread(cells.iter().map(|&at| rest.values[at]));
        let rest = rest.window_sum(1);
        for &at in &cells {
            let needed = OFF + 2.0 * noise + 1.2 / pair.dim(at);
            off[at] |= rest.values[at].abs() / 9.0 >= needed;
        }
    }
    let is_thing = |place: &Vec<usize>| {
        let evidence = pair.evidence(place, &off);
        !evidence.is_light() && evidence.is_compact(0.5)
    };
    let found = places(&off, width, 1).into_iter();
    let found = found.filter(|place| place.len() >= THING);
    found.filter(is_thing).flatten().collect()
}

/// The cells of things that lie in light or touch it: what no ray explains. `light` marks the cells of all parts that
/// are light.
pub(super) fn off_rays(light: &[bool], clarity: Clarity, pair: &Pair) -> Vec<usize> {
    /// A place of so many cells that is off so far (a logarithm) is a thing, even if light could have that colour, and
    /// some of its outline does not show.
    const LARGE: f32 = 16.0;
    const FAR: f32 = 0.15;
    if !light.contains(&true) {
        return Vec::new();
    }
    let change = (0..light.len()).map(|at| pair.change(at));
    let change = Field::of(pair.old.width, pair.old.height, change);
    let rest = unexplained(&change, light, pair.hidden);
    let distances = rest.values.iter().zip(light).filter(|&(_, &is_lit)| is_lit);
    let noise = spread(distances.map(|(&rest, _)| rest));
    let rest = rest.window_sum(1);
    let is_off = |(at, &is_lit): (usize, &bool)| {
        let needed = clarity.brightness + noise + 1.2 / pair.dim(at);
        is_lit && rest.values[at].abs() / 9.0 >= needed
    };
    let map: Vec<bool> = light.iter().enumerate().map(is_off).collect();
    let is_thing = |place: &Vec<usize>| {
        let evidence = pair.evidence(place, &map);
        let off = place.iter().map(|&at| rest.values[at].abs() / 9.0);
        let is_clear = evidence.cells >= LARGE && off.sum::<f32>() >= FAR * as_f32(place.len());
        if is_clear {
            !evidence.is_as_it_was() && evidence.is_compact(0.2)
        } else {
            !evidence.is_light() && evidence.is_compact(0.5)
        }
    };
    let found = places(&map, pair.old.width, 1).into_iter();
    let found = found.filter(|place| place.len() >= clarity.cells);
    found.filter(is_thing).flatten().collect()
}
