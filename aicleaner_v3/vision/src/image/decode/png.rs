//! PNG of every colour type, depth and interlacing, to 8-bit colour. Transparent parts become white. Must never
//! allocate before the size is checked.

use std::io::Cursor;

use ::png::{BitDepth, ColorType, Decoder, DecodingError, Limits as PngLimits, Transformations};

use super::alpha::{drop_alpha, over_white};
use crate::image::error::{Format, PictureError};
use crate::image::limits::DecodeLimits;
use crate::image::orientation::Orientation;
use crate::image::raster::Raster;

/// What the decoder may allocate besides the pixels: its window, a few rows, small chunks.
const BESIDES_PIXELS: usize = 4 * 1024 * 1024;

pub(super) fn decode(
    bytes: &[u8],
    limits: &DecodeLimits,
) -> Result<(Raster, Orientation), PictureError> {
    let mut decoder = Decoder::new_with_limits(
        Cursor::new(bytes),
        PngLimits {
            bytes: BESIDES_PIXELS,
        },
    );
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|e| png_error(&e))?;
    limits.check_size(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(|e| png_error(&e))?;
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| damaged("its size overflows"))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|e| png_error(&e))?;
    reader.finish().map_err(|e| png_error(&e))?;
    if frame.bit_depth != BitDepth::Eight {
        return Err(damaged("its depth is not 8 bits after conversion"));
    }
    let rgb = match frame.color_type {
        ColorType::Rgb => pixels,
        ColorType::Grayscale => pixels.iter().flat_map(|&v| [v, v, v]).collect(),
        ColorType::GrayscaleAlpha => pixels
            .chunks_exact(2)
            .flat_map(|p| [over_white(p[0], p[1]); 3])
            .collect(),
        ColorType::Rgba => drop_alpha(&pixels),
        ColorType::Indexed => return Err(damaged("its palette was not applied")),
    };
    let orientation = reader
        .info()
        .exif_metadata
        .as_deref()
        .map_or_else(Orientation::default, Orientation::from_tiff);
    let raster = Raster::new(frame.width, frame.height, rgb)
        .ok_or_else(|| damaged("its pixels do not fill it"))?;
    Ok((raster, orientation))
}

fn damaged(reason: &str) -> PictureError {
    PictureError::Damaged {
        format: Format::Png,
        reason: reason.to_owned(),
    }
}

fn png_error(error: &DecodingError) -> PictureError {
    match error {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureError::Truncated {
                format: Format::Png,
                reason: "its data ends before its last chunk".to_owned(),
            }
        }
        other => damaged(&other.to_string()),
    }
}
