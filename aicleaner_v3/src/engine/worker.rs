//! A zone's worker: the only owner of the zone's state. It stays responsive while a look runs as its child
//! task; a look's result is reconciled against the state as it is at the commit.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::effects::effects;
use super::events::{
    EventBus, LookFailed, LookSkipped, TaskEnded, TaskOpened, TidyRemembered, ZoneAssessed,
};
use super::look::{LookError, Looked, Order, Outcome, look, remember_tidy};
use super::may_look::{Circumstances, may_look};
use super::{Parts, schedule};
use crate::home_assistant::HomeStatus;
use crate::model::{
    Assessment, EntityId, LastFrame, Mask, Region, SkipReason, Task, TaskId, TaskState, Trigger,
    Zone, ZoneView,
};
use crate::store::{CameraRecord, Commit, StoreError, ZoneRecord};
use crate::tasks::{Policy, reconcile};

/// What others tell a zone.
#[derive(Debug)]
pub enum Message {
    Look(Trigger),
    RememberTidy,
    Draw(EntityId, Vec<Mask>, Vec<Region>),
    SetWatching(bool),
    Ticked(Vec<TaskId>),
}

type Look = JoinHandle<Result<Looked, LookError>>;

pub struct Worker {
    zone: Arc<Zone>,
    record: ZoneRecord,
    /// Open tasks, and ended ones that linger.
    tasks: Vec<Task>,
    /// What is remembered of the zone's cameras, in their order.
    cameras: Vec<CameraRecord>,
    frame: Option<LastFrame>,
    last_skip: Option<SkipReason>,
    last_failure: Option<String>,
    failures: u32,
    /// The strongest trigger that waits for the running look to end.
    pending: Option<Trigger>,
    /// The strongest trigger that came while Home Assistant was away.
    waiting: Option<Trigger>,
    /// Whether a person said that the zone is tidy now.
    pending_tidy: bool,
    due: Instant,
    parts: Parts,
    policy: Policy,
    bus: EventBus,
    view: watch::Sender<Arc<ZoneView>>,
    outbox_changes: Arc<watch::Sender<u64>>,
}

impl Worker {
    /// The worker with the zone's stored state, and the view that it keeps up to date.
    pub async fn load(
        zone: Zone,
        index: usize,
        parts: Parts,
        bus: EventBus,
        outbox_changes: Arc<watch::Sender<u64>>,
    ) -> Result<(Self, watch::Receiver<Arc<ZoneView>>), StoreError> {
        let record = parts
            .store
            .zone(zone.id.clone())
            .await?
            .unwrap_or_else(|| ZoneRecord::new(zone.id.clone()));
        let tasks = parts.store.living_tasks(zone.id.clone()).await?;
        let mut cameras = Vec::with_capacity(zone.cameras.len());
        for camera in &zone.cameras {
            let known = parts.store.camera(zone.id.clone(), camera.clone()).await?;
            cameras.push(known.unwrap_or_else(|| CameraRecord::new(camera.clone())));
        }
        let policy = Policy::standard().map_err(|e| StoreError::Value(e.to_string()))?;
        let delay = schedule::first_delay(
            record.last_assessed,
            zone.interval,
            index,
            parts.clock.now(),
        );
        let zone = Arc::new(zone);
        let (view, viewer) = watch::channel(Arc::new(view(&zone, &record, &tasks)));
        let worker = Self {
            zone,
            record,
            tasks,
            cameras,
            frame: None,
            last_skip: None,
            last_failure: None,
            failures: 0,
            pending: None,
            waiting: None,
            pending_tidy: false,
            due: Instant::now() + delay,
            parts,
            policy,
            bus,
            view,
            outbox_changes,
        };
        Ok((worker, viewer))
    }

    /// Works until `stop` is cancelled. A look that runs then is dropped: nothing of it is stored.
    pub async fn run(mut self, mut messages: mpsc::Receiver<Message>, stop: CancellationToken) {
        let mut running: Option<Look> = None;
        let mut home = self.parts.home.status();
        loop {
            if running.is_none() {
                running = self.start_what_waits(&home.borrow_and_update());
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                result = finished(&mut running) => self.finish(result).await,
                message = messages.recv() => match message {
                    Some(message) => self.handle(message).await,
                    None => break,
                },
                Ok(()) = home.changed(), if self.last_skip == Some(SkipReason::WaitingForHome) => {
                    if home.borrow_and_update().is_running() {
                        // What was asked for meanwhile is not forgotten.
                        let asked = self.waiting.take().unwrap_or(Trigger::Retry);
                        self.want(asked.max(Trigger::Retry));
                    }
                }
                () = sleep_until(self.due) => {
                    self.due = Instant::now() + schedule::next_delay(self.zone.interval, self.failures);
                    self.want(Trigger::Schedule);
                }
            }
        }
        if let Some(look) = running {
            look.abort();
        }
    }

    /// One pending look a zone; the strongest trigger wins.
    fn want(&mut self, trigger: Trigger) {
        self.pending = self.pending.max(Some(trigger));
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Look(trigger) => self.want(trigger),
            Message::SetWatching(watching) => {
                let record = ZoneRecord {
                    watching,
                    ..self.record.clone()
                };
                if self.commit(record, None, &[]).await {
                    self.publish();
                }
            }
            Message::RememberTidy => self.pending_tidy = true,
            Message::Draw(camera, masks, regions) => self.draw(&camera, masks, regions).await,
            Message::Ticked(ids) => self.ticked(&ids).await,
        }
    }

    fn start_what_waits(&mut self, home: &HomeStatus) -> Option<Look> {
        if std::mem::take(&mut self.pending_tidy) {
            let order = self.order(Trigger::Button, home)?;
            return Some(tokio::spawn(remember_tidy(
                order,
                self.parts.clone(),
                self.bus.clone(),
            )));
        }
        let trigger = self.pending.take()?;
        let order = self.order(trigger, home)?;
        Some(tokio::spawn(look(
            order,
            self.parts.clone(),
            self.bus.clone(),
        )))
    }

    /// None when no look may be taken now.
    fn order(&mut self, trigger: Trigger, home: &HomeStatus) -> Option<Order> {
        let circumstances = Circumstances {
            watching: self.record.watching,
            home_is_running: home.is_running(),
            cameras_unavailable: self.cameras_unavailable(),
        };
        if let Err(reason) = may_look(trigger, circumstances) {
            if reason == SkipReason::WaitingForHome {
                self.waiting = self.waiting.max(Some(trigger));
            }
            self.skipped(reason);
            return None;
        }
        Some(Order {
            zone: self.zone.clone(),
            trigger,
            tasks: self.tasks.clone(),
            cameras: self.cameras.clone(),
        })
    }

    /// What a look remembered of the cameras. What was drawn meanwhile wins: a history belongs to its masks.
    fn remember(&mut self, looked: Vec<CameraRecord>) {
        for new in looked {
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

    async fn draw(&mut self, camera: &EntityId, masks: Vec<Mask>, regions: Vec<Region>) {
        let before = self.cameras.clone();
        let Some(record) = self
            .cameras
            .iter_mut()
            .find(|record| record.camera == *camera)
        else {
            return;
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
        if !self.commit(self.record.clone(), None, &[]).await {
            self.cameras = before;
        }
        self.publish();
    }

    fn cameras_unavailable(&self) -> bool {
        let states = self.parts.home.states();
        let states = states.borrow();
        self.zone.cameras.iter().all(|camera| {
            states
                .get(camera)
                .is_some_and(|state| state.state == "unavailable")
        })
    }

    async fn finish(&mut self, result: Result<Looked, LookError>) {
        let looked = match result {
            Ok(looked) => looked,
            Err(error) => {
                let retry_at = error.retry_at();
                return self.failed(error.code(), error.to_string(), retry_at);
            }
        };
        self.remember(looked.cameras);
        match looked.outcome {
            Outcome::Skipped(reason) => {
                if self.commit(self.record.clone(), None, &[]).await {
                    self.failures = 0;
                    self.skipped(reason);
                }
            }
            Outcome::RememberedTidy { frame } => {
                if self.commit(self.record.clone(), None, &[]).await {
                    self.frame = Some(frame);
                    self.last_skip = None;
                    self.bus.tell(TidyRemembered {
                        zone: self.zone.id.clone(),
                    });
                    self.publish();
                }
            }
            Outcome::Assessed { assessment, frame } => self.assessed(*assessment, frame).await,
        }
    }

    fn skipped(&mut self, reason: SkipReason) {
        self.last_skip = Some(reason);
        self.bus.tell(LookSkipped {
            zone: self.zone.id.clone(),
            reason,
        });
        self.publish();
    }

    /// Changes no task and no score; the next look comes sooner.
    fn failed(
        &mut self,
        code: crate::telemetry::Code,
        sentence: String,
        retry_at: Option<Timestamp>,
    ) {
        self.failures = self.failures.saturating_add(1);
        self.last_skip = None;
        self.last_failure = Some(sentence.clone());
        let now = self.parts.clock.now();
        let delay = schedule::delay_after_failure(self.zone.interval, self.failures, retry_at, now);
        self.due = self.due.min(Instant::now() + delay);
        self.bus.tell(LookFailed {
            zone: self.zone.id.clone(),
            code,
            sentence,
        });
        self.publish();
    }

    async fn assessed(&mut self, assessment: Assessment, frame: LastFrame) {
        let changes = reconcile(
            &self.zone.id,
            &self.tasks,
            &assessment.verdict,
            &self.policy,
            assessment.at,
        );
        let score = assessment.verdict.score;
        let record = ZoneRecord {
            score: Some(score),
            needs_cleaning: Some(score < self.zone.threshold),
            summary: assessment.verdict.summary.clone(),
            last_assessed: Some(assessment.at),
            ..self.record.clone()
        };
        let tasks: Vec<Task> = changes.tasks().cloned().collect();
        let told = ZoneAssessed {
            zone: self.zone.id.clone(),
            score,
            provider: assessment.provider.clone(),
            duration: assessment.duration,
            summary: assessment.verdict.summary.clone(),
        };
        if !self.commit(record, Some(assessment), &tasks).await {
            return;
        }
        self.frame = Some(frame);
        self.failures = 0;
        self.last_skip = None;
        self.last_failure = None;
        self.due = Instant::now() + schedule::next_delay(self.zone.interval, 0);
        self.bus.tell(told);
        for task in changes.opened {
            self.bus.tell(TaskOpened { task });
        }
        for task in changes.done {
            self.bus.tell(TaskEnded { task });
        }
        self.publish();
    }

    async fn ticked(&mut self, ids: &[TaskId]) {
        let now = self.parts.clock.now();
        let ticked: Vec<Task> = self
            .tasks
            .iter()
            .filter(|task| task.is_open() && ids.contains(&task.id))
            .map(|task| task.moved(TaskState::DoneByPerson, now))
            .collect();
        if ticked.is_empty() || !self.commit(self.record.clone(), None, &ticked).await {
            return;
        }
        for task in ticked {
            self.bus.tell(TaskEnded { task });
        }
        self.publish();
    }

    /// Stores the change with its effects, then takes it over. If the store refuses, nothing changes.
    async fn commit(
        &mut self,
        record: ZoneRecord,
        assessment: Option<Assessment>,
        tasks: &[Task],
    ) -> bool {
        let effects = effects(&self.zone, tasks.iter());
        let has_effects = !effects.is_empty();
        let commit = Commit {
            zone: record.clone(),
            cameras: self.cameras.clone(),
            assessment,
            tasks: tasks.to_vec(),
            effects,
            at: self.parts.clock.now(),
        };
        if let Err(error) = self.parts.store.commit(commit).await {
            self.failed(error.code(), error.to_string(), None);
            return false;
        }
        self.record = record;
        for task in tasks {
            match self.tasks.iter_mut().find(|known| known.id == task.id) {
                Some(known) => *known = task.clone(),
                None => self.tasks.push(task.clone()),
            }
        }
        self.tasks
            .retain(|task| matches!(task.state, TaskState::Open | TaskState::DoneByPerson));
        if has_effects {
            self.outbox_changes
                .send_modify(|count| *count = count.wrapping_add(1));
        }
        true
    }

    fn publish(&self) {
        let view = ZoneView {
            last_skip: self.last_skip,
            last_failure: self.last_failure.clone(),
            frame: self.frame.clone(),
            ..view(&self.zone, &self.record, &self.tasks)
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

/// The zone as stored, before anything happened since the start.
fn view(zone: &Zone, record: &ZoneRecord, tasks: &[Task]) -> ZoneView {
    ZoneView {
        zone: zone.clone(),
        watching: record.watching,
        score: record.score,
        needs_cleaning: record.needs_cleaning,
        summary: record.summary.clone(),
        last_assessed: record.last_assessed,
        last_skip: None,
        last_failure: None,
        open_tasks: tasks
            .iter()
            .filter(|task| task.is_open())
            .cloned()
            .collect(),
        frame: None,
    }
}

/// The result of the look that runs; never, if none does.
async fn finished(running: &mut Option<Look>) -> Result<Looked, LookError> {
    let Some(look) = running else {
        return std::future::pending().await;
    };
    let result = look.await.unwrap_or(Err(LookError::Interrupted));
    *running = None;
    result
}
