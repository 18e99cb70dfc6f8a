//! The sync of the simulated list, step by step as the list's worker does it, with calls that may be lost and a program
//! that may die in the middle.

use super::super::hear::{Absences, Hearing, hear};
use super::super::patience::Patience;
use super::super::plan::{Abilities, Call, OutboxStep, Situation, next_step};
use super::super::stage::{after_refresh, not_done};
use super::things::list;
use super::world::World;
use crate::home_assistant::TodoStatus;
use crate::model::{Effect, ItemAction, ItemUid, TaskState, UserActionKind};
use crate::store::{ItemChange, OutboxRow, RowId, Stage};
use crate::tasks::apply_user_action;

impl World {
    /// One pass of the sync, step by step as the list's worker does it.
    pub(super) fn sync(&mut self, most: u8) {
        for _ in 0..most {
            self.seen
                .extend(self.shown.iter().map(|item| item.uid.clone()));
            let known = self.links.values().map(|item| item.uid.clone()).collect();
            let step = next_step(&Situation {
                rows: &self.rows,
                items: &self.shown,
                known: &known,
                seen: &self.seen,
                is_doubtful: self.is_doubtful(),
                item_of: &self.links,
                can: Abilities {
                    create: true,
                    delete: true,
                    update: true,
                },
                patience: Patience::REMOTE,
                hides_completed: false,
                now: self.now,
            });
            match step {
                OutboxStep::Confirm { row, item } => {
                    let at = self.rows.iter().position(|other| other.id == row).unwrap();
                    let task = self.rows.remove(at).effect.task;
                    match item {
                        Some(item) => {
                            assert!(
                                !self.own.contains_key(&item.uid),
                                "took a person's item for ours"
                            );
                            self.links.insert(task, item)
                        }
                        None => self.links.remove(&task),
                    };
                }
                OutboxStep::Drop(rows) => self.rows.retain(|row| !rows.contains(&row.id)),
                OutboxStep::Note { row, stage } => self.set_stage(row, stage),
                OutboxStep::Try { row, stage, call } => {
                    if self.attempt(row, stage, &call) {
                        return;
                    }
                }
                OutboxStep::Refresh { row } => {
                    self.refresh();
                    let stage = self
                        .rows
                        .iter()
                        .find(|other| other.id == row)
                        .unwrap()
                        .stage
                        .clone();
                    let known = self.links.values().map(|item| item.uid.clone()).collect();
                    let again = next_step(&Situation {
                        rows: &self.rows,
                        items: &self.shown,
                        known: &known,
                        seen: &self.seen,
                        is_doubtful: self.is_doubtful(),
                        item_of: &self.links,
                        can: Abilities {
                            create: true,
                            delete: true,
                            update: true,
                        },
                        patience: Patience::REMOTE,
                        hides_completed: false,
                        now: self.now,
                    });
                    if again == (OutboxStep::Refresh { row }) {
                        self.set_stage(row, after_refresh(&stage, self.now));
                    }
                }
                OutboxStep::Wait { .. } => {
                    self.listen(false);
                    return;
                }
            }
        }
    }

    pub(super) fn set_stage(&mut self, row: RowId, stage: Stage) {
        if let Some(row) = self.rows.iter_mut().find(|other| other.id == row) {
            row.stage = stage;
        }
    }

    /// Whether the program died.
    pub(super) fn attempt(&mut self, row: RowId, stage: Stage, call: &Call) -> bool {
        let attempts = match &stage {
            Stage::Sent { attempts, .. } | Stage::Pending { attempts, .. } => *attempts,
        };
        self.set_stage(row, stage);
        let die = self.die.take();
        if die == Some(true) {
            self.absences = Absences::default();
            self.seen.clear();
            return true;
        }
        let is_done = match call {
            Call::Add(item) => {
                self.put_on_list(&item.summary, &item.description);
                true
            }
            Call::Complete(uid) => self.mark(uid, TodoStatus::Completed),
            Call::Reopen(uid) => self.mark(uid, TodoStatus::NeedsAction),
            Call::Remove(uid) => {
                assert!(!self.own.contains_key(uid), "removed a person's item");
                let before = self.items.len();
                self.items.retain(|item| item.uid != *uid);
                self.items.len() < before
            }
        };
        self.refresh();
        if die == Some(false) {
            self.absences = Absences::default();
            self.seen.clear();
            return true;
        }
        let is_lost = std::mem::take(&mut self.lose_answer);
        if !is_done && !is_lost {
            self.set_stage(row, not_done(attempts, self.now));
        }
        false
    }

    pub(super) fn mark(&mut self, uid: &ItemUid, status: TodoStatus) -> bool {
        assert!(!self.own.contains_key(uid), "touched a person's item");
        match self.items.iter_mut().find(|item| item.uid == *uid) {
            Some(item) => {
                item.status = status;
                true
            }
            None => false,
        }
    }

    pub(super) fn listen(&mut self, was_refreshed: bool) {
        let (list, linked) = (list(), self.linked());
        let heard = hear(
            &Hearing {
                list: &list,
                items: &self.shown,
                linked: &linked,
                rows: &self.rows,
                hides_completed: false,
                was_refreshed,
                patience: Patience::REMOTE,
                now: self.now,
            },
            &mut self.absences,
        );
        for note in heard.notes {
            {
                let ItemChange { task, item, .. } = note;
                assert!(
                    !self.own.contains_key(&item.uid),
                    "took a person's item for ours"
                );
                self.links.insert(task, item);
            }
        }
        for task in heard.undone {
            self.next_row += 1;
            self.rows.push(OutboxRow {
                id: RowId::from(self.next_row),
                effect: Effect {
                    task,
                    list: list.clone(),
                    action: ItemAction::Complete,
                },
                stage: Stage::Pending {
                    attempts: 0,
                    not_before: self.now,
                },
            });
        }
        for action in heard.actions.into_values().flatten() {
            if action.kind == UserActionKind::Deleted {
                assert!(
                    self.deleted.contains(&action.item.uid) || self.is_blank || self.shows_blank,
                    "believed an item gone that nobody deleted"
                );
                let is_outage = self.is_blank && self.open().count() >= 3;
                assert!(
                    self.deleted.contains(&action.item.uid) || !is_outage,
                    "believed an outage"
                );
            }
            let task = self.tasks[&action.task].clone();
            let changes =
                apply_user_action(&task, &self.living(), &action.kind, &self.policy, action.at);
            self.links.insert(action.task, action.item);
            for change in &changes {
                match change.task.state {
                    TaskState::DoneByPerson | TaskState::Dismissed => {
                        self.ended_by_people.insert(change.task.id)
                    }
                    _ => self.ended_by_people.remove(&change.task.id),
                };
            }
            self.store(&changes);
        }
        if !was_refreshed && heard.refresh_at.is_some_and(|at| at <= self.now) {
            self.refresh();
            self.listen(true);
        }
    }
}
