//! Sorts what differs into things and light, part by part. Finds things within patches of light too.

use super::change::Clarity;
use super::contrast::without_light;
use super::evidence::{Evidence, Pair, WHITE, median};
use super::field::Field;
use super::places::{parts, places};

/// The cells of a place that light does not explain. `kinds` says of each cell whether it got brighter (1), darker (-1)
/// or changed its colour only (0): each such part has one cause. `weak` is all that differs. Large patches of light are
/// noted in `lit`, by their kind.
pub(super) fn things(
    place: &[usize],
    kinds: &[i8],
    weak: &[bool],
    pair: &Pair,
    lit: &mut [i8],
) -> Vec<usize> {
    /// Too few cells to tell anything from: they go with the rest of the place.
    const SCRAP: usize = 4;
    /// From this size on, a patch of light may have a thing in it.
    const PATCH: usize = 60;
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
        things.extend(off_colour(&part, &evidence, pair));
        if part.len() >= PATCH {
            part.iter().for_each(|&cell| lit[cell] = kinds[cell]);
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
    /// Of fewer cells, what most of them do can't be told.
    const LIGHT: usize = 12;
    /// Of fewer cells, a place may be noise of colour, which comes in blotches of this size.
    const THING: usize = 6;
    /// How far the colour must be off, as a logarithm, besides twice the noise.
    const OFF: f32 = 0.12;
    /// How far a colour moves with brightness at most; a lamp against daylight reaches it.
    const STEEPEST: f32 = 0.6;
    let Some([warm, green, _]) = evidence.colour else {
        return Vec::new();
    };
    if part.len() < LIGHT {
        return Vec::new();
    }
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
        let noise = 1.4826 * middle(&|at| rest.values[at].abs());
        let rest = rest.window_sum(1);
        for &at in &cells {
            let needed = OFF + 2.0 * noise + 1.2 / pair.dim(at);
            off[at] |= rest.values[at].abs() / 9.0 >= needed;
        }
    }
    let is_thing = |place: &Vec<usize>| {
        place.len() >= THING && {
            let evidence = pair.evidence(place, &off);
            !evidence.is_light() && evidence.is_compact()
        }
    };
    let found = places(&off, width, 1).into_iter().filter(is_thing);
    found.flatten().collect()
}

/// The cells of things that lie in a patch of light: what differs from the rest of the patch.
pub(super) fn things_in_light(within: &[bool], clarity: Clarity, pair: &Pair) -> Vec<usize> {
    if !within.contains(&true) {
        return Vec::new();
    }
    let (width, height) = (pair.old.width, pair.old.height);
    let all = |of: &dyn Fn(usize) -> f32| Field::of(width, height, (0..width * height).map(of));
    let inside = all(&|at| f32::from(u8::from(within[at])));
    // The border of a patch is soft.
    let whole = inside.window_sum(1);
    let mut clear = vec![0.0_f32; width * height];
    let measures: [(&dyn Fn(usize) -> f32, f32); 3] = [
        (&|at| pair.change(at), clarity.brightness),
        (&|at| pair.tint(at).0, 2.0 * clarity.colour),
        (&|at| pair.tint(at).1, 2.0 * clarity.colour),
    ];
    for (measure, least) in measures {
        let rest = without_light(&all(measure), &inside, 5);
        let noise = rest.spread(&inside);
        let rest = rest
            .with(&inside, |rest, inside| rest * inside)
            .window_sum(1);
        for (at, rest) in rest.values.iter().enumerate() {
            let needed = least + 2.0 * noise + 1.2 / pair.dim(at);
            clear[at] = clear[at].max(rest.abs() / 9.0 / needed);
        }
    }
    let map: Vec<bool> = (0..width * height)
        .map(|at| whole.values[at] >= 9.0 && clear[at] >= 1.0)
        .collect();
    let found = places(&map, width, 1)
        .into_iter()
        .filter(|place| place.len() >= 2 * clarity.cells && !pair.evidence(place, &map).is_light());
    found.flatten().collect()
}
