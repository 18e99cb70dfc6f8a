//! Why a check was asked for, and why one was not taken further.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a check was asked for. A higher one replaces a lower one that still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The zone's interval has passed.
    Schedule,
    /// A check that failed for a reason that may have passed.
    Retry,
    /// Reconcile wants to confirm what it saw.
    #[serde(rename = "second_look")]
    Recheck,
    /// A watched entity changed.
    State,
    /// Home Assistant told of an event.
    Event,
    /// Asked for over the API.
    Api,
    /// A person pressed "assess now".
    Button,
}

impl Trigger {
    /// The word that stands for it in logs, the database and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Retry => "retry",
            Self::Recheck => "second_look",
            Self::State => "state",
            Self::Event => "event",
            Self::Api => "api",
            Self::Button => "button",
        }
    }

    /// Whether the check passes the gate's `unchanged`: a person asked, or a second opinion is wanted.
    pub fn passes_the_gate(self) -> bool {
        self.is_manual() || self == Self::Recheck
    }

    /// Whether a person asked: such a check passes the gate's `unchanged` and quiet hours.
    pub fn is_manual(self) -> bool {
        matches!(self, Self::Button | Self::Api)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a check ended without an assessment. The words are the states of an enum entity: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A person paused everything.
    Paused,
    /// The zone's switch `watching` is off.
    NotWatching,
    /// Home Assistant is not there yet, or still starting.
    WaitingForHome,
    /// It is quiet now.
    QuietHours,
    /// Nobody is at home, and the zone is looked at only when somebody is.
    NobodyHome,
    /// Somebody is at home, or nobody knows, and the zone is looked at only when nobody is.
    SomebodyHome,
    /// Somebody is in the room, or was a moment ago.
    Occupied,
    /// No sensor of the room tells whether somebody is there.
    OccupancyUnknown,
    /// The camera is off or unavailable.
    CameraUnavailable,
    /// The room looks as it did at the last assessment.
    Unchanged,
    /// Something differs, but does not lie still: somebody is in the room.
    Moving,
    /// There is too little light.
    Dark,
    /// The picture is nearly all white.
    BlownOut,
    /// The picture has no detail.
    Blurred,
    /// Something covers the camera.
    Covered,
    /// The camera sends the very same picture again and again.
    Frozen,
    /// The budget is at its cap, and no free provider is left.
    CapReached,
}

impl SkipReason {
    /// All of them, in the order of the enum entity's options.
    pub const ALL: [Self; 17] = [
        Self::Paused,
        Self::NotWatching,
        Self::WaitingForHome,
        Self::QuietHours,
        Self::NobodyHome,
        Self::SomebodyHome,
        Self::Occupied,
        Self::OccupancyUnknown,
        Self::CameraUnavailable,
        Self::Unchanged,
        Self::Moving,
        Self::Dark,
        Self::BlownOut,
        Self::Blurred,
        Self::Covered,
        Self::Frozen,
        Self::CapReached,
    ];

    /// The word that stands for it in logs, the database and entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::NotWatching => "not_watching",
            Self::WaitingForHome => "waiting_for_home",
            Self::QuietHours => "quiet_hours",
            Self::NobodyHome => "nobody_home",
            Self::SomebodyHome => "somebody_home",
            Self::Occupied => "occupied",
            Self::OccupancyUnknown => "occupancy_unknown",
            Self::CameraUnavailable => "camera_unavailable",
            Self::Unchanged => "unchanged",
            Self::Moving => "moving",
            Self::Dark => "dark",
            Self::BlownOut => "blown_out",
            Self::Blurred => "blurred",
            Self::Covered => "covered",
            Self::Frozen => "frozen",
            Self::CapReached => "cap_reached",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
