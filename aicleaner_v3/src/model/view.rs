//! What is shown of a zone and of the system: immutable pictures of the state that their owners publish
//! and that entities and pages read. Nobody changes anything through them.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Score, SkipReason, Spending, Task, Zone};

/// The last frame as a picture to show, with masks burned in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastFrame {
    /// When the snapshot was taken.
    pub taken_at: Timestamp,
    /// JPEG, bounded in size by the pipeline.
    pub jpeg: Bytes,
}

/// A zone as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneView {
    /// As declared.
    pub zone: Zone,
    /// Whether the zone is looked at by itself.
    pub watching: bool,
    /// The last assessment's score.
    pub score: Option<Score>,
    /// Whether the score is below the threshold; unknown before the first assessment.
    pub needs_cleaning: Option<bool>,
    /// The last assessment's summary.
    pub summary: String,
    /// When the last assessment's answer was there.
    pub last_assessed: Option<Timestamp>,
    /// Why the last look went no further, if it did not.
    pub last_skip: Option<SkipReason>,
    /// One plain sentence on why the last look failed, if it did.
    pub last_failure: Option<String>,
    /// Open tasks, oldest first.
    pub open_tasks: Vec<Task>,
    /// The last frame, if there was one since the start.
    pub frame: Option<LastFrame>,
}

/// Something outside that AICleaner needs for its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dependency {
    /// Valid settings.
    Settings,
    /// A running Home Assistant that lets us in.
    HomeAssistant,
    /// The MQTT broker.
    Mqtt,
    /// The database.
    Store,
}

impl Dependency {
    /// The word that stands for it in `/health/ready` and entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::HomeAssistant => "home_assistant",
            Self::Mqtt => "mqtt",
            Self::Store => "store",
        }
    }
}

/// The system in one word, the state of an enum entity: the words never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemStatus {
    /// Connected and working.
    Running,
    /// Connected, but no zone is set up.
    NoZones,
    /// Something it needs is missing.
    Waiting,
}

impl SystemStatus {
    /// All of them, in the order of the enum entity's options.
    pub const ALL: [Self; 3] = [Self::Running, Self::NoZones, Self::Waiting];

    /// The word that stands for it in entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NoZones => "no_zones",
            Self::Waiting => "waiting",
        }
    }
}

/// The system as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemView {
    /// In one word.
    pub status: SystemStatus,
    /// What is missing, each with one plain sentence for people.
    pub missing: Vec<(Dependency, String)>,
    /// What else needs a person's hand, each in one plain sentence.
    pub troubles: Vec<String>,
    /// What was spent, if there is a purse.
    pub spending: Option<Spending>,
    /// Our own version.
    pub version: &'static str,
}
