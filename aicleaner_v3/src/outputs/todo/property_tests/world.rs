//! The simulated home: what lies about, the list, what is stored, and what the program remembers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::hear::{Absences, is_doubtful};
use super::things::{OWN, zone};
use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{ItemSeen, ItemUid, Task, TaskId};
use crate::store::{LinkedItem, OutboxRow};
use crate::tasks::Policy;

/// The home, the list, what is stored, and what the program remembers.
pub(super) struct World {
    pub(super) now: Timestamp,
    pub(super) policy: Policy,
    pub(super) lying: BTreeSet<usize>,
    // What is stored.
    pub(super) tasks: BTreeMap<TaskId, Task>,
    pub(super) links: BTreeMap<TaskId, ItemSeen>,
    pub(super) rows: Vec<OutboxRow>,
    pub(super) next_row: i64,
    // What the program remembers.
    pub(super) absences: Absences,
    pub(super) seen: BTreeSet<ItemUid>,
    // The list.
    pub(super) items: Vec<TodoItem>,
    pub(super) shown: Vec<TodoItem>,
    pub(super) is_held: bool,
    pub(super) held_since: Timestamp,
    pub(super) blank_since: Timestamp,
    pub(super) is_blank: bool,
    /// Whether what is shown is from an outage: a list that is held shows it after the outage is over.
    pub(super) shows_blank: bool,
    pub(super) next_uid: u32,
    pub(super) lose_answer: bool,
    pub(super) die: Option<bool>,
    // What people did.
    pub(super) deleted: BTreeSet<ItemUid>,
    pub(super) own: BTreeMap<ItemUid, String>,
    pub(super) ended_by_people: BTreeSet<TaskId>,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self {
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            policy: Policy::standard().unwrap(),
            lying: BTreeSet::new(),
            tasks: BTreeMap::new(),
            links: BTreeMap::new(),
            rows: Vec::new(),
            next_row: 0,
            absences: Absences::default(),
            seen: BTreeSet::new(),
            items: Vec::new(),
            shown: Vec::new(),
            is_held: false,
            held_since: Timestamp::UNIX_EPOCH,
            blank_since: Timestamp::UNIX_EPOCH,
            is_blank: false,
            shows_blank: false,
            next_uid: 0,
            lose_answer: false,
            die: None,
            deleted: BTreeSet::new(),
            own: BTreeMap::new(),
            ended_by_people: BTreeSet::new(),
        };
        for text in OWN {
            let uid = world.put_on_list(text, "mine");
            world.own.insert(uid, text.to_owned());
        }
        world.refresh();
        world
    }

    pub(super) fn put_on_list(&mut self, summary: &str, description: &str) -> ItemUid {
        self.next_uid += 1;
        let uid = ItemUid::new(format!("u{}", self.next_uid));
        self.items.push(TodoItem {
            uid: uid.clone(),
            summary: summary.to_owned(),
            status: TodoStatus::NeedsAction,
            description: Some(description.to_owned()),
            due: None,
        });
        uid
    }

    pub(super) fn refresh(&mut self) {
        if !self.is_held {
            self.shows_blank = self.is_blank;
            self.shown = if self.is_blank {
                Vec::new()
            } else {
                self.items.clone()
            };
        }
    }

    pub(super) fn living(&self) -> Vec<Task> {
        self.tasks
            .values()
            .filter(|task| task.is_living())
            .cloned()
            .collect()
    }

    pub(super) fn open(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter(|task| task.is_open())
    }

    pub(super) fn is_doubtful(&self) -> bool {
        is_doubtful(&self.linked(), &self.shown, !self.seen.is_empty())
    }

    pub(super) fn linked(&self) -> Vec<LinkedItem> {
        self.links
            .iter()
            .map(|(task, item)| LinkedItem {
                task: *task,
                zone: zone(),
                state: self.tasks[task].state,
                item: item.clone(),
            })
            .collect()
    }
}
