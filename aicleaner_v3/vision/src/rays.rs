//! What the shape of light explains. Edges of light run on, and patches of it are plain: from a cell that is only lit
//! otherwise there is a direction in which the same happened to all cells. From a thing's cell there is none; every ray
//! soon leaves the thing.

use super::field::{Field, as_f32};

/// So many directions that an edge of light leaves the best one by half a cell at the ray's end.
const RAYS: u16 = 64;
/// Where on a ray, in cells, it is looked at: beyond most of a small thing, and in the same light.
const STEPS: [f32; 8] = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
/// The fewest cells of a ray that tell anything; it may end at the picture's border or at a mask.
const FEWEST: usize = 5;
/// How far cells on a ray may differ from each other, the two most different ones left out; a logarithm.
const ALIKE: f32 = 0.08;
/// What is explained this well needs no better explanation; a logarithm.
const EXPLAINED: f32 = 0.02;

/// How far the change of each cell in `light` is from that of the cells on the ray that explains it best; changes of
/// brightness are logarithms. 0 for cells that are not in light, and for those whose rays tell nothing. Rays end at what
/// is `hidden`.
pub(super) fn unexplained(change: &Field, light: &[bool], hidden: &[bool]) -> Field {
    let directions: Vec<(f32, f32)> = (0..RAYS)
        .map(|ray| {
            let turn = std::f32::consts::TAU * f32::from(ray) / f32::from(RAYS);
            let (down, across) = turn.sin_cos();
            let longer = down.abs().max(across.abs());
            (across / longer, down / longer)
        })
        .collect();
    let rest = light.iter().enumerate().map(|(at, &is_lit)| {
        if !is_lit {
            return 0.0;
        }
        let mut least = f32::INFINITY;
        for &direction in &directions {
            if let Some(usual) = along(change, hidden, at, direction) {
                let rest = change.values[at] - usual;
                if rest.abs() < least.abs() {
                    least = rest;
                }
                if least.abs() < EXPLAINED {
                    break;
                }
            }
        }
        if least.is_finite() { least } else { 0.0 }
    });
    Field::of(change.width, change.height, rest)
}

/// What happened to the cells on a ray, if it was the same to all.
fn along(change: &Field, hidden: &[bool], from: usize, (across, down): (f32, f32)) -> Option<f32> {
    let (x, y) = (as_f32(from % change.width), as_f32(from / change.width));
    let mut cells = [0.0_f32; STEPS.len()];
    let mut count = 0;
    for (cell, step) in cells.iter_mut().zip(STEPS) {
        let Some((at, change)) = change.between(x + across * step, y + down * step) else {
            break;
        };
        if hidden[at] {
            break;
        }
        *cell = change;
        count += 1;
    }
    if count < FEWEST {
        return None;
    }
    let cells = &mut cells[..count];
    cells.sort_unstable_by(f32::total_cmp);
    let is_alike = cells[count - 2] - cells[1] <= ALIKE;
    is_alike.then(|| cells[count / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 60;
    const HEIGHT: usize = 40;

    /// What no ray explains of a change that is `of(x, y)`, where that is anything.
    fn rest(of: impl Fn(usize, usize) -> f32, hidden: &[bool]) -> Field {
        let cells = (0..WIDTH * HEIGHT).map(|at| of(at % WIDTH, at / WIDTH));
        let change = Field::of(WIDTH, HEIGHT, cells);
        let light: Vec<bool> = change.values.iter().map(|change| *change != 0.0).collect();
        unexplained(&change, &light, hidden)
    }

    fn largest(rest: &Field) -> f32 {
        rest.values
            .iter()
            .fold(0.0, |most, rest| rest.abs().max(most))
    }

    /// A slanted strip of sun with soft edges, from one row to another.
    fn strip(x: usize, y: usize, width: f32) -> f32 {
        let from_left = as_f32(x) - 20.0 - as_f32(y) * 0.6;
        let part = (from_left.min(width - from_left) / 1.5).clamp(0.0, 1.0);
        if (5..36).contains(&y) {
            0.4 * part
        } else {
            0.0
        }
    }

    #[test]
    fn strips_and_patches_of_light_are_explained_with_their_edges_and_corners() {
        for width in [4.0, 9.0, 20.0] {
            let rest = rest(|x, y| strip(x, y, width), &[false; WIDTH * HEIGHT]);

            assert!(largest(&rest) < 0.1, "{width}: {}", largest(&rest));
        }
    }

    #[test]
    fn a_thing_in_the_light_beside_it_and_across_its_edge_is_not() {
        for left in [26, 34, 39, 42] {
            let is_thing =
                |x: usize, y: usize| (left..left + 4).contains(&x) && (20..23).contains(&y);
            let seen = |x, y| {
                if is_thing(x, y) {
                    0.7
                } else {
                    strip(x, y, 9.0)
                }
            };

            let rest = rest(seen, &[false; WIDTH * HEIGHT]);

            let middle = rest.values[21 * WIDTH + left + 1];
            assert!(middle > 0.25, "{left}: {middle}");
        }
    }

    #[test]
    fn rays_end_at_masks() {
        let hidden: Vec<bool> = (0..WIDTH * HEIGHT).map(|at| at % WIDTH != 30).collect();

        let rest = rest(|x, y| if (x, y) == (30, 20) { 0.5 } else { 0.1 }, &hidden);

        assert!(rest.values[20 * WIDTH + 30] > 0.35);
        assert_eq!(rest.values[20 * WIDTH + 10], 0.0);
    }
}
