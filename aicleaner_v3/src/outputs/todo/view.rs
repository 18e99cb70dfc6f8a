//! One list and its rows at one moment: all that a pass is decided from. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::hear::{Hearing, is_doubtful};
use super::patience::Patience;
use super::plan::{Abilities, Situation};
use crate::home_assistant::TodoItem;
use crate::model::{EntityId, ItemSeen, ItemUid, TaskId};
use crate::store::{LinkedItem, ListRecord, ListRows, OutboxRow, RowId};

/// One list and its rows at one moment.
pub struct ListView {
    /// The rows that wait, in order.
    pub rows: Vec<OutboxRow>,
    /// The tasks that have an item there.
    pub linked: Vec<LinkedItem>,
    /// What the list shows.
    pub items: Vec<TodoItem>,
    /// The uids of our items.
    pub known: BTreeSet<ItemUid>,
    /// The items of tasks, as far as they are known.
    pub item_of: BTreeMap<TaskId, ItemSeen>,
    /// What the list can do.
    pub can: Abilities,
    /// How long to wait for it.
    pub patience: Patience,
    /// Whether it hides ticked items.
    pub hides_completed: bool,
    /// When.
    pub now: Timestamp,
}

impl ListView {
    /// A list that shows `items` and of which `stored` is known.
    pub fn new(
        record: &ListRecord,
        can: Abilities,
        items: Vec<TodoItem>,
        stored: ListRows,
        now: Timestamp,
    ) -> Self {
        let ListRows { rows, linked } = stored;
        Self {
            known: linked
                .iter()
                .map(|linked| linked.item.uid.clone())
                .collect(),
            item_of: linked
                .iter()
                .map(|linked| (linked.task, linked.item.clone()))
                .collect(),
            rows,
            linked,
            items,
            can,
            patience: Patience::with(record.platform.as_deref()),
            hides_completed: hides_completed(record),
            now,
        }
    }

    /// What the next step is decided from.
    pub fn situation<'a>(&'a self, seen: &'a BTreeSet<ItemUid>) -> Situation<'a> {
        Situation {
            seen,
            is_doubtful: is_doubtful(&self.linked, &self.items, !seen.is_empty()),
            rows: &self.rows,
            items: &self.items,
            known: &self.known,
            item_of: &self.item_of,
            can: self.can,
            patience: self.patience,
            hides_completed: self.hides_completed,
            now: self.now,
        }
    }

    /// What people's actions are read from.
    pub fn hearing<'a>(&'a self, list: &'a EntityId, was_refreshed: bool) -> Hearing<'a> {
        Hearing {
            list,
            items: &self.items,
            linked: &self.linked,
            rows: &self.rows,
            hides_completed: self.hides_completed,
            was_refreshed,
            patience: self.patience,
            now: self.now,
        }
    }

    /// One of the rows, if it is still there.
    pub fn row(&self, id: RowId) -> Option<&OutboxRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}

/// Todoist and Google Tasks give Home Assistant the active tasks alone
/// (`homeassistant/components/{todoist,google_tasks}/todo.py`).
fn hides_completed(record: &ListRecord) -> bool {
    record
        .hides_completed
        .unwrap_or_else(|| record.platform.as_deref() == Some("todoist"))
}
