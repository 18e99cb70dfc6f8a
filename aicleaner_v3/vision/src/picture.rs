//! A frame's pixels, as providers get them. They are never drawn on.

use jiff::Timestamp;

use super::Raster;
use aicleaner_model::EntityId;

/// A snapshot, decoded, masked and made to fit.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The camera it came from.
    pub camera: EntityId,
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
    /// The pixels.
    pub raster: Raster,
}
