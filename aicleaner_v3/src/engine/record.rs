//! How a zone's state is stored and shown: first stored with its effects, then taken over, then shown.

use std::sync::Arc;

use jiff::Timestamp;

use super::description::Writing;
use super::effects::effects;
use super::events::RoomLacking;
use super::jobs::jobs;
use super::worker::{Worker, view};
use crate::model::{Occupancy, Task, ZoneView};
use crate::store::{Commit, HistoryEntry, Kept};
use crate::tasks::{Change, What};
use crate::telemetry::Code;

impl Worker {
    /// In the household's language, or English as long as it is not known.
    pub(super) fn writing(&self) -> Writing {
        let items = self.parts.items.borrow().clone();
        Writing {
            today: items
                .due_dates
                .then(|| Writing::day(self.parts.clock.now(), self.clocks())),
            texts: self.parts.locale.borrow().texts.clone(),
            page: items.page_url,
        }
    }

    /// Stores the zone and its cameras as they are.
    pub(super) async fn commit_nothing_else(&mut self) -> Result<(), Code> {
        let commit = Commit::of(self.record.clone(), self.parts.clock.now());
        self.commit(commit, &[]).await
    }

    /// Stores the change with its effects, then takes it over. If the store refuses, nothing changes.
    pub(super) async fn commit(
        &mut self,
        mut commit: Commit,
        changes: &[Change],
    ) -> Result<(), Code> {
        commit.cameras.clone_from(&self.cameras);
        commit
            .effects
            .extend(effects(&self.zone, changes, &self.writing()));
        commit
            .tasks
            .extend(changes.iter().map(|change| change.task.clone()));
        let mut after = self.tasks.clone();
        for Change { task, .. } in changes {
            match after.iter_mut().find(|known| known.id == task.id) {
                Some(known) => *known = task.clone(),
                None => after.push(task.clone()),
            }
        }
        let notifications = self.parts.notifications.borrow().clone();
        let (zone, now) = (&self.zone, commit.at);
        commit.jobs = jobs(zone, &notifications, &self.tasks, &after, changes, now);
        let has_news =
            !commit.effects.is_empty() || !commit.items.is_empty() || !commit.jobs.is_empty();
        let record = commit.zone.clone();
        match self.parts.store.commit(commit).await {
            Ok(Kept::All) => {}
            Ok(Kept::WithoutAssessment) => self.bus.count(&RoomLacking {
                zone: self.zone.id.clone(),
            }),
            Err(error) => {
                let code = error.code();
                self.failed(code, error.to_string(), None);
                return Err(code);
            }
        }
        self.record = record;
        after.retain(Task::is_living);
        self.tasks = after;
        if has_news {
            self.outbox_changes
                .send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }

    pub(super) fn publish(&self) {
        let view = ZoneView {
            last_skip: self.last_skip,
            last_failure: self.last_failure.clone(),
            occupied: self.around.occupancy().and_then(Occupancy::as_known),
            frame: self.frame.clone(),
            ..view(&self.zone, &self.providers, &self.record, &self.tasks)
        };
        self.view.send_if_modified(|shown| {
            let changed = **shown != view;
            if changed {
                *shown = Arc::new(view);
            }
            changed
        });
    }
}

/// The entries of the history for what people may ask about later. `what` stands for a person's user action.
pub(super) fn history(
    changes: &[Change],
    at: Timestamp,
    what: Option<&str>,
    why: &str,
) -> Vec<HistoryEntry> {
    changes
        .iter()
        .filter(|change| change.what != What::Noted)
        .map(|change| HistoryEntry {
            task: change.task.id,
            at,
            what: match (change.what, what) {
                (What::ByPerson, Some(what)) => what.to_owned(),
                (other, _) => other.as_str().to_owned(),
            },
            why: why.to_owned(),
        })
        .collect()
}
