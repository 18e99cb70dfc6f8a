//! Makes a picture smaller. Never larger, never out of shape.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

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
pub fn fit(raster: &Raster, longest_side: u32) -> Raster {
    let (width, height) = fitted(raster.width(), raster.height(), longest_side);
    if (width, height) == (raster.width(), raster.height()) {
        return raster.clone();
    }
    resized(raster, width, height).unwrap_or_else(|| raster.clone())
}

/// None only if the sizes did not match their buffers, which a `Raster` rules out.
fn resized(raster: &Raster, width: u32, height: u32) -> Option<Raster> {
    let source = ImageRef::new(
        raster.width(),
        raster.height(),
        raster.rgb(),
        PixelType::U8x3,
    )
    .ok()?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Raster::new(width, height, target.into_vec())
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
    fn a_plain_picture_keeps_its_colour() {
        let plain = Raster::new(64, 32, [10, 120, 230].repeat(64 * 32)).unwrap();

        let fitted = fit(&plain, 20);

        assert_eq!((fitted.width(), fitted.height()), (20, 10));
        assert_eq!(fitted.rgb(), [10, 120, 230].repeat(200));
    }
}
