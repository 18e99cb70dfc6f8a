//! A zone's worker: the only owner of the zone's state. It stays responsive while a look runs as its child
//! task; a look's result is reconciled against the state as it is at the commit.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::description::{Place, Writing};
use super::effects::{effects, moves};
use super::errands::errands;
use super::events::{
    AllTidy, EventBus, LookFailed, LookSkipped, MessFound, RoomLacking, SecondLookWanted,
    TaskEnded, TaskOpened, TidyRemembered, ZoneAssessed,
};
use super::live::needs_cleaning;
use super::look::{LookError, Looked, Order, Outcome, look, remember_tidy};
use super::may_look::may_look;
use super::people::{Heeded, adopt, heed_action};
use super::surroundings::Surroundings;
use super::{Common, Parts, schedule};
use crate::home_assistant::HomeStatus;
use crate::model::{
    Assessment, Ending, EntityId, ItemSeen, LastFrame, LiveChange, Mask, Occupancy, PeopleAction,
    Region, SkipReason, Task, TaskId, Trigger, Zone, ZoneView,
};
use crate::store::{CameraRecord, Commit, HistoryEntry, Kept, StoreError, ZoneRecord};
use crate::tasks::{Change, Glance, Policy, What, reconcile, shown_score};

/// What others tell a zone.
#[derive(Debug)]
pub enum Message {
    Look(Trigger),
    RememberTidy,
    Draw(EntityId, Vec<Mask>, Vec<Region>),
    Change(LiveChange),
    ClearTasks,
    People(Vec<PeopleAction>),
    Adopt {
        item: ItemSeen,
        place: Place,
    },
    /// A person ended these tasks.
    End(Vec<TaskId>, Ending),
    /// The zone was declared otherwise.
    Declare(Box<Zone>),
}

type Look = JoinHandle<Result<Looked, LookError>>;

pub struct Worker {
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
    cameras: Vec<CameraRecord>,
    frame: Option<LastFrame>,
    pub(super) last_skip: Option<SkipReason>,
    last_failure: Option<String>,
    pub(super) failures: u32,
    /// The strongest trigger that waits for the running look to end.
    pending: Option<Trigger>,
    /// The strongest trigger that came while Home Assistant was away.
    pub(super) waiting: Option<Trigger>,
    /// Whether a person said that the zone is tidy now.
    pending_tidy: bool,
    pub(super) due: Instant,
    /// When the second look is due that reconcile wanted, if it did.
    second_look: Option<Instant>,
    /// How many second looks in a row were wanted.
    second_looks: u32,
    pub(super) parts: Parts,
    pub(super) policy: Policy,
    pub(super) common: Common,
    /// What is known of the home around the zone.
    pub(super) around: Surroundings,
    /// The trigger of the look that runs.
    pub(super) looking: Option<Trigger>,
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
        common: Common,
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
        let providers: Arc<[String]> = parts.router.borrow().names().into();
        let declared = zone;
        let zone = record.live.applied_to(&declared, &providers);
        let policy = policy(&zone).map_err(|e| StoreError::Value(e.to_string()))?;
        let now = parts.clock.now();
        let delay = match zone.cron {
            Some(_) => schedule::NEVER,
            None => schedule::first_delay(record.last_assessed, zone.interval, index, now),
        };
        let zone = Arc::new(zone);
        let (view, viewer) = watch::channel(Arc::new(view(&zone, &providers, &record, &tasks)));
        let worker = Self {
            declared,
            providers,
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
            second_look: None,
            second_looks: 0,
            parts,
            policy,
            around: Surroundings::new(&zone, Instant::now()),
            zone,
            common,
            looking: None,
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
        let mut events = self.parts.home.events();
        self.put_in_place().await;
        loop {
            if running.is_none() {
                running = self.start_what_waits(&home.borrow_and_update());
            }
            let wake_at = self.around.next(&self.zone);
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
                Ok(()) = self.common.paused.changed() => {
                    let goes_on = !*self.common.paused.borrow_and_update();
                    if goes_on && self.last_skip == Some(SkipReason::Paused) {
                        self.want(Trigger::Retry);
                    }
                }
                Ok(()) = self.parts.router.changed() => {
                    self.providers = self.parts.router.borrow_and_update().names().into();
                    self.declare(self.declared.clone()).await;
                }
                Ok(()) = self.common.states.changed() => {
                    self.common.states.mark_unchanged();
                    self.look_around();
                }
                Ok(event) = events.recv() => self.around.hear(&self.zone, &event, Instant::now()),
                () = sleep_until(wake_at.unwrap_or(self.due)), if wake_at.is_some() => self.wake(),
                () = sleep_until(self.second_look.unwrap_or(self.due)), if self.second_look.is_some() => {
                    self.second_look = None;
                    self.want(Trigger::SecondLook);
                }
                () = sleep_until(self.due) => {
                    self.due = Instant::now() + self.next_delay();
                    self.want(Trigger::Schedule);
                }
            }
        }
        if let Some(look) = running {
            look.abort();
        }
    }

    /// One pending look a zone; the strongest trigger wins.
    pub(super) fn want(&mut self, trigger: Trigger) {
        self.pending = self.pending.max(Some(trigger));
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Look(trigger) => self.want(trigger),
            Message::Change(change) => self.change(&change).await,
            Message::ClearTasks => self.clear_tasks().await,
            Message::RememberTidy => self.pending_tidy = true,
            Message::Draw(camera, masks, regions) => self.draw(&camera, masks, regions).await,
            Message::People(actions) => {
                for action in &actions {
                    self.heed(action).await;
                }
            }
            Message::Adopt { item, place } => self.adopt(&item, &place).await,
            Message::End(tasks, how) => self.end(&tasks, how).await,
            Message::Declare(zone) => self.declare(*zone).await,
        }
    }

    /// Goes on as declared now. A look that runs goes on too: what it finds is reconciled by the new rules.
    async fn declare(&mut self, zone: Zone) {
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
        self.looking = Some(trigger);
        if let Err(reason) = may_look(trigger, self.circumstances(home)) {
            self.not_now(reason);
            return None;
        }
        Some(Order {
            zone: self.zone.clone(),
            trigger,
            tasks: told(&self.tasks),
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
        if !self.commit_nothing_else().await {
            self.cameras = before;
        }
        self.publish();
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
                if self.commit_nothing_else().await {
                    self.failures = 0;
                    self.not_now(reason);
                }
            }
            Outcome::RememberedTidy { frame } => {
                if self.commit_nothing_else().await {
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

    pub(super) fn skipped(&mut self, reason: SkipReason) {
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
        let glance = Glance {
            verdict: &assessment.verdict,
            scene_changed: self.has_scene_changed(&assessment),
        };
        let changes = reconcile(
            &self.zone.id,
            &self.tasks,
            &glance,
            &self.policy,
            assessment.at,
        );
        let raw = assessment.verdict.score;
        let score = shown_score(self.record.score, raw, !changes.is_quiet());
        let needs_cleaning = needs_cleaning(score, self.zone.threshold, self.record.needs_cleaning);
        let record = ZoneRecord {
            score: Some(score),
            raw_score: Some(raw),
            scores: self.record.scores.and(score),
            needs_cleaning: Some(needs_cleaning),
            summary: assessment.verdict.summary.clone(),
            last_assessed: Some(assessment.at),
            ..self.record.clone()
        };
        let found: Vec<Task> = changes.that(What::Opened).cloned().collect();
        let mess = MessFound {
            zone: self.zone.id.clone(),
            score,
            needs_cleaning,
            summary: assessment.verdict.summary.clone(),
            trigger: assessment.trigger,
            tasks: found,
        };
        let told = ZoneAssessed {
            zone: self.zone.id.clone(),
            score: raw,
            provider: assessment.provider.clone(),
            duration: assessment.duration,
            summary: assessment.verdict.summary.clone(),
        };
        let why = format!("assessment {}", assessment.id);
        let commit = Commit {
            history: history(&changes.tasks, assessment.at, None, &why),
            at: assessment.at,
            assessment: Some(assessment),
            ..Commit::of(record, self.parts.clock.now())
        };
        if !self.commit(commit, &changes.tasks).await {
            return;
        }
        self.frame = Some(frame);
        self.failures = 0;
        self.last_skip = None;
        self.last_failure = None;
        self.due = Instant::now() + self.next_delay();
        self.plan_second_look(changes.second_look);
        self.publish();
        self.bus.tell(told);
        if !mess.tasks.is_empty() {
            self.bus.tell(mess);
        }
        self.tell(changes.tasks);
    }

    /// A look that had to pass the gate and did so before it was time anyway: the room looks different.
    fn has_scene_changed(&self, assessment: &Assessment) -> bool {
        let is_time_anyway = self.record.last_assessed.is_none_or(|last| {
            let passed = assessment.at.duration_since(last);
            Duration::try_from(passed).is_ok_and(|passed| passed >= self.zone.reassess_after)
        });
        !assessment.trigger.passes_the_gate() && !is_time_anyway
    }

    /// A second look within minutes, unless several in a row have decided nothing.
    fn plan_second_look(&mut self, is_wanted: bool) {
        self.second_looks = if is_wanted {
            self.second_looks.saturating_add(1)
        } else {
            0
        };
        self.second_look = schedule::second_look(self.second_looks, self.zone.interval)
            .map(|delay| Instant::now() + delay);
        if self.second_look.is_some() {
            self.bus.count(&SecondLookWanted {
                zone: self.zone.id.clone(),
            });
        }
    }

    /// Tells what happened to tasks, and when the last of them was done.
    pub(super) fn tell(&self, changes: Vec<Change>) {
        let mut was_done = false;
        for Change { task, what } in changes {
            match what {
                What::Opened | What::Reopened => self.bus.tell(TaskOpened { task }),
                What::ByPerson if task.is_open() => {}
                What::Done | What::ByPerson | What::Merged => {
                    was_done = true;
                    self.bus.tell(TaskEnded { task });
                }
                What::Proposed | What::Settled | What::Cleared | What::Noted => {}
            }
        }
        if was_done && !self.tasks.iter().any(Task::is_open) {
            self.bus.tell(AllTidy {
                zone: self.zone.id.clone(),
                score: self.record.score,
            });
        }
    }

    async fn heed(&mut self, action: &PeopleAction) {
        let known = self
            .tasks
            .iter()
            .find(|task| task.id == action.task)
            .cloned();
        let task = match known {
            Some(task) => task,
            // One that no longer lives: a person may open it again all the same.
            None => match self.parts.store.task(action.task).await {
                Ok(Some(task)) => task,
                Ok(None) => return,
                Err(error) => return self.failed(error.code(), error.to_string(), None),
            },
        };
        let heeded = heed_action(&task, &self.tasks, action, &self.policy);
        self.store_heeded(heeded).await;
    }

    async fn adopt(&mut self, item: &ItemSeen, place: &Place) {
        let Some(list) = self.zone.todo_list.clone() else {
            return;
        };
        let mut has_item = Vec::new();
        for task in self.tasks.iter().filter(|task| task.is_open()) {
            match self.parts.store.item_of(task.id, list.clone()).await {
                Ok(Some(known)) if known.uid == item.uid => return,
                Ok(Some(_)) => has_item.push(task.id),
                Ok(None) => {}
                Err(error) => return self.failed(error.code(), error.to_string(), None),
            }
        }
        let now = self.parts.clock.now();
        let heeded = adopt(
            &self.zone.id,
            &self.tasks,
            &has_item,
            &list,
            item,
            place,
            now,
        );
        self.store_heeded(heeded).await;
    }

    async fn store_heeded(&mut self, heeded: Heeded) {
        let now = self.parts.clock.now();
        let commit = Commit {
            history: history(
                &heeded.changes,
                now,
                Some(heeded.why),
                "a person, on the list",
            ),
            items: heeded.items,
            unqueued: heeded.unqueued,
            ..Commit::of(self.record.clone(), now)
        };
        if !self.commit(commit, &heeded.changes).await {
            return;
        }
        self.publish();
        self.tell(heeded.changes);
    }

    /// Open tasks whose items are on another list than the zone's, or on none, are brought there.
    async fn put_in_place(&mut self) {
        let places = match self.parts.store.places(self.zone.id.clone()).await {
            Ok(places) => places,
            Err(error) => return self.failed(error.code(), error.to_string(), None),
        };
        let effects = moves(&self.zone, &self.tasks, &places, &self.writing());
        if effects.is_empty() {
            return;
        }
        let commit = Commit {
            effects,
            ..Commit::of(self.record.clone(), self.parts.clock.now())
        };
        self.commit(commit, &[]).await;
    }

    /// In the household's language, or English as long as it is not known.
    fn writing(&self) -> Writing {
        let home = self.parts.home.home().borrow().clone();
        let items = self.parts.items.borrow().clone();
        let zone = home
            .as_ref()
            .and_then(|home| TimeZone::get(&home.time_zone).ok())
            .unwrap_or(TimeZone::UTC);
        Writing {
            language: home.map(|home| home.language).unwrap_or_default(),
            today: items
                .due_dates
                .then(|| Writing::day(self.parts.clock.now(), zone)),
            page: items.page_url,
        }
    }

    /// Stores the zone and its cameras as they are.
    async fn commit_nothing_else(&mut self) -> bool {
        let commit = Commit::of(self.record.clone(), self.parts.clock.now());
        self.commit(commit, &[]).await
    }

    /// Stores the change with its effects, then takes it over. If the store refuses, nothing changes.
    pub(super) async fn commit(&mut self, mut commit: Commit, changes: &[Change]) -> bool {
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
        commit.errands = errands(zone, &notifications, &self.tasks, &after, changes, now);
        let has_news =
            !commit.effects.is_empty() || !commit.items.is_empty() || !commit.errands.is_empty();
        let record = commit.zone.clone();
        match self.parts.store.commit(commit).await {
            Ok(Kept::All) => {}
            Ok(Kept::WithoutAssessment) => self.bus.count(&RoomLacking {
                zone: self.zone.id.clone(),
            }),
            Err(error) => {
                self.failed(error.code(), error.to_string(), None);
                return false;
            }
        }
        self.record = record;
        after.retain(Task::is_living);
        self.tasks = after;
        if has_news {
            self.outbox_changes
                .send_modify(|count| *count = count.wrapping_add(1));
        }
        true
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

/// The tasks that a provider is told of: all open ones, and of the others those that changed last.
fn told(tasks: &[Task]) -> Vec<Task> {
    const MOST: usize = 40;
    let mut told = tasks.to_vec();
    told.sort_by_key(|task| (!task.is_open(), std::cmp::Reverse(task.changed_at), task.id));
    let open = told.iter().filter(|task| task.is_open()).count();
    told.truncate(MOST.max(open));
    told
}

/// The entries of the history for what people may ask about later. `what` stands for a person's deed.
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

pub(super) fn policy(zone: &Zone) -> Result<Policy, crate::model::OutOfRange> {
    let standard = Policy::standard()?;
    Ok(Policy {
        most_open: zone.max_open_tasks,
        dismissed_for: jiff::SignedDuration::try_from(zone.dismissed_for)
            .unwrap_or(standard.dismissed_for),
        ignore: zone.ignore.clone(),
        ..standard
    })
}

/// The zone as stored, before anything happened since the start.
pub(super) fn view(
    zone: &Zone,
    providers: &Arc<[String]>,
    record: &ZoneRecord,
    tasks: &[Task],
) -> ZoneView {
    let open = tasks.iter().filter(|task| task.is_open());
    ZoneView {
        live: record.live.clone(),
        providers: providers.clone(),
        watching: record.watching,
        score: record.score,
        trend: record.scores.trend(),
        needs_cleaning: record.needs_cleaning,
        summary: record.summary.clone(),
        last_assessed: record.last_assessed,
        open_tasks: open.cloned().collect(),
        ..ZoneView::new(zone.clone())
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
