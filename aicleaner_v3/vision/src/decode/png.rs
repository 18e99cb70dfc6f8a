//! PNG of every colour type, depth and interlacing, to 8-bit colour. Transparent parts become white.

use std::io::Cursor;

use ::png::{BitDepth, ColorType, Decoder, DecodingError, Limits as PngLimits, Transformations};

use super::{Format, Limits, Orientation, PictureError, Raster};

/// What the decoder may allocate besides the pixels: its window, a few rows, small chunks.
const BESIDES_PIXELS: usize = 4 * 1024 * 1024;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<(Raster, Orientation), PictureError> {
    let mut decoder = Decoder::new_with_limits(
        Cursor::new(bytes),
        PngLimits {
            bytes: BESIDES_PIXELS,
        },
    );
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(|e| told(&e))?;
    limits.check_size(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(|e| told(&e))?;
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| damaged("its size overflows"))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|e| told(&e))?;
    reader.finish().map_err(|e| told(&e))?;
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

/// RGBA to RGB over white.
pub(super) fn drop_alpha(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4)
        .flat_map(|p| {
            [
                over_white(p[0], p[3]),
                over_white(p[1], p[3]),
                over_white(p[2], p[3]),
            ]
        })
        .collect()
}

fn over_white(value: u8, alpha: u8) -> u8 {
    let mixed = (u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

fn damaged(reason: &str) -> PictureError {
    PictureError::Damaged {
        format: Format::Png,
        reason: reason.to_owned(),
    }
}

fn told(error: &DecodingError) -> PictureError {
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
