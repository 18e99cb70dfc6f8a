//! A frame: a snapshot decoded and ready to be judged. Its pixels are never drawn on.

use jiff::Timestamp;

use super::Raster;
use crate::model::EntityId;

/// A snapshot, decoded; what the gate and the providers see.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The camera it came from.
    pub camera: EntityId,
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
    /// The pixels.
    pub raster: Raster,
}
