//! WebP, lossy and lossless. Transparent parts become white. Must never decode an animated picture.

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::alpha::drop_alpha;
use crate::image::error::{Format, PictureError};
use crate::image::limits::DecodeLimits;
use crate::image::orientation::Orientation;
use crate::image::raster::Raster;

pub(super) fn decode(
    bytes: &[u8],
    limits: &DecodeLimits,
) -> Result<(Raster, Orientation), PictureError> {
    let chunks = Chunks::read(bytes)?;
    for (width, height) in &chunks.sizes {
        limits.check_size(*width, *height)?;
    }
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| webp_error(&e))?;
    decoder.set_memory_limit(limits.bytes);
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    if decoder.is_animated() {
        return Err(animated());
    }
    let size = decoder
        .output_buffer_size()
        .ok_or_else(|| damaged("its size overflows"))?;
    let mut pixels = vec![0; size];
    decoder
        .read_image(&mut pixels)
        .map_err(|e| webp_error(&e))?;
    let rgb = if decoder.has_alpha() {
        drop_alpha(&pixels)
    } else {
        pixels
    };
    let raster =
        Raster::new(width, height, rgb).ok_or_else(|| damaged("its pixels do not fill it"))?;
    let orientation = chunks
        .exif
        .map_or_else(Orientation::default, Orientation::from_exif);
    Ok((raster, orientation))
}

/// What the chunks of a file say before any of them is decoded (RFC 9649, section 2).
struct Chunks<'a> {
    /// Of the canvas and of every picture chunk: the decoder allocates by the latter.
    sizes: Vec<(u32, u32)>,
    exif: Option<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, PictureError> {
        let declared = read_u32(bytes, 4).ok_or_else(|| cut_off(bytes.len(), 12))? as usize;
        let end = declared.saturating_add(8);
        if end > bytes.len() {
            return Err(cut_off(bytes.len(), end));
        }
        let mut chunks = Self {
            sizes: Vec::new(),
            exif: None,
        };
        let mut at = 12;
        while at + 8 <= end {
            let name = &bytes[at..at + 4];
            let length = read_u32(bytes, at + 4).unwrap_or(0) as usize;
            let body = bytes
                .get(at + 8..(at + 8).saturating_add(length))
                .ok_or_else(|| cut_off(bytes.len(), (at + 8).saturating_add(length)))?;
            match name {
                b"VP8 " => chunks.sizes.extend(lossy_size(body)),
                b"VP8L" => chunks.sizes.extend(lossless_size(body)),
                b"ANIM" | b"ANMF" => return Err(animated()),
                b"EXIF" => chunks.exif = Some(body),
                _ => {}
            }
            if chunks.sizes.len() > 1 {
                return Err(damaged("it holds more than one picture"));
            }
            at = (at + 8).saturating_add(length).saturating_add(length % 2);
        }
        if chunks.sizes.is_empty() {
            return Err(damaged("it holds no picture"));
        }
        Ok(chunks)
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    let quad: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(quad))
}

/// RFC 6386 section 9.1: 14 bits each after the frame tag and the start code.
fn lossy_size(body: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let pair: [u8; 2] = body.get(at..at + 2)?.try_into().ok()?;
        Some(u32::from(u16::from_le_bytes(pair) & 0x3FFF))
    };
    Some((side(6)?, side(8)?))
}

/// RFC 9649 section 3.4: 14 bits each, less one, after the signature.
fn lossless_size(body: &[u8]) -> Option<(u32, u32)> {
    let bits = read_u32(body, 1)?;
    Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
}

fn cut_off(found: usize, expected: usize) -> PictureError {
    PictureError::Truncated {
        format: Format::WebP,
        reason: format!("it has {found} of {expected} bytes"),
    }
}

fn damaged(reason: &str) -> PictureError {
    PictureError::Damaged {
        format: Format::WebP,
        reason: reason.to_owned(),
    }
}

fn animated() -> PictureError {
    PictureError::Unsupported {
        format: Format::WebP,
        kind: "a moving picture".to_owned(),
    }
}

fn webp_error(error: &DecodingError) -> PictureError {
    match error {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureError::Truncated {
                format: Format::WebP,
                reason: "its data ends too early".to_owned(),
            }
        }
        other => damaged(&other.to_string()),
    }
}
