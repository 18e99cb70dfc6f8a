//! JPEG, baseline and progressive, colour, grey and CMYK, at full size or reduced (ITU-T T.81).
//!
//! Our own decoder because none in safe Rust is both strict and reduces: a picture that is cut off or
//! damaged anywhere is refused, and a camera's large picture is decoded straight to the size in use, one
//! row of blocks at a time. Never holds more than the pixels that come out, one such row, and, for
//! pictures in several scans, their coefficients.

mod bits;
mod huffman;
mod idct;
mod markers;
mod planes;
mod scans;
mod sequential;

use self::markers::{Frame, Markers, Next};
use self::planes::Planes;
use super::exif::Orientation;
use super::{Format, Limits, PictureError, Raster};

/// Decodes to the smallest eighth of its size whose longest side is still `at_least`.
pub(super) fn decode(
    bytes: &[u8],
    limits: &Limits,
    at_least: u32,
) -> Result<(Raster, Orientation), PictureError> {
    let mut markers = Markers::new(bytes);
    let frame = match markers.next()? {
        Next::Frame(frame) => frame,
        Next::Scan | Next::End => return Err(damaged("it has no frame header")),
    };
    limits.check_size(frame.width, frame.height)?;
    match markers.next()? {
        Next::Scan => {}
        Next::Frame(_) => return Err(damaged("it has two frame headers")),
        Next::End => return Err(damaged("it has no picture data")),
    }
    let scan = markers.scan(&frame)?;
    let mut planes = Planes::new(&frame, &markers.tables, eighths(&frame, at_least))?;
    let (width, height) = planes.size();
    let mut rgb = Vec::with_capacity(width * height * 3);
    if !frame.progressive && scan.parts.len() == frame.components.len() {
        let (bytes, at) = (markers.bytes, markers.at);
        markers.at = sequential::decode(bytes, at, &scan, &markers.tables, &mut planes, &mut rgb)?;
        match markers.next()? {
            Next::End => {}
            Next::Frame(_) | Next::Scan => return Err(damaged("it holds more than one picture")),
        }
    } else {
        scans::decode(&mut markers, &frame, scan, limits, &mut planes, &mut rgb)?;
    }
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let raster = Raster::new(side(width), side(height), rgb)
        .ok_or_else(|| damaged("its pixels do not fill it"))?;
    Ok((raster, markers.tables.orientation))
}

/// How many eighths of the size are needed.
fn eighths(frame: &Frame, at_least: u32) -> usize {
    let longest = frame.width.max(frame.height);
    (1..8_u8)
        .find(|&n| u64::from(longest) * u64::from(n) >= u64::from(at_least) * 8)
        .map_or(8, usize::from)
}

fn cut_off(reason: String) -> PictureError {
    PictureError::Truncated {
        format: Format::Jpeg,
        reason,
    }
}

fn damaged(reason: &str) -> PictureError {
    PictureError::Damaged {
        format: Format::Jpeg,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
