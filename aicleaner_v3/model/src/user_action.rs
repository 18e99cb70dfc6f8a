//! What a person did with a task's item on a to-do list.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EntityId, ItemUid, TaskId};

/// A task's item as a list showed it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSeen {
    /// The list's own id for it.
    pub uid: ItemUid,
    /// Its text; empty when it is not known.
    pub summary: String,
    /// When it is due (ISO 8601).
    pub due: Option<String>,
    /// Whether it was ticked.
    pub is_ticked: bool,
    /// Other items with the same text at that time: they are not ours.
    pub twins: Vec<ItemUid>,
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserActionKind {
    /// Ticked it.
    Ticked,
    /// Took the tick back.
    Unticked,
    /// Deleted it.
    Deleted,
    /// Gave it another text.
    Renamed(String),
    /// Said when it is due (ISO 8601), or that it no longer is.
    Due(Option<String>),
}

impl UserActionKind {
    /// The word that stands for it in the history.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Ticked => "ticked",
            Self::Unticked => "unticked",
            Self::Deleted => "deleted",
            Self::Renamed(_) => "renamed",
            Self::Due(_) => "due_changed",
        }
    }
}

/// A user action, as a list shows it. Hearing it twice does no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAction {
    /// The task.
    pub task: TaskId,
    /// The list on which it was done.
    pub list: EntityId,
    /// The task's item there, as it is now, or as it was before it went.
    pub item: ItemSeen,
    /// What was done.
    pub kind: UserActionKind,
    /// When it was heard.
    pub at: Timestamp,
}
