//! What the rest of the program wants to follow in Home Assistant, whether there is a connection or not.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::watch;

use crate::model::EntityId;

use super::lists::TodoList;

/// What the rest of the program wants to follow.
#[derive(Debug, Default, Clone)]
pub(super) struct Wanted {
    /// Entities to follow, by who wants it.
    pub(super) entities: BTreeMap<&'static str, BTreeSet<EntityId>>,
    /// Types of events to hear, by who wants it.
    pub(super) events: BTreeMap<&'static str, BTreeSet<String>>,
    /// Lists to follow, and who hears of them.
    pub(super) lists: BTreeMap<EntityId, watch::Sender<TodoList>>,
}

impl Wanted {
    pub(super) fn all_entities(&self) -> BTreeSet<EntityId> {
        self.entities
            .values()
            .flatten()
            .chain(self.lists.keys())
            .cloned()
            .collect()
    }

    pub(super) fn all_events(&self) -> BTreeSet<String> {
        self.events.values().flatten().cloned().collect()
    }

    /// Nothing is known of any list any more.
    pub(super) fn forget_lists(&self) {
        for list in self.lists.values() {
            tell(list, TodoList::Unknown);
        }
    }
}

/// Changes what the watchers of a list see, if it is something new.
pub(super) fn tell(list: &watch::Sender<TodoList>, now: TodoList) {
    list.send_if_modified(|seen| {
        let changed = *seen != now;
        *seen = now;
        changed
    });
}
