//! Masks, burned into the pixels before anything else sees them. Every pixel that a mask touches is covered: what is
//! hidden must never show at an edge.

use super::raster::Raster;
use aicleaner_model::{Mask, Point};

/// The colour of hidden parts: a grey that does not disturb measures of exposure.
const COVER: [u8; 3] = [128; 3];

/// Covers what the masks hide. Doing it again changes nothing.
pub fn burn(raster: &mut Raster, masks: &[Mask]) {
    let (width, height) = (raster.width(), raster.height());
    for mask in masks {
        for_each_span(mask.0.corners(), width, height, |row, from, to| {
            let at = (row * width as usize + from) * 3;
            let until = (row * width as usize + to) * 3;
            for pixel in raster.rgb_mut()[at..until].chunks_exact_mut(3) {
                pixel.copy_from_slice(&COVER);
            }
        });
    }
}

/// Which pixels of a picture of this size the masks hide, row by row.
pub(crate) fn hidden(masks: &[Mask], width: u32, height: u32) -> Vec<bool> {
    let mut hidden = vec![false; width as usize * height as usize];
    for mask in masks {
        for_each_span(mask.0.corners(), width, height, |row, from, to| {
            let start = row * width as usize;
            hidden[start + from..start + to].fill(true);
        });
    }
    hidden
}

/// Calls `cover(row, from, to)` for every run of pixels that the shape touches.
fn for_each_span(
    corners: &[Point],
    width: u32,
    height: u32,
    mut cover: impl FnMut(usize, usize, usize),
) {
    let (w, h) = (f64::from(width), f64::from(height));
    let edges: Vec<(Point, Point)> = corners
        .iter()
        .zip(corners.iter().cycle().skip(1))
        .map(|(a, b)| {
            let scaled = |p: &Point| Point {
                x: p.x * w,
                y: p.y * h,
            };
            (scaled(a), scaled(b))
        })
        .collect();
    let mut crossings = Vec::with_capacity(edges.len());
    for row in 0..height {
        let top = f64::from(row);
        // The inside, on a few lines through the row.
        for line in [top + 0.001, top + 0.25, top + 0.5, top + 0.75, top + 0.999] {
            crossings.clear();
            crossings.extend(
                edges
                    .iter()
                    .filter(|(a, b)| (a.y > line) != (b.y > line))
                    .map(|(a, b)| a.x + (line - a.y) / (b.y - a.y) * (b.x - a.x)),
            );
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let (from, to) = (pixel_at(pair[0], width), pixel_at(pair[1], width));
                cover(row as usize, from, to + 1);
            }
        }
        // The edges themselves, as far as they run through the row.
        for (a, b) in &edges {
            let (upper, lower) = if a.y <= b.y { (a, b) } else { (b, a) };
            if lower.y < top || upper.y > top + 1.0 {
                continue;
            }
            let x_at = |y: f64| {
                if lower.y - upper.y < 1e-9 {
                    upper.x
                } else {
                    upper.x + (y - upper.y) / (lower.y - upper.y) * (lower.x - upper.x)
                }
            };
            let (first, second) = if lower.y - upper.y < 1e-9 {
                (upper.x, lower.x)
            } else {
                (x_at(upper.y.max(top)), x_at(lower.y.min(top + 1.0)))
            };
            let from = pixel_at(first.min(second), width);
            let to = pixel_at(first.max(second), width);
            cover(row as usize, from, to + 1);
        }
    }
}

/// The column that `x` lies in, within the picture.
fn pixel_at(x: f64, width: u32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the columns first"
    )]
    let column = x.floor().clamp(0.0, f64::from(width - 1)) as usize;
    column
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::decode::decode;
    use crate::image::encode::encode_jpeg;
    use crate::image::limits::DecodeLimits;
    use aicleaner_model::Polygon;

    fn mask(corners: &[(f64, f64)]) -> Mask {
        let corners = corners.iter().map(|&(x, y)| Point { x, y }).collect();
        Mask(Polygon::new(corners).unwrap())
    }

    fn striped(width: u32, height: u32, phase: u32) -> Raster {
        let rgb = (0..width * height)
            .flat_map(|i| {
                [if (i / 3 + phase).is_multiple_of(2) {
                    250
                } else {
                    5
                }; 3]
            })
            .collect();
        Raster::new(width, height, rgb).unwrap()
    }

    #[test]
    fn what_is_masked_leaves_no_trace_in_the_bytes_that_leave() {
        let everything = [mask(&[(0.2, 0.2), (0.8, 0.3), (0.6, 0.9)])];
        let mut one = striped(64, 48, 0);
        let mut other = one.clone();
        let secret = hidden(&everything, 64, 48);
        for (pixel, hidden) in other.rgb_mut().chunks_exact_mut(3).zip(&secret) {
            if *hidden {
                pixel.copy_from_slice(&[200, 10, 77]);
            }
        }
        assert_ne!(one, other);

        burn(&mut one, &everything);
        burn(&mut other, &everything);

        let bytes = encode_jpeg(&one, 90).unwrap();
        assert_eq!(bytes, encode_jpeg(&other, 90).unwrap());
        let back = decode(&bytes, &DecodeLimits::default()).unwrap();
        let centre = (24 * 64 + 35) * 3;
        assert!(
            back.rgb()[centre..centre + 3]
                .iter()
                .all(|v| v.abs_diff(128) < 8)
        );
    }

    proptest::proptest! {
        #[test]
        fn masking_twice_is_masking_once(
            corners in proptest::collection::vec((0.0..=1.0, 0.0..=1.0), 3..12),
            width in 1_u32..80,
            height in 1_u32..60,
        ) {
            let masks = [mask(&corners)];
            let mut once = striped(width, height, 1);
            burn(&mut once, &masks);
            let mut twice = once.clone();
            burn(&mut twice, &masks);

            proptest::prop_assert_eq!(&once, &twice);
            let covered = once.rgb().chunks_exact(3).zip(hidden(&masks, width, height));
            proptest::prop_assert!(covered.into_iter().all(|(p, hidden)| !hidden || p == [128; 3]));
        }
    }

    #[test]
    fn every_pixel_that_a_mask_touches_is_covered() {
        let thin = [mask(&[(0.0, 0.0), (1.0, 0.98), (1.0, 1.0)])];

        let hidden = hidden(&thin, 50, 50);

        for i in 0..50 {
            assert!(hidden[i * 50 + i], "pixel {i} on the diagonal");
        }
    }

    #[test]
    fn a_mask_of_the_whole_picture_covers_it_all() {
        let mut raster = striped(31, 17, 0);

        burn(
            &mut raster,
            &[mask(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])],
        );

        assert!(raster.rgb().iter().all(|&v| v == 128));
    }
}
