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

/// What is to be done with a task's item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ItemAction {
    /// Put it on the list.
    Add {
        /// One line.
        summary: String,
        /// More lines, for lists that take them.
        description: String,
    },
    /// Tick it off.
    Complete,
}
