//! What people change of a zone while the program runs: how it is declared, its live values, what is drawn on its
//! cameras' pictures, and clearing its tasks.

use std::sync::Arc;

use tokio::time::Instant;

use super::events::NotAudited;
use super::record::history;
use super::schedule;
use super::surroundings::Surroundings;
use super::worker::{Worker, policy};
use crate::model::{
    Actor, CommandRefusal, EntityId, LiveChange, Mask, Region, Score, TaskState, Zone,
};
use crate::store::{AuditEntry, CameraRecord, Commit, ZoneRecord};
use crate::tasks::{Change, What};

/// A zone that needs cleaning does so until the score is this far above the threshold, so that a score near it does not
/// make it go back and forth.
const HYSTERESIS: u8 = 5;

/// Whether a zone needs cleaning, when it did or did not `before`.
pub fn needs_cleaning(score: Score, threshold: Score, before: Option<bool>) -> bool {
    let enough = threshold.get().saturating_add(HYSTERESIS).min(100);
    score < threshold || (before == Some(true) && score.get() < enough)
}

impl Worker {
    /// Changes a live value. What was declared stays below it.
    pub(super) async fn change(
        &mut self,
        change: &LiveChange,
        actor: Actor,
    ) -> Result<(), CommandRefusal> {
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
        self.put_in_effect(zone);
        self.publish();
        Ok(())
    }

    /// Whether the zone needs cleaning by the rules of `zone`. A threshold that moved is a new beginning.
    pub(super) fn judged_by(&self, zone: &Zone) -> Option<bool> {
        if zone.threshold == self.zone.threshold {
            return self.record.needs_cleaning;
        }
        let score = self.record.score?;
        Some(needs_cleaning(score, zone.threshold, None))
    }

    /// Works by `zone` from now on.
    pub(super) fn put_in_effect(&mut self, zone: Zone) {
        if let Ok(policy) = policy(&zone) {
            self.policy = policy;
        }
        let now = Instant::now();
        if zone.interval != self.zone.interval || zone.cron != self.zone.cron {
            let last = self.record.last_assessed;
            self.due = now
                + match zone.cron {
                    Some(_) => schedule::NEVER,
                    None => schedule::first_delay(last, zone.interval, 0, self.parts.clock.now()),
                };
        }
        if zone.wake_by_states != self.zone.wake_by_states
            || zone.occupancy != self.zone.occupancy
            || zone.cron != self.zone.cron
        {
            self.around = Surroundings::new(&zone, now);
        }
        self.zone = Arc::new(zone);
        self.look_around();
    }

    /// Goes on as declared now. A check that runs goes on too: what it finds is reconciled by the new rules.
    pub(super) async fn declare(&mut self, zone: Zone) {
        let mut cameras = Vec::with_capacity(zone.cameras.len());
        for camera in &zone.cameras {
            let known = self.cameras.iter().find(|known| known.camera == *camera);
            cameras.push(match known {
                Some(known) => known.clone(),
                None => match self
                    .parts
                    .store
                    .camera(zone.id.clone(), camera.clone())
                    .await
                {
                    Ok(stored) => stored.unwrap_or_else(|| CameraRecord::new(camera.clone())),
                    Err(error) => return self.failed(error.code(), error.to_string(), None),
                },
            });
        }
        let declared = zone;
        let zone = self.record.live.applied_to(&declared, &self.providers);
        if self.cameras.first().map(|known| &known.camera) != zone.cameras.first() {
            self.frame = None;
        }
        self.cameras = cameras;
        self.record.needs_cleaning = self.judged_by(&zone);
        self.declared = declared;
        self.put_in_effect(zone);
        self.put_in_place().await;
        self.publish();
    }

    pub(super) async fn draw(
        &mut self,
        camera: &EntityId,
        masks: Vec<Mask>,
        regions: Vec<Region>,
        actor: Actor,
    ) -> Result<(), CommandRefusal> {
        let before = self.cameras.clone();
        let Some(record) = self
            .cameras
            .iter_mut()
            .find(|record| record.camera == *camera)
        else {
            return Err(CommandRefusal::UnknownCamera);
        };
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
    pub(super) async fn clear_tasks(&mut self, actor: Actor) -> Result<(), CommandRefusal> {
        let now = self.parts.clock.now();
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

    /// Stores what a person told the zone to do, with what it changes.
    async fn commit_command(
        &mut self,
        record: ZoneRecord,
        command: &str,
        actor: Actor,
        changes: &[Change],
    ) -> Result<(), CommandRefusal> {
        let now = self.parts.clock.now();
        let commit = Commit {
            history: history(changes, now, None, "a person cleared all tasks"),
            audit: Some(self.audited(command, actor)),
            ..Commit::of(record, now)
        };
        self.commit(commit, changes)
            .await
            .map_err(CommandRefusal::NotStored)
    }

    /// An entry of the audit for a command of this moment.
    pub(super) fn audited(&self, command: &str, actor: Actor) -> AuditEntry {
        AuditEntry {
            at: self.parts.clock.now(),
            zone: self.zone.id.clone(),
            actor: Some(actor),
            command: command.to_owned(),
        }
    }

    /// Keeps who asked for a check. The check goes on if that can't be stored.
    pub(super) async fn audit_check(&self, command: &str, actor: Actor) {
        let entry = self.audited(command, actor);
        if let Err(error) = self.parts.store.keep_command(entry).await {
            self.bus.count(&NotAudited {
                zone: self.zone.id.clone(),
                error,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_near_its_threshold_does_not_go_back_and_forth() {
        let threshold = Score::new(70).unwrap();
        let needs =
            |score: u8, before| needs_cleaning(Score::new(score).unwrap(), threshold, before);

        assert!(needs(69, None) && needs(69, Some(false)));
        assert!(needs(74, Some(true)), "still");
        assert!(!needs(75, Some(true)) && !needs(70, Some(false)) && !needs(70, None));
        assert!(!needs_cleaning(Score::TIDY, Score::TIDY, Some(true)));
    }
}
