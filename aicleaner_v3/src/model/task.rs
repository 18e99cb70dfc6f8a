//! A finding that became the home's business.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EntityId, Finding, ItemUid, Presence, Priority, TaskId, ZoneId};

/// Where a task stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits to be done.
    Open,
    /// Done, seen by the camera or ticked by a person.
    Done,
    /// A person does not want it.
    Dismissed,
}

impl TaskState {
    /// The word that stands for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dismissed => "dismissed",
        }
    }
}

/// Who ended a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// A look saw that it was done.
    Camera,
    /// A person ticked or deleted it.
    Person,
}

impl EndedBy {
    /// The word that stands for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Person => "person",
        }
    }
}

/// A task's item on a to-do list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// The list's entity.
    pub list: EntityId,
    /// The item's uid, once the list has shown it.
    pub uid: Option<ItemUid>,
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
    /// When and by whom it was ended.
    pub ended: Option<(Timestamp, EndedBy)>,
    /// What the last look said of it.
    pub last_seen: Presence,
    /// Its item on a list, if the zone has a list.
    pub item: Option<ListItem>,
}

impl Task {
    /// A new open task for `finding`.
    pub fn open(zone: ZoneId, finding: Finding, list: Option<EntityId>, now: Timestamp) -> Self {
        Self {
            id: TaskId::new(now),
            zone,
            finding,
            state: TaskState::Open,
            opened_at: now,
            ended: None,
            last_seen: Presence::Present,
            item: list.map(|list| ListItem { list, uid: None }),
        }
    }

    /// Whether it waits to be done.
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }

    /// How much it matters.
    pub fn priority(&self) -> Priority {
        self.finding.priority
    }
}
