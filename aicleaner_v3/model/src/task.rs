//! A finding that became the home's business.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Finding, TaskId, ZoneId};

/// Where a task stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Found, but not surely enough, or one too many: nobody is told of it yet.
    Proposed,
    /// Waits to be done.
    Open,
    /// A check saw that it was done. It lingers: if it comes back soon, it is opened again.
    DoneByCamera,
    /// A person ticked it. It lingers: as long as its cause stays in the picture it is not raised again.
    DoneByPerson,
    /// A person deleted it. It lingers: for a time the same is not proposed again.
    Dismissed,
    /// Over: the same thing found again is a new task.
    Settled,
}

impl TaskState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Proposed,
        Self::Open,
        Self::DoneByCamera,
        Self::DoneByPerson,
        Self::Dismissed,
        Self::Settled,
    ];

    /// The word that stands for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Open => "open",
            Self::DoneByCamera => "done_by_camera",
            Self::DoneByPerson => "done_by_person",
            Self::Dismissed => "dismissed",
            Self::Settled => "settled",
        }
    }

    /// The state that `word` stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What the looks so far have seen of a task's cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sightings {
    /// In how many checks it was found or judged present.
    pub seen: u8,
    /// In how many checks in a row, up to now, it was not seen.
    pub unseen: u8,
    /// Whether it was not seen at least once since a person ended the task.
    pub was_absent: bool,
    /// A person opened the task again: until then no check closes it, unless one has seen it since.
    pub kept_until: Option<Timestamp>,
}

/// A task: opened by a finding, ended by the camera or by a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Sorts by the time it was found first.
    pub id: TaskId,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// What was found.
    pub finding: Finding,
    /// Where it stands.
    pub state: TaskState,
    /// When it was found first, or opened again.
    pub opened_at: Timestamp,
    /// When it came to the state in which it is.
    pub changed_at: Timestamp,
    /// Its name, if a person gave it another one. It stays as people wrote it.
    #[serde(default)]
    pub renamed: Option<String>,
    /// A date or a time in ISO 8601, if a person said when it is due.
    #[serde(default)]
    pub due: Option<String>,
    /// What the looks have seen of it.
    #[serde(default)]
    pub sightings: Sightings,
}

impl Task {
    /// A new open task for `finding`.
    pub fn open(zone: ZoneId, finding: Finding, now: Timestamp) -> Self {
        Self::found(TaskId::new(now), zone, finding, TaskState::Open, now)
    }

    /// A new task that was seen once.
    pub fn found(
        id: TaskId,
        zone: ZoneId,
        finding: Finding,
        state: TaskState,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            zone,
            finding,
            state,
            opened_at: now,
            changed_at: now,
            renamed: None,
            due: None,
            sightings: Sightings {
                seen: 1,
                ..Sightings::default()
            },
        }
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        self.renamed.as_deref().unwrap_or(&self.finding.title)
    }

    /// Whether it waits to be done.
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }

    /// Whether reconcile still needs to know of it.
    pub fn is_living(&self) -> bool {
        self.state != TaskState::Settled
    }

    /// The same task in another state.
    #[must_use]
    pub fn moved(&self, state: TaskState, now: Timestamp) -> Self {
        Self {
            state,
            changed_at: now,
            ..self.clone()
        }
    }
}
