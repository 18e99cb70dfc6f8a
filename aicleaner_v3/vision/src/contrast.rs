//! How clearly each cell of two frames differs, in brightness and in colour, measured against the noise of these very
//! frames. What a whole neighbourhood has in common is light, and is taken away.

use super::Grid;
use super::field::Field;

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
    let smooth = lift.window_sum(1);
    let both = old.values.iter().zip(&new.values);
    let needed = both.zip(&steep.values).map(|((old, new), steep)| {
        let dim = old.min(*new).exp();
        least + 1.4 * noise + 1.2 / dim + 0.3 / 9.0 * steep
    });
    let clear = smooth.values.iter().zip(needed);
    let clear = clear.map(|(lift, needed)| lift / 9.0 / needed);
    (Field::of(old.width, old.height, clear), noise)
}

/// Takes away what a whole neighbourhood has in common. Cells that stand out have no say in that.
pub(super) fn without_light(difference: &Field, open: &Field, neighbourhood: usize) -> Field {
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
pub(super) fn tint_clarity(
    before: &Grid,
    current: &Grid,
    (dx, dy): (f32, f32),
    least: f32,
    neighbourhood: usize,
) -> Field {
    let (width, height) = (before.width.div_ceil(2), before.height.div_ceil(2));
    let mut open = Field::of(width, height, std::iter::repeat(1.0));
    let mut dim = Field::of(width, height, std::iter::repeat(0.0));
    for y in 0..before.height {
        for x in 0..before.width {
            let at = y * before.width + x;
            let cell = before.colour_at(x, y);
            if before.is_hidden(at) {
                open.values[cell] = 0.0;
            }
            dim.values[cell] = f32::from(before.luma[at].min(current.luma[at])) + FLOOR;
        }
    }
    let plane = |grid: &Grid, colours: &[u8], shift: (f32, f32)| {
        let rows = grid.luma.chunks(2 * grid.width).zip(colours.chunks(width));
        let values = rows.flat_map(|(luma, colours)| {
            let pairs = luma.iter().step_by(2).zip(colours);
            pairs.map(|(&luma, &colour)| (f32::from(colour) - 128.0) / (f32::from(luma) + FLOOR))
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
        for (at, clear) in clear.values.iter_mut().enumerate() {
            let needed = least + 3.0 * noise + 2.5 / dim.values[at] + 0.5 * steep.values[at];
            *clear = clear.max(rest.values[at].abs() / needed);
        }
    }
    clear
}
