//! A finding that became the home's business.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Finding, TaskId, ZoneId};

/// Where a task stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits to be done.
    Open,
    /// A look saw that it was done.
    DoneByCamera,
    /// A person ticked it. It lingers: as long as its cause stays in the picture it is not raised again.
    DoneByPerson,
    /// A person ticked it, and a later look saw that its cause was gone. It may be raised anew.
    Settled,
}

impl TaskState {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Open,
        Self::DoneByCamera,
        Self::DoneByPerson,
        Self::Settled,
    ];

    /// The word that stands for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::DoneByCamera => "done_by_camera",
            Self::DoneByPerson => "done_by_person",
            Self::Settled => "settled",
        }
    }
}

/// A task: opened by a finding, ended by the camera or by a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Sorts by the time it was opened.
    pub id: TaskId,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// What was found; its title is the item's summary.
    pub finding: Finding,
    /// Where it stands.
    pub state: TaskState,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it came to the state in which it is.
    pub changed_at: Timestamp,
}

impl Task {
    /// A new open task for `finding`.
    pub fn open(zone: ZoneId, finding: Finding, now: Timestamp) -> Self {
        Self {
            id: TaskId::new(now),
            zone,
            finding,
            state: TaskState::Open,
            opened_at: now,
            changed_at: now,
        }
    }

    /// Whether it waits to be done.
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
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
