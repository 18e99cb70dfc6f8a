//! What must hold after each step, and when all is well again.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::things::thing;
use super::world::World;
use crate::home_assistant::TodoStatus;
use crate::model::Task;

impl World {
    pub(super) fn check(&self) {
        let mut open = BTreeSet::new();
        for task in self.open() {
            let thing = thing(&task.finding.title).unwrap();
            assert!(
                open.insert(thing),
                "two open tasks for one thing: {:?}",
                task.finding.title
            );
            let has_item = self.links.contains_key(&task.id);
            let waits = self.rows.iter().any(|row| row.effect.task == task.id);
            assert!(has_item || waits, "an open task without an item or a row");
        }
        for (uid, text) in &self.own {
            let item = self.items.iter().find(|item| item.uid == *uid);
            assert!(
                item.is_some_and(
                    |item| item.summary == *text && item.status == TodoStatus::NeedsAction
                ),
                "a person's own item was touched: {text}"
            );
        }
    }

    /// All is well again: list and tasks must agree.
    pub(super) fn settle(&mut self) {
        self.is_held = false;
        self.is_blank = false;
        self.die = None;
        self.lose_answer = false;
        for _ in 0..120 {
            self.refresh();
            self.sync(60);
            // Beyond a day, after which even a mass of items is believed gone.
            self.now += SignedDuration::from_mins(15);
        }
        assert!(self.rows.is_empty(), "rows that never end: {:?}", self.rows);
        self.check();
        for task in self.open() {
            let uid = &self.links[&task.id].uid;
            let item = self.items.iter().find(|item| item.uid == *uid);
            assert!(
                item.is_some_and(|item| item.status == TodoStatus::NeedsAction),
                "an open task whose item is not open: {task:?} {item:?}"
            );
        }
        let open = self.items.iter().filter(|item| {
            item.status == TodoStatus::NeedsAction && !self.own.contains_key(&item.uid)
        });
        for item in open {
            let owner = self.links.iter().find(|(_, link)| link.uid == item.uid);
            let task = owner.map(|(task, _)| &self.tasks[task]);
            assert!(
                task.is_some_and(Task::is_open),
                "an item without an open task: {item:?} {task:?}"
            );
        }
    }
}
