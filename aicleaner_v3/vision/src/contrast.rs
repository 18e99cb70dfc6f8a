//! How clearly each cell of two frames differs, in brightness and in colour, measured against the noise of these very
//! frames. What a whole neighbourhood has in common is light, and is taken away.

use wide::f32x8;

use super::Grid;
use super::field::{Field, as_f32};

/// Levels added before the logarithm: noise in the dark must not count as light.
const FLOOR: f32 = 16.0;

/// Brightness, 0 to 255.
pub(super) fn levels(grid: &Grid) -> Field {
    let values = grid.luma.iter().map(|&v| f32::from(v));
    Field::of(grid.width, grid.height, values)
}

/// Brightness as logarithms.
pub(super) fn logarithms(grid: &Grid) -> Field {
    let table: Vec<f32> = (0..=u8::MAX)
        .map(|level| logarithm(f32::from(level)))
        .collect();
    let values = grid.luma.iter().map(|&v| table[usize::from(v)]);
    Field::of(grid.width, grid.height, values)
}

/// A level as a logarithm.
pub(super) fn logarithm(level: f32) -> f32 {
    (level + FLOOR).ln()
}

/// How clearly each cell differs in brightness (given as logarithms), and the noise: 1 is just enough, less than 0 is
/// darker.
pub(super) fn lift_clarity(
    old: &Field,
    new: &Field,
    open: &Field,
    steep: &Field,
    least: f32,
    neighbourhood: usize,
) -> (Field, f32) {
    let lift = without_light(&new.with(old, |n, o| n - o), open, neighbourhood);
    let noise = lift.spread(open).max(0.004);
    let everywhere = f32x8::splat(least + 1.4 * noise);
    let dim = old.with(new, |old, new| old.fast_min(new).exp());
    let needed = dim.with(steep, |dim, steep| {
        everywhere + 1.2 / dim + steep * (0.3 / 9.0)
    });
    let smooth = lift.window_sum(1);
    let clear = smooth.with(&needed, |lift, needed| lift / 9.0 / needed);
    (clear, noise)
}

/// Takes away what a whole neighbourhood has in common. Cells that stand out have no say in that.
pub(super) fn without_light(difference: &Field, open: &Field, neighbourhood: usize) -> Field {
    let mut rest = difference.detail(open, neighbourhood);
    for _ in 0..2 {
        let limit = (rest.spread(open) * 2.5).max(0.01);
        let weights = rest.with(open, |v, open| {
            v.abs().simd_le(limit).select(open, open * 0.01)
        });
        rest = difference.detail(&weights, neighbourhood);
    }
    rest
}

/// How clearly each colour cell differs; 1 is just enough.
pub(super) fn tint_clarity(
    before: &Grid,
    current: &Grid,
    (dx, dy): (f32, f32),
    least: f32,
    neighbourhood: usize,
) -> Field {
    let (width, height) = (before.width.div_ceil(2), before.height.div_ceil(2));
    let mut open = Field::of(width, height, std::iter::repeat(1.0));
    for at in before.hidden_cells() {
        open.values[before.colour_at(at % before.width, at / before.width)] = 0.0;
    }
    let rows = (0..height).map(|y| (y * 2 + 1).min(before.height - 1) * before.width);
    let cells =
        rows.flat_map(|row| (0..width).map(move |x| row + (x * 2 + 1).min(before.width - 1)));
    let dim = cells.map(|at| f32::from(before.luma[at].min(current.luma[at])) + FLOOR);
    let dim = Field::of(width, height, dim);
    let shares: [f32; 256] = std::array::from_fn(|level| (as_f32(level) + FLOOR).recip());
    let plane = |grid: &Grid, colours: &[u8], shift: (f32, f32)| {
        let rows = grid.luma.chunks(2 * grid.width).zip(colours.chunks(width));
        let values = rows.flat_map(|(luma, colours)| {
            let pairs = luma.iter().step_by(2).zip(colours);
            pairs.map(|(&luma, &colour)| (f32::from(colour) - 128.0) * shares[usize::from(luma)])
        });
        let field = Field::of(width, height, values);
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
    let mut clear = Field::of(width, height, std::iter::repeat(0.0));
    let planes = [(&before.blue, &current.blue), (&before.red, &current.red)];
    for (old, new) in planes {
        let old = plane(before, old, (0.0, 0.0));
        let new = plane(current, new, shift);
        let steep = old.steepness();
        let rest = without_light(
            &new.with(&old, |n, o| n - o),
            &open,
            (neighbourhood / 2).max(2),
        );
        let noise = rest.spread(&open).max(0.004);
        let everywhere = f32x8::splat(least + 3.0 * noise);
        let needed = dim.with(&steep, |dim, steep| everywhere + 2.5 / dim + steep * 0.5);
        let found = rest.with(&needed, |rest, needed| rest.abs() / needed);
        clear = clear.with(&found, f32x8::fast_max);
    }
    clear
}
