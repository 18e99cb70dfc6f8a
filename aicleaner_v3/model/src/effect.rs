//! What is to be done on Home Assistant because a zone's state changed.

use serde::{Deserialize, Serialize};

use super::{EntityId, TaskId};

/// An effect on a to-do list, stored with the state that caused it and worked off afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The task it is about.
    pub task: TaskId,
    /// The list it is for.
    pub list: EntityId,
    /// What is to be done there.
    pub action: ItemAction,
}

/// What an item shall say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// One line.
    pub summary: String,
    /// More lines, for lists that take them; may be empty.
    pub description: String,
    /// A date or a time in ISO 8601, for lists that take one.
    #[serde(default)]
    pub due: Option<String>,
}

/// What is to be done with a task's item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ItemAction {
    /// Put it on the list.
    Add(Item),
    /// Tick it off.
    Complete,
    /// Take the tick back; where the item is no longer to be seen, put it on the list again.
    Reopen(Item),
    /// Take it off the list.
    Remove,
}
