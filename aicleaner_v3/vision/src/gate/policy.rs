//! What the gate goes by, and what it can decide. Never decides anything itself.

use std::fmt;
use std::time::Duration;

use crate::measure::quality::QualityFault;
use aicleaner_model::{Area, Sensitivity};

/// What the gate goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GatePolicy {
    /// How small a change counts.
    pub sensitivity: Sensitivity,
    /// How many frames must show a change besides the first one.
    pub confirmations: u8,
    /// How long a change must have been there.
    pub settle: Duration,
    /// When to take another frame while a change is not confirmed.
    pub recapture_after: Duration,
    /// How many more frames to take at once; after that it waits for the next check.
    pub max_recaptures: u8,
    /// A zone is assessed anyway after this time.
    pub reassess_after: Duration,
    /// A camera that sends identical frames for this long is frozen.
    pub frozen_after: Duration,
}

impl Default for GatePolicy {
    fn default() -> Self {
        Self {
            sensitivity: Sensitivity::default(),
            confirmations: 3,
            settle: Duration::from_secs(24),
            recapture_after: Duration::from_secs(8),
            max_recaptures: 6,
            reassess_after: Duration::from_secs(24 * 3600),
            frozen_after: Duration::from_secs(1800),
        }
    }
}

/// What is to be done about a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Have it assessed.
    Assess(AssessReason),
    /// Nothing; the schedule says when the next check is.
    Skip(Skip),
    /// Something changed, but may be passing: take another frame after this time.
    Recapture(Duration),
}

/// Why a frame is to be assessed.
#[derive(Debug, Clone, PartialEq)]
pub enum AssessReason {
    /// This camera was never assessed.
    First,
    /// The room changed, in these areas, largest first.
    Changed(Vec<Area>),
    /// It was not assessed for so long.
    Due(Duration),
    /// The camera's view has moved, and stays where it is.
    ViewMoved,
    /// Somebody asked, or a recheck is wanted.
    Requested,
}

/// Why a frame is not to be assessed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Skip {
    /// The room is unchanged.
    Unchanged,
    /// Something differs, but does not stay in place; the share of the picture, 0 to 1.
    Moving(f32),
    /// The frame shows nothing.
    Faulty(QualityFault),
    /// The camera sends identical frames: how many, and for how long.
    Frozen(u32, Duration),
}

impl Skip {
    /// The word that stands for it in logs and entities.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Moving(_) => "moving",
            Self::Faulty(QualityFault::Dark(_)) => "dark",
            Self::Faulty(QualityFault::BlownOut(_)) => "blown_out",
            Self::Faulty(QualityFault::Blurred(_)) => "blurred",
            Self::Faulty(QualityFault::Covered(_)) => "covered",
            Self::Frozen(..) => "frozen",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("the room is as it was"),
            Self::Moving(share) => {
                write!(
                    f,
                    "something moves in {:.0} % of the picture",
                    share * 100.0
                )
            }
            Self::Faulty(fault) => fault.fmt(f),
            Self::Frozen(times, time) => write!(
                f,
                "the camera has sent the very same picture {times} times in {} minutes",
                time.as_secs() / 60
            ),
        }
    }
}
