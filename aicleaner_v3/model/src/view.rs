//! What is shown of a zone and of the system: immutable pictures of the state that their owners publish
//! and that entities and pages read. Nobody changes anything through them.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{
    Condition, Dependency, LiveValues, Reason, Score, SkipReason, Spending, Task, Trend, Zone,
};

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
    /// As it is in effect: what is live on top of what was declared.
    pub zone: Zone,
    /// What was changed while running.
    pub live: LiveValues,
    /// The names of the providers that can be chosen.
    pub providers: Arc<[String]>,
    /// Whether the zone is looked at by itself.
    pub watching: bool,
    /// The last assessment's score.
    pub score: Option<Score>,
    /// Which way the score goes, if there are enough of them.
    pub trend: Option<Trend>,
    /// Whether somebody is there, by the zone's own sensors, if they tell.
    pub occupied: Option<bool>,
    /// Whether the score is below the threshold; unknown before the first assessment.
    pub needs_cleaning: Option<bool>,
    /// The last assessment's summary.
    pub summary: String,
    /// When the last assessment's answer was there.
    pub last_assessed: Option<Timestamp>,
    /// Why the last check went no further, if it did not.
    pub last_skip: Option<SkipReason>,
    /// Why the last check failed, if it did.
    pub last_failure: Option<Reason>,
    /// Open tasks, oldest first.
    pub open_tasks: Vec<Task>,
    /// The last frame, if there was one since the start.
    pub frame: Option<LastFrame>,
}

impl ZoneView {
    /// A zone that is watched and of which nothing is known yet.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            live: LiveValues::default(),
            providers: Arc::new([]),
            watching: true,
            score: None,
            trend: None,
            occupied: None,
            needs_cleaning: None,
            summary: String::new(),
            last_assessed: None,
            last_skip: None,
            last_failure: None,
            open_tasks: Vec::new(),
            frame: None,
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
    /// A person paused everything.
    Paused,
}

impl SystemStatus {
    /// All of them, in the order of the enum entity's options.
    pub const ALL: [Self; 4] = [Self::Running, Self::NoZones, Self::Waiting, Self::Paused];

    /// The word that stands for it in entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::NoZones => "no_zones",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
        }
    }
}

/// The system as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemView {
    /// In one word.
    pub status: SystemStatus,
    /// All that is not as it should be: what blocks first, else in the order of subjects.
    pub conditions: Vec<Condition>,
    /// What was spent, if there is a budget.
    pub spending: Option<Spending>,
    /// Whether a person paused everything.
    pub paused: bool,
    /// How many effects on Home Assistant wait, if that is known.
    pub outbox_pending: Option<u32>,
    /// Resident memory in bytes, if the system tells it.
    pub memory: Option<u64>,
    /// Since when it runs.
    pub started: Timestamp,
    /// Our own version.
    pub version: &'static str,
}

impl SystemView {
    /// A system that runs and of which nothing else is known.
    pub fn running(started: Timestamp, version: &'static str) -> Self {
        Self {
            status: SystemStatus::Running,
            conditions: Vec::new(),
            spending: None,
            paused: false,
            outbox_pending: None,
            memory: None,
            started,
            version,
        }
    }

    /// What keeps the program from its work.
    pub fn blocking(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(|known| known.is_blocking)
    }

    /// The problems of this dependency.
    pub fn problems_of(&self, dependency: Dependency) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(move |known| {
            known.is_problem() && known.subject.dependency() == Some(dependency)
        })
    }

    /// Whether this dependency has a problem.
    pub fn has_problem(&self, dependency: Dependency) -> bool {
        self.problems_of(dependency).next().is_some()
    }

    /// Whether the program can do its work.
    pub fn is_ready(&self) -> bool {
        self.blocking().next().is_none()
    }
}
