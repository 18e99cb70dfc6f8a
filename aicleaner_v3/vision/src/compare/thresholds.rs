//! How large and how strong a difference must be to count. Holds numbers only, and never compares anything itself.

use aicleaner_model::Sensitivity;

/// How large and how strong a difference must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The smallest difference in brightness, as a natural logarithm: 0.1 is 10 %.
    pub brightness: f32,
    /// The smallest difference in colour, as a share of brightness.
    pub colour: f32,
    /// The smallest size, in cells that differ.
    pub cells: usize,
    /// Whether a region just below the thresholds counts too, if it brings an outline with it.
    pub faint: bool,
}

impl Thresholds {
    /// The thresholds for a sensitivity.
    pub fn for_sensitivity(sensitivity: Sensitivity) -> Self {
        let (brightness, colour, cells) = match sensitivity {
            Sensitivity::Low => (0.22, 0.14, 30),
            Sensitivity::Normal => (0.085, 0.06, 4),
            Sensitivity::High => (0.06, 0.045, 3),
        };
        Self {
            brightness,
            colour,
            cells,
            faint: sensitivity != Sensitivity::Low,
        }
    }

    /// Lower thresholds for what exceeded these a moment ago (hysteresis).
    pub(crate) fn relaxed(self) -> Self {
        Self {
            brightness: self.brightness * 0.8,
            colour: self.colour * 0.8,
            cells: self.cells - self.cells / 4,
            faint: self.faint,
        }
    }
}
