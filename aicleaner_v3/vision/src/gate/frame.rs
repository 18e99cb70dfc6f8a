//! A snapshot as the gate sees it. Never holds its pixels.

use std::time::Duration;

use crate::image::raster::Raster;
use crate::measure::grid::Grid;
use crate::measure::quality::Quality;
use aicleaner_model::{LightMode, Mask};
use jiff::Timestamp;

/// A snapshot as the gate sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub(super) taken_at: Timestamp,
    pub(super) grid: Grid,
    pub(super) quality: Quality,
}

impl Frame {
    /// Measures a picture that `masks` were burned into already.
    pub fn new(raster: &Raster, masks: &[Mask], taken_at: Timestamp) -> Self {
        let grid = Grid::new(raster, masks, Grid::GATE_SIDE);
        Self {
            taken_at,
            quality: Quality::of(&grid),
            grid,
        }
    }

    /// When the snapshot was taken.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// Its measures.
    pub fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The light by which it was taken.
    pub fn light_mode(&self) -> LightMode {
        self.quality.light_mode()
    }

    /// How long before this frame something was; zero for what came later.
    pub(super) fn elapsed_since(&self, earlier: Timestamp) -> Duration {
        Duration::try_from(self.taken_at.duration_since(earlier)).unwrap_or(Duration::ZERO)
    }
}
