//! Makes a picture smaller. Must never make it larger, or change its proportions.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions};

use std::ops::Range;

use super::buffers;
use super::raster::Raster;

/// The size that `width` x `height` gets when its longest side is to be at most `longest_side`.
pub(crate) fn fitted_size(width: u32, height: u32, longest_side: u32) -> (u32, u32) {
    let longest = width.max(height);
    let target = longest_side.max(1);
    if longest <= target {
        return (width, height);
    }
    let scale = |side: u32| {
        let scaled =
            (u64::from(side) * u64::from(target) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(target).max(1)
    };
    (scale(width), scale(height))
}

/// `raster` with its longest side at most `longest_side` pixels (at least 1), in the same shape.
/// A smaller picture stays as it is.
pub(crate) fn fit(raster: &Raster, longest_side: u32) -> Raster {
    let (width, height) = fitted_size(raster.width(), raster.height(), longest_side);
    if (width, height) == (raster.width(), raster.height()) {
        return raster.clone();
    }
    let mut copy = raster.clone();
    resized(&mut copy, width, height, AREA).unwrap_or(copy)
}

/// As [`fit`], but frees most of the large picture's memory before it allocates more, and takes less time where the
/// picture gets only a little smaller.
pub fn shrink(mut raster: Raster, longest_side: u32) -> Raster {
    let (width, height) = fitted_size(raster.width(), raster.height(), longest_side);
    while raster.width() / 2 >= width && raster.height() / 2 >= height {
        raster.halve();
    }
    if (width, height) == (raster.width(), raster.height()) {
        return raster;
    }
    let is_near = raster.width() * 2 <= width * 3 && raster.height() * 2 <= height * 3;
    let algorithm = if is_near { INTERPOLATED } else { AREA };
    resized(&mut raster, width, height, algorithm).unwrap_or(raster)
}

/// Each pixel is the mean of the area that it covers, as is needed for much smaller pictures, and for less noise.
const AREA: ResizeAlg = ResizeAlg::Convolution(FilterType::Bilinear);
/// Each pixel is made of the four that it lies between. Up to half as many pixels again, every one still counts.
const INTERPOLATED: ResizeAlg = ResizeAlg::Interpolation(FilterType::Bilinear);

/// Rows that are resized at a time: the resizer holds the result of its first pass for these only.
const BAND: u32 = 576;

/// None only if the sizes did not match their buffers, which a `Raster` rules out. It is not written to: the resizer's
/// own pictures are mutable ones, and of another kind it would have all its code, 225 kB, a second time.
fn resized(raster: &mut Raster, width: u32, height: u32, algorithm: ResizeAlg) -> Option<Raster> {
    let step = f64::from(raster.height()) / f64::from(height);
    let (from_row, to_row) = (raster.width() as usize * 3, width as usize * 3);
    let mut rgb = buffers::dirty(to_row.checked_mul(height as usize)?);
    for (top, band) in (0..height)
        .step_by(BAND as usize)
        .zip(rgb.chunks_mut(to_row * BAND as usize))
    {
        let rows = BAND.min(height - top);
        let source = source_rows(top..top + rows, raster.height(), height);
        let pixels = source.start as usize * from_row..source.end as usize * from_row;
        let (from_width, from_height) = (raster.width(), source.end - source.start);
        // The typed way keeps the code for fifteen other kinds of pixels out of the program.
        let source_image =
            TypedImage::<U8x3>::from_buffer(from_width, from_height, &mut raster.rgb_mut()[pixels])
                .ok()?;
        let mut target = TypedImage::<U8x3>::from_buffer(width, rows, band).ok()?;
        let above = f64::from(top) * step - f64::from(source.start);
        let left = f64::from(from_height) - above;
        let options = ResizeOptions::new().resize_alg(algorithm).crop(
            0.0,
            above,
            f64::from(from_width),
            (f64::from(rows) * step).min(left),
        );
        buffers::with_resizer(|resizer| resizer.resize_typed(&source_image, &mut target, &options))
            .ok()?;
    }
    Raster::new(width, height, rgb)
}

/// The rows of a picture of `from` rows that these rows of one of `to` are made of: a bilinear filter sees one row of
/// the smaller picture to each side.
fn source_rows(rows: Range<u32>, from: u32, to: u32) -> Range<u32> {
    let (from_rows, to_rows) = (u64::from(from), u64::from(to));
    let first = u64::from(rows.start).saturating_sub(2) * from_rows / to_rows;
    let last = ((u64::from(rows.end) + 2) * from_rows).div_ceil(to_rows);
    let at = |row: u64| u32::try_from(row).unwrap_or(from).min(from);
    at(first)..at(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_side_fits_and_the_shape_stays() {
        assert_eq!(fitted_size(1920, 1080, 1024), (1024, 576));
        assert_eq!(fitted_size(1080, 1920, 1024), (576, 1024));
        assert_eq!(fitted_size(10_000, 1, 100), (100, 1));
    }

    #[test]
    fn a_small_picture_is_never_enlarged() {
        let small = Raster::new(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();

        assert_eq!(fit(&small, 1024), small);
    }

    #[test]
    fn a_shrunk_picture_is_as_large_as_a_fitted_one_and_shows_the_same() {
        let rgb = (0..101_u32 * 67 * 3)
            .map(|i| (i / 3 % 101 * 2).to_le_bytes()[0])
            .collect();
        let ramp = Raster::new(101, 67, rgb).unwrap();
        for side in [10, 24, 25, 50, 51, 100, 101, 300] {
            let (fitted, shrunk) = (fit(&ramp, side), shrink(ramp.clone(), side));

            assert_eq!(
                (shrunk.width(), shrunk.height()),
                (fitted.width(), fitted.height())
            );
            let far = shrunk.rgb().iter().zip(fitted.rgb());
            assert!(far.map(|(a, b)| a.abs_diff(*b)).max() < Some(12), "{side}");
        }
    }

    #[test]
    fn bands_leave_no_seam() {
        let level = |row: u32| (row / 8).to_le_bytes()[0];
        for (algorithm, (width, height)) in [(AREA, (20, 801)), (INTERPOLATED, (28, 1201))] {
            let from = 1601_u32;
            let rgb = (0..from)
                .flat_map(|y| (0..40_u32).flat_map(move |x| [x.to_le_bytes()[0], 9, level(y)]))
                .collect();
            let mut slope = Raster::new(40, from, rgb).unwrap();

            let small = resized(&mut slope, width, height, algorithm).unwrap();

            assert!(height > BAND);
            for y in 0..height {
                let expected = (f64::from(y) + 0.5) * f64::from(from) / f64::from(height) - 0.5;
                let found = small.row(y)[2];
                assert!(
                    (f64::from(found) - expected / 8.0).abs() < 1.1,
                    "row {y}: {found}"
                );
            }
        }
    }

    #[test]
    fn a_plain_picture_keeps_its_colour() {
        let plain = Raster::new(64, 32, [10, 120, 230].repeat(64 * 32)).unwrap();

        let fitted = fit(&plain, 20);

        assert_eq!((fitted.width(), fitted.height()), (20, 10));
        assert_eq!(fitted.rgb(), [10, 120, 230].repeat(200));
    }
}
