//! Makes a picture smaller. Never larger, never out of shape.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::Raster;

/// The size that `width` x `height` gets when its longest side is to be at most `longest_side`.
pub(super) fn fitted(width: u32, height: u32, longest_side: u32) -> (u32, u32) {
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
pub(super) fn fit(raster: &Raster, longest_side: u32) -> Raster {
    let (width, height) = fitted(raster.width(), raster.height(), longest_side);
    if (width, height) == (raster.width(), raster.height()) {
        return raster.clone();
    }
    resized(raster, width, height).unwrap_or_else(|| raster.clone())
}

/// As [`fit`], but gives most of the large picture's memory back before it takes more.
pub fn shrink(mut raster: Raster, longest_side: u32) -> Raster {
    let (width, height) = fitted(raster.width(), raster.height(), longest_side);
    while raster.width() / 2 >= width && raster.height() / 2 >= height {
        raster.halve();
    }
    if (width, height) == (raster.width(), raster.height()) {
        return raster;
    }
    resized(&raster, width, height).unwrap_or(raster)
}

/// None only if the sizes did not match their buffers, which a `Raster` rules out.
fn resized(raster: &Raster, width: u32, height: u32) -> Option<Raster> {
    // The typed way keeps the code for fifteen other kinds of pixels out of the program.
    let source =
        TypedImageRef::<U8x3>::from_buffer(raster.width(), raster.height(), raster.rgb()).ok()?;
    let mut rgb = vec![0; usize::try_from(u64::from(width) * u64::from(height) * 3).ok()?];
    let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut rgb).ok()?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .ok()?;
    Raster::new(width, height, rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_side_fits_and_the_shape_stays() {
        assert_eq!(fitted(1920, 1080, 1024), (1024, 576));
        assert_eq!(fitted(1080, 1920, 1024), (576, 1024));
        assert_eq!(fitted(10_000, 1, 100), (100, 1));
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
    fn a_plain_picture_keeps_its_colour() {
        let plain = Raster::new(64, 32, [10, 120, 230].repeat(64 * 32)).unwrap();

        let fitted = fit(&plain, 20);

        assert_eq!((fitted.width(), fitted.height()), (20, 10));
        assert_eq!(fitted.rgb(), [10, 120, 230].repeat(200));
    }
}
