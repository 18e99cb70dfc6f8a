//! A zone's state: loading, storing and showing it. Changed by the worker that owns it alone.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::engine::description::Writing;
use crate::engine::effects::{effects, moves};
use crate::engine::event_bus::EventBus;
use crate::engine::events::{
    AllTidy, CheckFailed, CheckSkipped, RoomLacking, TaskEnded, TaskOpened, TidyRemembered,
};
use crate::engine::jobs::jobs;
use crate::engine::services::Services;
use crate::model::{
    CommandRefusal, LastFrame, Occupancy, OutOfRange, Reason, SkipReason, Task, Zone, ZoneId,
    ZoneView,
};
use crate::store::{CameraRecord, Commit, Committed, HistoryEntry, StoreError, ZoneRecord};
use crate::tasks::{Change, Policy, What};
use crate::telemetry::Code;

/// The most tasks that a provider is told of, unless more are open.
const PROMPT_TASKS: usize = 40;

/// Why a command changed nothing.
#[derive(Debug)]
pub enum ChangeError {
    /// It can't be carried out.
    Refused(CommandRefusal),
    /// It can't be stored.
    Store(StoreError),
}

impl ChangeError {
    /// As whoever gave the command is told.
    pub fn into_refusal(self) -> CommandRefusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Store(error) => CommandRefusal::NotStored(error.code()),
        }
    }
}

impl From<CommandRefusal> for ChangeError {
    fn from(refusal: CommandRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What is stored and shown of a zone.
pub struct ZoneState {
    /// As it is in effect: what is live on top of what was declared.
    pub(super) zone: Arc<Zone>,
    /// As declared.
    pub(super) declared: Zone,
    /// The names of the providers that can be chosen.
    pub(super) providers: Arc<[String]>,
    pub(super) record: ZoneRecord,
    /// Open tasks, proposed ones, and ended ones that linger.
    pub(super) tasks: Vec<Task>,
    /// What is remembered of the zone's cameras, in their order.
    pub(super) cameras: Vec<CameraRecord>,
    pub(super) policy: Policy,
    pub(super) frame: Option<LastFrame>,
    pub(super) last_skip: Option<SkipReason>,
    pub(super) last_failure: Option<Reason>,
    pub(super) occupancy: Option<Occupancy>,
    pub(super) services: Services,
    pub(super) bus: EventBus,
    view: watch::Sender<Arc<ZoneView>>,
    outbox_changes: Arc<watch::Sender<u64>>,
}

impl ZoneState {
    /// The zone's stored state, and the view that is kept up to date.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn load(
        declared: Zone,
        services: Services,
        bus: EventBus,
        outbox_changes: Arc<watch::Sender<u64>>,
    ) -> Result<(Self, watch::Receiver<Arc<ZoneView>>), StoreError> {
        let store = &services.store;
        let record = store
            .zone(declared.id.clone())
            .await?
            .unwrap_or_else(|| ZoneRecord::new(declared.id.clone()));
        let tasks = store.living_tasks(declared.id.clone()).await?;
        let mut cameras = Vec::with_capacity(declared.cameras.len());
        for camera in &declared.cameras {
            let known = store.camera(declared.id.clone(), camera.clone()).await?;
            cameras.push(known.unwrap_or_else(|| CameraRecord::new(camera.clone())));
        }
        let providers: Arc<[String]> = services.configuration.borrow().router.names().into();
        let zone = record.live.applied_to(&declared, &providers);
        let policy = policy(&zone).map_err(|e| StoreError::Value(e.to_string()))?;
        let (view, viewer) = watch::channel(Arc::new(ZoneView::new(zone.clone())));
        let state = Self {
            zone: Arc::new(zone),
            declared,
            providers,
            record,
            tasks,
            cameras,
            policy,
            frame: None,
            last_skip: None,
            last_failure: None,
            occupancy: None,
            services,
            bus,
            view,
            outbox_changes,
        };
        state.publish();
        Ok((state, viewer))
    }

    /// The zone as it is in effect.
    pub fn zone(&self) -> &Arc<Zone> {
        &self.zone
    }

    /// Whether the zone is monitored: its switch is on.
    pub fn is_watching(&self) -> bool {
        self.record.watching
    }

    /// When the zone was assessed last.
    pub fn last_assessed(&self) -> Option<Timestamp> {
        self.record.last_assessed
    }

    /// Why the last check went no further, if it did not.
    pub fn last_skip(&self) -> Option<SkipReason> {
        self.last_skip
    }

    /// What is remembered of the zone's cameras.
    pub fn cameras(&self) -> &[CameraRecord] {
        &self.cameras
    }

    /// The tasks that a provider is told of: all open ones, and of the others those that changed last.
    pub fn prompt_tasks(&self) -> Vec<Task> {
        let mut tasks = self.tasks.clone();
        tasks.sort_by_key(|task| (!task.is_open(), std::cmp::Reverse(task.changed_at), task.id));
        let open = tasks.iter().filter(|task| task.is_open()).count();
        tasks.truncate(PROMPT_TASKS.max(open));
        tasks
    }

    /// Shows what the zone's own sensors tell.
    pub fn show_occupancy(&mut self, occupancy: Option<Occupancy>) {
        if self.occupancy != occupancy {
            self.occupancy = occupancy;
            self.publish();
        }
    }

    /// The reason of the last skip has passed.
    pub fn clear_skip(&mut self) {
        self.last_skip = None;
    }

    /// Shows that a check ended without an assessment.
    pub fn show_skip(&mut self, reason: SkipReason) {
        self.last_skip = Some(reason);
        self.bus.emit(CheckSkipped {
            zone: self.id(),
            reason,
        });
        self.publish();
    }

    /// Shows that a check, or the storing of something, failed. Changes no task and no score.
    pub fn show_failure(&mut self, code: Code, sentence: String) {
        self.last_skip = None;
        self.last_failure = Some(Reason {
            details: sentence.clone(),
            ..Reason::new(code)
        });
        self.bus.emit(CheckFailed {
            zone: self.id(),
            code,
            sentence,
        });
        self.publish();
    }

    /// Shows that the zone is remembered as tidy.
    pub fn show_tidy(&mut self, frame: LastFrame) {
        self.frame = Some(frame);
        self.last_skip = None;
        self.bus.emit(TidyRemembered { zone: self.id() });
        self.publish();
    }

    /// Takes over what a check remembered of the cameras. What was drawn meanwhile wins: a history belongs to its masks.
    pub fn remember(&mut self, cameras: Vec<CameraRecord>) {
        for new in cameras {
            let known = self
                .cameras
                .iter_mut()
                .find(|known| known.camera == new.camera && known.masks == new.masks);
            if let Some(known) = known {
                known.history = new.history;
                known.references = new.references;
            }
        }
    }

    /// Stores the zone and its cameras as they are.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn store(&mut self) -> Result<(), StoreError> {
        let commit = Commit::of(self.record.clone(), self.services.clock.now());
        self.commit(commit, &[]).await
    }

    /// Open tasks whose items are on another list than the zone's, or on none, are brought there.
    ///
    /// # Errors
    /// When the store can't be read or does not take it.
    pub async fn put_in_place(&mut self) -> Result<(), StoreError> {
        let places = self.services.store.places(self.id()).await?;
        let effects = moves(&self.zone, &self.tasks, &places, &self.writing());
        if effects.is_empty() {
            return Ok(());
        }
        let commit = Commit {
            effects,
            ..Commit::of(self.record.clone(), self.services.clock.now())
        };
        self.commit(commit, &[]).await
    }

    /// In the household's language, or English as long as it is not known.
    fn writing(&self) -> Writing {
        let items = self.services.configuration.borrow().items.clone();
        let locale = self.services.locale.borrow();
        Writing {
            today: items
                .due_dates
                .then(|| Writing::day(self.services.clock.now(), locale.clocks())),
            texts: locale.texts.clone(),
            page: items.page_url,
        }
    }

    /// Stores the change with its effects, then takes it over. If the store refuses, nothing changes.
    pub(super) async fn commit(
        &mut self,
        mut commit: Commit,
        changes: &[Change],
    ) -> Result<(), StoreError> {
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
        let notifications = self.services.configuration.borrow().notifications.clone();
        let (zone, now) = (&self.zone, commit.at);
        commit.jobs = jobs(zone, &notifications, &self.tasks, &after, changes, now);
        let has_news =
            !commit.effects.is_empty() || !commit.items.is_empty() || !commit.jobs.is_empty();
        let record = commit.zone.clone();
        if self.services.store.commit(commit).await? == Committed::WithoutAssessment {
            self.bus.count(&RoomLacking { zone: self.id() });
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

    /// Shows the state as it is.
    pub(super) fn publish(&self) {
        let record = &self.record;
        let open = self.tasks.iter().filter(|task| task.is_open());
        let view = ZoneView {
            zone: (*self.zone).clone(),
            live: record.live.clone(),
            providers: self.providers.clone(),
            watching: record.watching,
            score: record.score,
            trend: record.scores.trend(),
            occupied: self.occupancy.and_then(Occupancy::as_known),
            needs_cleaning: record.needs_cleaning,
            summary: record.summary.clone(),
            last_assessed: record.last_assessed,
            last_skip: self.last_skip,
            last_failure: self.last_failure.clone(),
            open_tasks: open.cloned().collect(),
            frame: self.frame.clone(),
        };
        self.view.send_if_modified(|shown| {
            let changed = **shown != view;
            if changed {
                *shown = Arc::new(view);
            }
            changed
        });
    }

    /// Emits what happened to tasks, and when the last of them was done.
    pub(super) fn emit_changes(&self, changes: Vec<Change>) {
        let mut was_done = false;
        for Change { task, what } in changes {
            match what {
                What::Opened | What::Reopened => self.bus.emit(TaskOpened { task }),
                What::ByPerson if task.is_open() => {}
                What::Done | What::ByPerson | What::Merged => {
                    was_done = true;
                    self.bus.emit(TaskEnded { task });
                }
                What::Proposed | What::Settled | What::Cleared | What::Noted => {}
            }
        }
        if was_done && !self.tasks.iter().any(Task::is_open) {
            self.bus.emit(AllTidy {
                zone: self.id(),
                score: self.record.score,
            });
        }
    }

    pub(super) fn id(&self) -> ZoneId {
        self.zone.id.clone()
    }
}

/// What reconcile goes by in this zone.
pub(super) fn policy(zone: &Zone) -> Result<Policy, OutOfRange> {
    let standard = Policy::standard()?;
    Ok(Policy {
        most_open: zone.max_open_tasks,
        dismissed_for: jiff::SignedDuration::try_from(zone.dismissed_for)
            .unwrap_or(standard.dismissed_for),
        ignore: zone.ignore.clone(),
        ..standard
    })
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
