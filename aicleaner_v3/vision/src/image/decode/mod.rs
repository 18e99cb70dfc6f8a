//! Bytes to upright pixels: JPEG, PNG and WebP.
//! Must never allocate by a size that was not checked against the limits, and never return half a picture.

mod alpha;
mod bit_reader;
mod huffman;
mod idct;
mod jpeg;
mod markers;
mod png;
mod reduced;
mod reduced_header;
mod slice_reader;
mod webp;

#[cfg(test)]
mod tests;

use super::error::{Format, PictureError};
use super::limits::DecodeLimits;
use super::orientation::Orientation;
use super::raster::Raster;

/// A picture that was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its pixels, upright.
    pub raster: Raster,
    /// Width and height of the picture itself, upright, in pixels; its pixels may be fewer.
    pub size: (u32, u32),
}

/// Decodes a picture and turns it as its EXIF orientation says.
///
/// # Errors
/// When the bytes are no picture, too large, cut off, damaged, or of a kind that is not read.
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Raster, PictureError> {
    decode_for(bytes, limits, u32::MAX).map(|decoded| decoded.raster)
}

/// As [`decode`], for use with a longest side of `longest_side` pixels: a larger picture may come with half, a quarter
/// or an eighth of its pixels in each direction, if that is at least as many.
///
/// # Errors
/// As [`decode`].
pub fn decode_for(
    bytes: &[u8],
    limits: &DecodeLimits,
    longest_side: u32,
) -> Result<Decoded, PictureError> {
    limits.check_bytes(bytes.len())?;
    let whole = |(raster, orientation): (Raster, Orientation)| {
        let size = (raster.width(), raster.height());
        (raster, size, orientation)
    };
    let (raster, size, orientation) = match format_of(bytes) {
        Some(Format::Jpeg) => jpeg::decode(bytes, limits, longest_side)?,
        Some(Format::Png) => whole(png::decode(bytes, limits)?),
        Some(Format::WebP) => whole(webp::decode(bytes, limits)?),
        None => {
            return Err(PictureError::NotAPicture {
                begins: beginning(bytes),
            });
        }
    };
    Ok(Decoded {
        raster: orientation.turn(raster),
        size: orientation.turn_size(size),
    })
}

fn format_of(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(&[0xFF, 0xD8]) {
        Some(Format::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(Format::WebP)
    } else {
        None
    }
}

/// The first characters of something that is no picture, for people.
fn beginning(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(24)];
    let printable = head
        .iter()
        .all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
    if printable {
        let text: String = head.iter().map(|&b| char::from(b)).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("'{text}…'")
    } else {
        let hex: Vec<String> = head.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("the bytes {}", hex.join(" "))
    }
}
