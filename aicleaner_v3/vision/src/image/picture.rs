//! A snapshot as it waits for a provider. Must never be drawn on.

use std::sync::Arc;

use jiff::Timestamp;

use super::decode::decode;
use super::encode::encode_jpeg;
use super::error::PictureError;
use super::limits::DecodeLimits;
use super::raster::Raster;
use aicleaner_model::EntityId;

/// High enough that what providers get shows no trace of it. From 90 on the encoder keeps colour at its full
/// resolution, in twice the bytes.
const KEPT_QUALITY: u8 = 89;

/// A snapshot, masked and made to fit, written as JPEG: a zone may wait for its provider for minutes, and pixels take
/// ten times the memory.
#[derive(Clone)]
pub struct Picture {
    /// The camera it came from.
    pub camera: EntityId,
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
    jpeg: Arc<[u8]>,
}

impl Picture {
    /// Keeps pixels that masks were burned into already.
    ///
    /// # Errors
    /// When a side is longer than the 65,535 pixels that a JPEG can hold.
    pub fn new(
        camera: EntityId,
        taken_at: Timestamp,
        raster: &Raster,
    ) -> Result<Self, PictureError> {
        Ok(Self {
            camera,
            taken_at,
            jpeg: encode_jpeg(raster, KEPT_QUALITY)?.into(),
        })
    }

    /// Its pixels.
    ///
    /// # Errors
    /// None that was seen: it reads what `new` wrote.
    pub fn raster(&self) -> Result<Raster, PictureError> {
        let no_limits = DecodeLimits {
            bytes: usize::MAX,
            side: u32::MAX,
            pixels: u64::MAX,
        };
        decode(&self.jpeg, &no_limits)
    }
}

impl std::fmt::Debug for Picture {
    /// Never the pixels: they are private, and many.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.camera, self.jpeg.len())
    }
}
