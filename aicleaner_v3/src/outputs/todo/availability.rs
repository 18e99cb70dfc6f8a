//! Which lists can't be used, and why.

use std::collections::BTreeMap;

use super::plan::Abilities;
use crate::home_assistant::TodoList;
use crate::model::{EntityId, Reason};
use crate::telemetry::Code;

/// The lists that can't be used, and why.
pub type ListTrouble = BTreeMap<EntityId, Reason>;

/// Why a list can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The stable code.
    pub code: Code,
    /// One plain sentence.
    pub sentence: String,
}

/// Whether a list that shows this can be used; none as long as that is not known.
pub fn usable(list: &EntityId, shown: &TodoList, can: Abilities) -> Option<Result<(), Unusable>> {
    let unusable = |code, sentence| Some(Err(Unusable { code, sentence }));
    match shown {
        TodoList::Missing => unusable(
            Code::TodoListMissing,
            format!("The to-do list {list} does not exist in Home Assistant."),
        ),
        TodoList::Items(_) if !can.create => unusable(
            Code::TodoListRefused,
            format!("The to-do list {list} takes no new items."),
        ),
        TodoList::Items(_) => Some(Ok(())),
        TodoList::Unknown | TodoList::Unavailable => None,
    }
}
