//! What light around a cell predicts for it. Edges of light are long, and patches of it are plain: from a cell that is
//! only lit differently there is a direction in which all cells changed alike. From an object's cell there is none, as
//! every ray soon leaves the object. Never looks at colour.

use crate::measure::field::{Field, as_f32};

/// So many directions that the best one misses an edge of light by half a cell at the ray's end.
const DIRECTIONS: u16 = 64;
/// The distances on a ray, in cells, at which it is sampled: beyond most of a small object, and in the same light.
const DISTANCES: [f32; 8] = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
/// The fewest samples of a ray that tell anything; it may end at the picture's border or at a mask.
const MIN_SAMPLES: usize = 5;
/// The largest range of a ray's samples without the smallest and the largest one; a logarithm.
const MAX_RANGE: f32 = 0.08;
/// A residual that needs no better direction; a logarithm.
const GOOD_RESIDUAL: f32 = 0.02;

/// The residual of each cell in `light`: how far its change is from that of the ray that predicts it best; changes of
/// brightness are logarithms. 0 for cells that are not in light, and for those whose rays tell nothing. Rays end at
/// what is `hidden`.
pub(super) fn residuals(change: &Field, light: &[bool], hidden: &[bool]) -> Field {
    let directions: Vec<(f32, f32)> = (0..DIRECTIONS)
        .map(|direction| {
            let angle = std::f32::consts::TAU * f32::from(direction) / f32::from(DIRECTIONS);
            let (down, across) = angle.sin_cos();
            let longer = down.abs().max(across.abs());
            (across / longer, down / longer)
        })
        .collect();
    let residuals = light.iter().enumerate().map(|(at, &is_light)| {
        if !is_light {
            return 0.0;
        }
        let mut least = f32::INFINITY;
        for &direction in &directions {
            if let Some(predicted) = predict(change, hidden, at, direction) {
                let residual = change.values[at] - predicted;
                if residual.abs() < least.abs() {
                    least = residual;
                }
                if least.abs() < GOOD_RESIDUAL {
                    break;
                }
            }
        }
        if least.is_finite() { least } else { 0.0 }
    });
    Field::of(change.width, change.height, residuals)
}

/// The median change of the cells on a ray, if they changed alike.
fn predict(
    change: &Field,
    hidden: &[bool],
    from: usize,
    (across, down): (f32, f32),
) -> Option<f32> {
    let (x, y) = (as_f32(from % change.width), as_f32(from / change.width));
    let mut samples = [0.0_f32; DISTANCES.len()];
    let mut count = 0;
    for (sample, distance) in samples.iter_mut().zip(DISTANCES) {
        let Some((at, change)) = change.interpolated(x + across * distance, y + down * distance)
        else {
            break;
        };
        if hidden[at] {
            break;
        }
        *sample = change;
        count += 1;
    }
    if count < MIN_SAMPLES {
        return None;
    }
    let samples = &mut samples[..count];
    samples.sort_unstable_by(f32::total_cmp);
    let is_alike = samples[count - 2] - samples[1] <= MAX_RANGE;
    is_alike.then(|| samples[count / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 60;
    const HEIGHT: usize = 40;

    /// The residual of a change that is `of(x, y)`, where that is anything.
    fn residual_of(of: impl Fn(usize, usize) -> f32, hidden: &[bool]) -> Field {
        let cells = (0..WIDTH * HEIGHT).map(|at| of(at % WIDTH, at / WIDTH));
        let change = Field::of(WIDTH, HEIGHT, cells);
        let light: Vec<bool> = change.values.iter().map(|change| *change != 0.0).collect();
        residuals(&change, &light, hidden)
    }

    fn largest(residual: &Field) -> f32 {
        residual
            .values
            .iter()
            .fold(0.0, |most, residual| residual.abs().max(most))
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
            let residual = residual_of(|x, y| strip(x, y, width), &[false; WIDTH * HEIGHT]);

            assert!(largest(&residual) < 0.1, "{width}: {}", largest(&residual));
        }
    }

    #[test]
    fn an_object_in_the_light_beside_it_and_across_its_edge_is_not() {
        for left in [26, 34, 39, 42] {
            let is_object =
                |x: usize, y: usize| (left..left + 4).contains(&x) && (20..23).contains(&y);
            let seen = |x, y| {
                if is_object(x, y) {
                    0.7
                } else {
                    strip(x, y, 9.0)
                }
            };

            let residual = residual_of(seen, &[false; WIDTH * HEIGHT]);

            let middle = residual.values[21 * WIDTH + left + 1];
            assert!(middle > 0.25, "{left}: {middle}");
        }
    }

    #[test]
    fn rays_end_at_masks() {
        let hidden: Vec<bool> = (0..WIDTH * HEIGHT).map(|at| at % WIDTH != 30).collect();

        let residual = residual_of(|x, y| if (x, y) == (30, 20) { 0.5 } else { 0.1 }, &hidden);

        assert!(residual.values[20 * WIDTH + 30] > 0.35);
        assert_eq!(residual.values[20 * WIDTH + 10], 0.0);
    }
}
