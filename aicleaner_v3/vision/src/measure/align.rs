//! Registers two frames: how far the camera's view has moved between them. Finds a translation only, and never moves
//! pixels itself.

use super::field::{Field, as_f32};
use crate::image::buffers;
use crate::image::levels::rounded;

/// The radius of the coarse search, in cells of the halved field.
const SEARCH_RADIUS: isize = 4;

/// A high-pass field in 8 bits: sums of these are fast, and steps of 1/300 are fine enough.
struct Quantized {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl Quantized {
    fn of(field: &Field) -> Self {
        let mut values = buffers::dirty(field.values.len());
        for (level, v) in values.iter_mut().zip(&field.values) {
            *level = rounded(128.0 + v * 300.0);
        }
        Self {
            width: field.width,
            height: field.height,
            values,
        }
    }
}

impl Drop for Quantized {
    fn drop(&mut self) {
        buffers::recycle_bytes(std::mem::take(&mut self.values));
    }
}

/// The shift (in cells, across and down) at which `current` is most like `before`. Both are high-pass filtered, so that
/// light plays no part.
pub(crate) fn shift_between(before: &Field, current: &Field) -> (f32, f32) {
    if before.width < 32 || before.height < 32 {
        return (0.0, 0.0);
    }
    let (coarse, _) = best_shift(
        &Quantized::of(&before.halved()),
        &Quantized::of(&current.halved()),
        (0, 0),
        SEARCH_RADIUS,
    );
    let (before, current) = (Quantized::of(before), Quantized::of(current));
    let (mut fine, mut error) = best_shift(&before, &current, (coarse.0 * 2, coarse.1 * 2), 1);
    if fine != (0, 0) {
        let unmoved = difference(&before, &current, (0, 0), f32::MAX);
        if error > 0.97 * unmoved {
            (fine, error) = ((0, 0), unmoved);
        }
    }
    let at = |dx: isize, dy: isize| {
        let shift = (fine.0 + dx, fine.1 + dy);
        difference(&before, &current, shift, f32::MAX)
    };
    // The minimum of the parabola through three errors.
    let sub_cell = |less: f32, more: f32| {
        let curvature = less - 2.0 * error + more;
        if curvature > 1e-3 {
            ((less - more) / curvature * 0.5).clamp(-0.5, 0.5)
        } else {
            0.0
        }
    };
    (
        signed(fine.0) + sub_cell(at(-1, 0), at(1, 0)),
        signed(fine.1) + sub_cell(at(0, -1), at(0, 1)),
    )
}

fn signed(value: isize) -> f32 {
    as_f32(value.unsigned_abs()) * if value < 0 { -1.0 } else { 1.0 }
}

/// The best whole shift up to `radius` cells from another, and the difference there.
fn best_shift(
    before: &Quantized,
    current: &Quantized,
    around: (isize, isize),
    radius: isize,
) -> ((isize, isize), f32) {
    let mut best = (around, difference(before, current, around, f32::MAX));
    for dy in -radius..=radius {
        for dx in -radius..=radius {
            let shift = (around.0 + dx, around.1 + dy);
            let found = difference(before, current, shift, best.1);
            if found < best.1 {
                best = (shift, found);
            }
        }
    }
    best
}

/// The mean absolute difference at a whole shift, clipped: a person who walks by must not decide where the room is.
/// Stops as soon as it reaches `enough`.
fn difference(
    before: &Quantized,
    current: &Quantized,
    (dx, dy): (isize, isize),
    enough: f32,
) -> f32 {
    /// 0.15 of the logarithm of brightness.
    const CLIP: u8 = 45;
    let (w, h) = (before.width, before.height);
    let overlap = |length: usize, shift: isize| {
        let start = usize::try_from(-shift).unwrap_or(0);
        let end = length - usize::try_from(shift).unwrap_or(0).min(length);
        (start.min(end), end)
    };
    let ((left, right), (top, bottom)) = (overlap(w, dx), overlap(h, dy));
    let cells = as_f32(right - left) * as_f32(bottom - top);
    if cells <= 0.0 {
        return f32::MAX;
    }
    let mut sum = 0_u32;
    for y in top..bottom {
        let other_y = y.saturating_add_signed(dy);
        let other_left = left.saturating_add_signed(dx);
        let row = &before.values[y * w + left..y * w + right];
        let other = &current.values[other_y * w + other_left..][..right - left];
        // 16 bits are enough for one row, which has at most 512 cells, and faster.
        let of_row: u16 = row
            .iter()
            .zip(other)
            .map(|(a, b)| u16::from(a.abs_diff(*b).min(CLIP)))
            .sum();
        sum += u32::from(of_row);
        if sum as f32 / cells >= enough {
            break;
        }
    }
    sum as f32 / cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rough(dx: f32, dy: f32) -> Field {
        let mut values = Vec::new();
        for y in 0..60_usize {
            for x in 0..96_usize {
                let (x, y) = (as_f32(x) + dx, as_f32(y) + dy);
                values.push(((x * 0.31).sin() + (y * 0.23 + x * 0.11).cos()) * 0.3);
            }
        }
        Field::new(96, 60, values)
    }

    #[test]
    fn a_shift_is_found_to_a_fraction_of_a_cell() {
        for (dx, dy) in [(0.0, 0.0), (2.0, -3.0), (0.5, 0.0), (-4.3, 1.7)] {
            let (x, y) = shift_between(&rough(0.0, 0.0), &rough(-dx, -dy));

            assert!(
                (x - dx).abs() < 0.25 && (y - dy).abs() < 0.25,
                "{dx} {dy}: {x} {y}"
            );
        }
    }
}
