//! Writes pixels as a JPEG. Nothing but pixels goes in: no metadata of any kind.

use jpeg_encoder::{ColorType, Encoder};

use super::{PictureError, Raster};

/// `raster` as a baseline JPEG of `quality` 1 (worst) to 100 (best).
///
/// # Errors
/// When a side is longer than the 65,535 pixels that a JPEG can hold.
pub fn encode_jpeg(raster: &Raster, quality: u8) -> Result<Vec<u8>, PictureError> {
    let failed = |reason: String| PictureError::Encode {
        width: raster.width(),
        height: raster.height(),
        reason,
    };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| failed("a side may have 65,535 pixels".to_owned()))
    };
    let (width, height) = (side(raster.width())?, side(raster.height())?);
    let mut jpeg = Vec::with_capacity(raster.rgb().len() / 8);
    Encoder::new(&mut jpeg, quality.clamp(1, 100))
        .encode(raster.rgb(), width, height, ColorType::Rgb)
        .map_err(|error| failed(error.to_string()))?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, decode};

    #[test]
    fn what_is_written_reads_back_the_same_but_for_jpegs_loss() {
        let grey = Raster::new(33, 17, vec![90; 33 * 17 * 3]).unwrap();

        let back = decode(&encode_jpeg(&grey, 90).unwrap(), &Limits::default()).unwrap();

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
