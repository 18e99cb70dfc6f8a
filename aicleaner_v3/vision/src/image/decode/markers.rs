//! The marker segments of a JPEG (ITU-T T.81, annex B), and what is said of one that is damaged. Must never read beyond
//! the bytes, and never decode.

use crate::image::error::{Format, PictureError};

/// The next marker from `at` on, and where it ends. Stuffed zeros and fill bytes are skipped.
pub(super) fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xFF)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xFF => at += 1,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// The body of the segment whose length stands at `at`.
///
/// # Errors
/// When it is cut off, or its length is too small.
pub(super) fn segment(bytes: &[u8], at: usize) -> Result<&[u8], PictureError> {
    let too_short = || cut_off("it ends within its headers");
    let pair: [u8; 2] = bytes
        .get(at..at + 2)
        .and_then(|pair| pair.try_into().ok())
        .ok_or_else(too_short)?;
    let length = usize::from(u16::from_be_bytes(pair));
    if length < 2 {
        return Err(damaged(format!("a segment has a length of {length}")));
    }
    bytes.get(at + 2..at + length).ok_or_else(too_short)
}

/// The JPEG ends too early.
pub(super) fn cut_off(reason: &str) -> PictureError {
    PictureError::Truncated {
        format: Format::Jpeg,
        reason: reason.to_owned(),
    }
}

/// The JPEG breaks the rules of its format.
pub(super) fn damaged(reason: String) -> PictureError {
    PictureError::Damaged {
        format: Format::Jpeg,
        reason,
    }
}
