//! What people, the list and time do to the simulated home.

use jiff::SignedDuration;

use super::op::Op;
use super::world::World;
use crate::home_assistant::TodoStatus;
use crate::model::{ItemUid, TaskState};

impl World {
    /// The nth item of ours in a status, as a person sees it.
    pub(super) fn ours(&self, status: TodoStatus, nth: usize) -> Option<usize> {
        let ours: Vec<_> = (0..self.items.len())
            .filter(|at| {
                self.items[*at].status == status && !self.own.contains_key(&self.items[*at].uid)
            })
            .collect();
        (!ours.is_empty()).then(|| ours[nth % ours.len()])
    }

    pub(super) fn apply(&mut self, op: &Op) {
        match op {
            Op::Leave(thing) => {
                self.lying.insert(*thing);
            }
            Op::Tidy(thing) => {
                self.lying.remove(thing);
            }
            Op::Look {
                wording,
                sure,
                unclear,
            } => self.check_room(*wording, *sure, *unclear),
            Op::Tick(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.items[at].status = TodoStatus::Completed;
                }
            }
            Op::Untick(nth) => {
                if let Some(at) = self.ours(TodoStatus::Completed, *nth) {
                    self.items[at].status = TodoStatus::NeedsAction;
                }
            }
            Op::Delete(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.deleted.insert(self.items.remove(at).uid);
                }
            }
            Op::Rename(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.items[at].summary = format!("My own words {nth}");
                }
            }
            Op::Sync(most) => self.sync(*most),
            Op::Die { before } => self.die = Some(*before),
            Op::LoseAnswer => self.lose_answer = true,
            Op::Hold(held) => {
                if *held && !self.is_held {
                    self.held_since = self.now;
                }
                self.is_held = *held;
            }
            // Only a list with many items of ours: one that vanishes is a person's user action to anybody.
            Op::Blank(blank) => {
                let was_blank = self.is_blank;
                self.is_blank = *blank && self.links.len() >= 3 && self.open().count() >= 3;
                if !was_blank {
                    self.blank_since = self.now;
                }
            }
            Op::ChangeUids => self.change_uids(),
            Op::Wait(seconds) => {
                self.now += SignedDuration::from_secs(i64::from(*seconds));
                // The slowest list is fetched every 15 minutes.
                if self.now.duration_since(self.held_since) >= SignedDuration::from_mins(15) {
                    self.is_held = false;
                }
                if self.now.duration_since(self.blank_since) >= SignedDuration::from_mins(15) {
                    self.is_blank = false;
                }
            }
        }
        if !matches!(op, Op::Leave(_) | Op::Tidy(_) | Op::Look { .. }) {
            self.refresh();
        }
    }

    /// The list syncs: what is settled between us gets other uids. Not while people's changes are on the way,
    /// since a renamed item with another uid is nobody's.
    pub(super) fn change_uids(&mut self) {
        if self.is_held || self.is_blank || !self.rows.is_empty() {
            return;
        }
        self.sync(50);
        if !self.rows.is_empty() {
            return;
        }
        let texts: Vec<_> = self.items.iter().map(|item| item.summary.clone()).collect();
        for at in 0..self.items.len() {
            let is_alone = texts.iter().filter(|text| **text == texts[at]).count() == 1;
            let is_linked = self.linked().iter().any(|linked| {
                linked.item.uid == self.items[at].uid
                    && linked.state == TaskState::Open
                    && linked.item.summary == self.items[at].summary
            });
            if is_alone && is_linked {
                self.next_uid += 1;
                self.items[at].uid = ItemUid::new(format!("u{}", self.next_uid));
            }
        }
        self.refresh();
        self.sync(50);
    }
}
