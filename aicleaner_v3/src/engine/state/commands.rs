//! What people and settings change of a zone while the program runs: how it is declared, its live values, what is drawn
//! on its cameras' pictures, its tasks. People win, and the list is told.

use std::sync::Arc;

use super::assess::needs_cleaning;
use super::zone_state::{ChangeError, ZoneState, history, policy};
use crate::engine::events::NotAudited;
use crate::model::{
    Actor, CommandRefusal, Effect, Ending, EntityId, ItemAction, LiveChange, MOST_SHAPES, Mask,
    Region, TaskId, TaskState, UserActionKind, Zone,
};
use crate::store::{AuditEntry, CameraRecord, Commit, StoreError, ZoneRecord};
use crate::tasks::{Change, What, apply_user_action};

impl ZoneState {
    /// Changes a live value. What was declared stays below it. Returns the zone as it was in effect before.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn set_live(
        &mut self,
        change: &LiveChange,
        actor: Actor,
    ) -> Result<Arc<Zone>, ChangeError> {
        let live = self.record.live.with(change);
        let zone = live.applied_to(&self.declared, &self.providers);
        let record = ZoneRecord {
            watching: match change {
                LiveChange::Watching(watching) => *watching,
                LiveChange::Reset => true,
                _ => self.record.watching,
            },
            live,
            needs_cleaning: self.judged_by(&zone),
            ..self.record.clone()
        };
        self.commit_command(record, &change.describe(), actor, &[])
            .await?;
        let before = self.put_in_effect(zone);
        self.publish();
        Ok(before)
    }

    /// Goes on as declared now. A check that runs goes on too: what it finds is reconciled by the new rules. Returns the
    /// zone as it was in effect before; it is shown when the items of its tasks are in their place.
    ///
    /// # Errors
    /// When the store can't be read: then nothing has changed.
    pub async fn declare(&mut self, declared: Zone) -> Result<Arc<Zone>, StoreError> {
        let mut cameras = Vec::with_capacity(declared.cameras.len());
        for camera in &declared.cameras {
            let known = self.cameras.iter().find(|known| known.camera == *camera);
            cameras.push(match known {
                Some(known) => known.clone(),
                None => {
                    let store = &self.services.store;
                    let stored = store.camera(declared.id.clone(), camera.clone()).await?;
                    stored.unwrap_or_else(|| CameraRecord::new(camera.clone()))
                }
            });
        }
        let zone = self.record.live.applied_to(&declared, &self.providers);
        if self.cameras.first().map(|known| &known.camera) != zone.cameras.first() {
            self.frame = None;
        }
        self.cameras = cameras;
        self.record.needs_cleaning = self.judged_by(&zone);
        self.declared = declared;
        Ok(self.put_in_effect(zone))
    }

    /// As declared, without what is live.
    pub fn declared(&self) -> &Zone {
        &self.declared
    }

    /// Takes over which providers can be chosen. It comes into effect with [`Self::declare`].
    pub fn set_providers(&mut self, names: Arc<[String]>) {
        self.providers = names;
    }

    /// Shows the zone as it is declared now.
    pub fn show_declared(&self) {
        self.publish();
    }

    /// Whether the zone needs cleaning by the rules of `zone`. A threshold that moved is a new beginning.
    fn judged_by(&self, zone: &Zone) -> Option<bool> {
        if zone.threshold == self.zone.threshold {
            return self.record.needs_cleaning;
        }
        let score = self.record.score?;
        Some(needs_cleaning(score, zone.threshold, None))
    }

    fn put_in_effect(&mut self, zone: Zone) -> Arc<Zone> {
        if let Ok(policy) = policy(&zone) {
            self.policy = policy;
        }
        std::mem::replace(&mut self.zone, Arc::new(zone))
    }

    /// Draws anew what is hidden of a camera's picture, and what its parts are called.
    ///
    /// # Errors
    /// When the zone has no such camera, or the store does not take it.
    pub async fn draw(
        &mut self,
        camera: &EntityId,
        masks: Vec<Mask>,
        regions: Vec<Region>,
        actor: Actor,
    ) -> Result<(), ChangeError> {
        if masks.len() > MOST_SHAPES || regions.len() > MOST_SHAPES {
            return Err(ChangeError::Refused(CommandRefusal::TooManyShapes));
        }
        let before = self.cameras.clone();
        let record = self
            .cameras
            .iter_mut()
            .find(|record| record.camera == *camera)
            .ok_or(ChangeError::Refused(CommandRefusal::UnknownCamera))?;
        if record.masks != masks {
            *record = CameraRecord {
                masks,
                ..CameraRecord::new(camera.clone())
            };
            // The picture that is shown still shows what shall be hidden.
            self.frame = None;
        }
        record.regions = regions;
        let command = format!("draw on {camera}");
        let stored = self
            .commit_command(self.record.clone(), &command, actor, &[])
            .await;
        if stored.is_err() {
            self.cameras = before;
        }
        self.publish();
        stored
    }

    /// All open tasks leave the list and are forgotten: what is still there is found anew.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn clear_tasks(&mut self, actor: Actor) -> Result<(), ChangeError> {
        let now = self.services.clock.now();
        let cleared = self
            .tasks
            .iter()
            .filter(|task| matches!(task.state, TaskState::Open | TaskState::Proposed))
            .map(|task| Change {
                task: task.moved(TaskState::Settled, now),
                what: if task.is_open() {
                    What::Cleared
                } else {
                    What::Settled
                },
            });
        let changes: Vec<Change> = cleared.collect();
        self.commit_command(self.record.clone(), "clear tasks", actor, &changes)
            .await?;
        self.publish();
        Ok(())
    }

    /// Ends those of `tasks` that are open.
    ///
    /// # Errors
    /// When none of them is open, or the store does not take it.
    pub async fn end_tasks(
        &mut self,
        tasks: &[TaskId],
        ending: Ending,
        actor: Actor,
    ) -> Result<(), ChangeError> {
        let now = self.services.clock.now();
        let (kind, action, command) = match ending {
            Ending::Done => (UserActionKind::Ticked, ItemAction::Complete, "tasks done"),
            Ending::Dismissed => (
                UserActionKind::Deleted,
                ItemAction::Remove,
                "tasks dismissed",
            ),
        };
        let changes: Vec<Change> = self
            .tasks
            .iter()
            .filter(|task| task.is_open() && tasks.contains(&task.id))
            .flat_map(|task| apply_user_action(task, &self.tasks, &kind, &self.policy, now))
            .collect();
        if changes.is_empty() {
            return Err(ChangeError::Refused(CommandRefusal::UnknownTask));
        }
        let on_the_list = |change: &Change| {
            let list = self.zone.todo_list.clone()?;
            Some(Effect {
                task: change.task.id,
                list,
                action: action.clone(),
            })
        };
        let commit = Commit {
            effects: changes.iter().filter_map(on_the_list).collect(),
            history: history(
                &changes,
                now,
                Some(kind.as_str()),
                "a person, by a notification",
            ),
            audit: Some(self.audited(command, actor)),
            ..Commit::of(self.record.clone(), now)
        };
        self.commit(commit, &changes).await?;
        self.emit_changes(changes);
        self.publish();
        Ok(())
    }

    /// Stores what a person told the zone to do, with what it changes.
    async fn commit_command(
        &mut self,
        record: ZoneRecord,
        command: &str,
        actor: Actor,
        changes: &[Change],
    ) -> Result<(), ChangeError> {
        let now = self.services.clock.now();
        let commit = Commit {
            history: history(changes, now, None, "a person cleared all tasks"),
            audit: Some(self.audited(command, actor)),
            ..Commit::of(record, now)
        };
        Ok(self.commit(commit, changes).await?)
    }

    /// Keeps who asked for a check. The check goes on if that can't be stored.
    pub async fn audit_check(&self, command: &str, actor: Actor) {
        let entry = self.audited(command, actor);
        if let Err(error) = self.services.store.keep_command(entry).await {
            self.bus.count(&NotAudited {
                zone: self.id(),
                error,
            });
        }
    }

    /// An entry of the audit for a command of this moment.
    fn audited(&self, command: &str, actor: Actor) -> AuditEntry {
        AuditEntry {
            at: self.services.clock.now(),
            zone: self.id(),
            actor: Some(actor),
            command: command.to_owned(),
        }
    }
}
