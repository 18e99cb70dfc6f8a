//! Where things can lie, and whether one is to be seen there.
//! A thing of the colour of its ground can be seen by nobody, so such a place is never chosen.

use super::maps::Maps;
use super::random::Dice;
use super::sensor::grey_of;
use crate::scene::canvas::Canvas;
use crate::scene::mess::{Kind, Mess, RelativeBox};

/// The smallest and the largest width of a thing, in shares of the picture's.
const WIDTHS: (f32, f32) = (0.02, 0.1);
/// Where things lie: x and y from and to, for the middle of their lower edge; and the words for it.
const GROUNDS: [([f32; 4], &str); 6] = [
    ([0.04, 0.78, 0.16, 0.97], "floor on the left"),
    ([0.36, 0.74, 0.6, 0.95], "rug"),
    ([0.62, 0.8, 0.95, 0.97], "floor by the desk"),
    ([0.07, 0.56, 0.33, 0.64], "sofa"),
    ([0.19, 0.72, 0.32, 0.75], "coffee table"),
    ([0.6, 0.45, 0.72, 0.475], "desk"),
];
const KINDS: [(Kind, &str, f32); 6] = [
    (Kind::Cup, "Take the cup to the kitchen", 1.5),
    (Kind::Socks, "Pick up the socks", 1.3),
    (Kind::Plate, "Put the plate in the dishwasher", 0.8),
    (Kind::Toy, "Put the toys in the box", 2.0),
    (Kind::Paper, "Throw away the paper", 1.9),
    (Kind::Bag, "Put the bag away", 2.4),
];

/// Finds a place for a thing that is free of `others` and where it can be seen. None after many tries.
pub(super) fn place(
    id: &str,
    dice: &mut Dice,
    maps: &Maps,
    others: &[RelativeBox],
) -> Option<Mess> {
    for _ in 0..200 {
        let (kind, title, tall) = KINDS[dice.below(KINDS.len())];
        let ([left, top, right, bottom], words) = GROUNDS[dice.below(GROUNDS.len())];
        // Small things are as common as large ones.
        let w = WIDTHS.0 * (WIDTHS.1 / WIDTHS.0).powf(dice.between(0.0, 1.0));
        let h = w * tall;
        let x = (dice.between(left, right) - w / 2.0).clamp(0.01, 0.98 - w);
        let y = dice.between(top, bottom) - h;
        let mess = Mess::new(id, title, words, kind, [x, y, w, h]);
        let free = others.iter().all(|other| apart(other, &mess.place));
        if free && is_visible(&mess, &maps.tidy) {
            return Some(mess);
        }
    }
    None
}

fn apart(one: &RelativeBox, other: &RelativeBox) -> bool {
    const GAP: f32 = 0.01;
    one.x + one.w + GAP < other.x
        || other.x + other.w + GAP < one.x
        || one.y + one.h + GAP < other.y
        || other.y + other.h + GAP < one.y
}

/// Whether a fair part of it differs from its ground by a fifth in brightness, by day and by infrared.
fn is_visible(mess: &Mess, tidy: &Canvas) -> bool {
    let mut with = tidy.clone();
    mess.draw(&mut with);
    let (mut clear, mut clear_by_infrared) = (0.0_f32, 0.0_f32);
    for (old, new) in tidy
        .pixels()
        .chunks_exact(3)
        .zip(with.pixels().chunks_exact(3))
    {
        if old == new {
            continue;
        }
        let differs = |of: fn([u8; 3]) -> f32| {
            let (old, new) = (of([old[0], old[1], old[2]]), of([new[0], new[1], new[2]]));
            ((old + 10.0) / (new + 10.0)).ln().abs() > 0.2
        };
        clear += f32::from(u8::from(differs(luma)));
        clear_by_infrared += f32::from(u8::from(differs(grey_of)));
    }
    let area = mess.place.w * mess.place.h * f32::from(tidy.width()) * f32::from(tidy.height());
    clear.min(clear_by_infrared) >= 0.35 * area
}

fn luma([r, g, b]: [u8; 3]) -> f32 {
    f32::from(r) * 0.299 + f32::from(g) * 0.587 + f32::from(b) * 0.114
}
