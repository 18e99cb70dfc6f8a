//! JPEG in and out: what the cameras send, and what a model gets to see.
//! Decoding is bounded, because what comes back may have been made by anybody.

use jpeg_encoder::{ColorType, Encoder};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::canvas::Canvas;
use crate::KitError;

/// The longest side of a picture that is decoded.
const LONGEST_SIDE: usize = 8192;

/// Encodes a picture as JPEG of `quality` 1 to 100.
///
/// # Errors
/// When the encoder refuses the size.
pub fn encode(canvas: &Canvas, quality: u8) -> Result<Vec<u8>, KitError> {
    let mut bytes = Vec::with_capacity(canvas.pixels().len() / 12);
    Encoder::new(&mut bytes, quality.clamp(1, 100)).encode(
        canvas.pixels(),
        canvas.width(),
        canvas.height(),
        ColorType::Rgb,
    )?;
    Ok(bytes)
}

/// Brightness of every pixel of a JPEG, with its width and height, or nothing if it is no JPEG.
#[must_use]
pub fn decode_luma(bytes: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    decode(bytes, ColorSpace::Luma, 1)
}

/// Red, green and blue of every pixel of a JPEG, with its width and height, or nothing if it is no JPEG.
#[must_use]
pub fn decode_rgb(bytes: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    decode(bytes, ColorSpace::RGB, 3)
}

fn decode(bytes: &[u8], space: ColorSpace, channels: usize) -> Option<(usize, usize, Vec<u8>)> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    (pixels.len() == width * height * channels).then_some((width, height, pixels))
}
