//! The frames of one camera that somebody approved as tidy. Never more than a few, and never pixels.

use crate::measure::grid::Grid;
use aicleaner_model::LightMode;

use serde::{Deserialize, Serialize};

/// A frame that somebody approved as tidy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The light by which it was taken.
    pub light: LightMode,
    /// The frame, of [`Grid::REFERENCE_SIDE`].
    pub grid: Grid,
}

/// The references of one camera: at most five for each light mode, oldest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct References(Vec<Reference>);

impl References {
    /// The most that are kept for each light mode.
    pub const MAX: usize = 5;

    /// Adds one; the oldest of its light mode goes when there are too many.
    pub fn add(&mut self, reference: Reference) {
        let light = reference.light;
        self.0.push(reference);
        if self.count(light) > Self::MAX
            && let Some(oldest) = self.0.iter().position(|r| r.light == light)
        {
            self.0.remove(oldest);
        }
    }

    /// How many there are for a light mode.
    pub fn count(&self, light: LightMode) -> usize {
        self.0.iter().filter(|r| r.light == light).count()
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Reference] {
        &self.0
    }
}
