//! Writes pixels as a JPEG. Must never write metadata of any kind.
//!
//! libjpeg-turbo (as part of mozjpeg) does this, three times as fast as the best encoder in Rust: it has vector code
//! for a Raspberry Pi too. It is C, and must never get anything but pixels and their number: what cameras send is read
//! by safe Rust alone.

use mozjpeg::{ColorSpace, Compress};

use super::error::PictureError;
use super::raster::Raster;

/// The longest side that libjpeg writes, in pixels (`JPEG_MAX_DIMENSION` of its jmorecfg.h).
const LONGEST_SIDE: u32 = 65_500;

/// From this quality on chroma is not subsampled; below, it has half the resolution (4:2:0), as cameras do.
const FULL_COLOUR: u8 = 90;

/// `raster` as a baseline JPEG of `quality` 1 (worst) to 100 (best).
///
/// # Errors
/// When a side is longer than the 65,500 pixels that can be written.
pub fn encode_jpeg(raster: &Raster, quality: u8) -> Result<Vec<u8>, PictureError> {
    let failed = |reason: String| PictureError::Encode {
        width: raster.width(),
        height: raster.height(),
        reason,
    };
    if raster.width().max(raster.height()) > LONGEST_SIDE {
        return Err(failed(format!("a side may have {LONGEST_SIDE} pixels")));
    }
    let quality = quality.clamp(1, 100);
    let mut encoder = Compress::new(ColorSpace::JCS_RGB);
    encoder.set_fastest_defaults();
    encoder.set_size(raster.width() as usize, raster.height() as usize);
    encoder.set_quality(f32::from(quality));
    let colour = if quality < FULL_COLOUR {
        (2, 2)
    } else {
        (1, 1)
    };
    encoder.set_chroma_sampling_pixel_sizes(colour, colour);
    let write = || {
        let mut started = encoder.start_compress(Vec::with_capacity(raster.rgb().len() / 8))?;
        started.write_scanlines(raster.rgb())?;
        started.finish()
    };
    write().map_err(|error: std::io::Error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::decode::decode;
    use crate::image::limits::DecodeLimits;

    #[test]
    fn what_is_written_reads_back_the_same_but_for_jpegs_loss() {
        let grey = Raster::new(33, 17, vec![90; 33 * 17 * 3]).unwrap();

        let back = decode(&encode_jpeg(&grey, 90).unwrap(), &DecodeLimits::default()).unwrap();

        assert_eq!((back.width(), back.height()), (33, 17));
        assert!(back.rgb().iter().all(|&v| v.abs_diff(90) <= 2));
    }

    #[test]
    fn a_side_that_a_jpeg_cannot_hold_is_refused() {
        let wide = Raster::new(70_000, 1, vec![0; 210_000]).unwrap();

        assert!(matches!(
            encode_jpeg(&wide, 80),
            Err(PictureError::Encode { width: 70_000, .. })
        ));
    }
}
