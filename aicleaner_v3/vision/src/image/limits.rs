//! How large a picture may be. Every limit is checked on the header: nothing must ever be allocated before.

use super::error::PictureError;

/// How large a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    /// The longest file, in bytes.
    pub bytes: usize,
    /// The longest side, in pixels.
    pub side: u32,
    /// Width times height, in pixels.
    pub pixels: u64,
}

impl Default for DecodeLimits {
    /// 24 MiB, 12,000 pixels a side, 50 megapixels: room for an 8K camera (33 megapixels) and for a
    /// telephone's photograph, while the pixels of the largest picture still fit into 150 MB.
    fn default() -> Self {
        Self {
            bytes: 24 * 1024 * 1024,
            side: 12_000,
            pixels: 50_000_000,
        }
    }
}

impl DecodeLimits {
    /// # Errors
    /// When the file is empty or too long.
    pub(crate) fn check_bytes(&self, found: usize) -> Result<(), PictureError> {
        if found == 0 {
            Err(PictureError::Empty)
        } else if found > self.bytes {
            Err(PictureError::TooManyBytes {
                found,
                limit: self.bytes,
            })
        } else {
            Ok(())
        }
    }

    /// # Errors
    /// When a side or the area is too large.
    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), PictureError> {
        let pixels = u64::from(width) * u64::from(height);
        if width > self.side || height > self.side || pixels > self.pixels {
            Err(PictureError::TooLarge {
                width,
                height,
                side: self.side,
                pixels: self.pixels,
            })
        } else {
            Ok(())
        }
    }
}
