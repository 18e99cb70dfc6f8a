//! A zone's worker: the only owner of the zone's state. It stays responsive while a check runs as its child
//! task; a check's result is reconciled against the state as it is at the commit.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::command::{Asked, ZoneCommand};
use super::description::Place;
use super::events::EventBus;
use super::look::{LookError, Looked, Order, look, remember_tidy};
use super::may_look::may_look;
use super::surroundings::Surroundings;
use super::{Common, Parts, schedule};
use crate::home_assistant::HomeStatus;
use crate::model::{
    CommandRefusal, ItemSeen, LastFrame, Reason, SkipReason, Task, Trigger, UserAction, Zone,
    ZoneView,
};
use crate::store::{CameraRecord, StoreError, ZoneRecord};
use crate::tasks::Policy;

/// What others tell a zone.
#[derive(Debug)]
pub enum Message {
    /// The program wants a check.
    Check(Trigger),
    /// Somebody commands, and waits for the answer.
    Command(Asked<ZoneCommand>),
    /// What people did with the items of the zone's tasks.
    UserActions(Vec<UserAction>),
    /// An item of ours that no task knows.
    Adopt { item: ItemSeen, place: Place },
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
    pub(super) cameras: Vec<CameraRecord>,
    pub(super) frame: Option<LastFrame>,
    pub(super) last_skip: Option<SkipReason>,
    pub(super) last_failure: Option<Reason>,
    pub(super) failures: u32,
    /// How many checks in a row were spoiled by what passes: somebody in the room, a camera that shows nothing.
    pub(super) passing: u32,
    /// The strongest trigger that waits for the running check to end.
    pub(super) pending: Option<Trigger>,
    /// The strongest trigger that came while Home Assistant was away.
    pub(super) waiting: Option<Trigger>,
    /// Whether a person said that the zone is tidy now.
    pub(super) pending_tidy: bool,
    pub(super) due: Instant,
    /// When the recheck is due that reconcile wanted, if it did.
    pub(super) recheck: Option<Instant>,
    /// When the zone is looked at again after a check that something passing spoiled.
    pub(super) retake: Option<Instant>,
    /// How many rechecks in a row were wanted.
    pub(super) rechecks: u32,
    pub(super) parts: Parts,
    pub(super) policy: Policy,
    pub(super) common: Common,
    /// What is known of the home around the zone.
    pub(super) around: Surroundings,
    /// The trigger of the check that runs.
    pub(super) looking: Option<Trigger>,
    pub(super) bus: EventBus,
    pub(super) view: watch::Sender<Arc<ZoneView>>,
    pub(super) outbox_changes: Arc<watch::Sender<u64>>,
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
            passing: 0,
            pending: None,
            waiting: None,
            pending_tidy: false,
            due: Instant::now() + delay,
            recheck: None,
            retake: None,
            rechecks: 0,
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

    /// Works until `stop` is cancelled. A check that runs then is dropped: nothing of it is stored.
    pub async fn run(mut self, mut messages: mpsc::Receiver<Message>, stop: CancellationToken) {
        let mut running: Option<Look> = None;
        let mut home = self.parts.home.status();
        let mut events = self.parts.home.events();
        self.put_in_place().await;
        loop {
            if running.is_none() {
                // What may not start is planned for later and shown as skipped.
                running = self
                    .start_what_waits(&home.borrow_and_update())
                    .unwrap_or_default();
            }
            let wake_at = self.around.next(&self.zone);
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                result = finished(&mut running) => self.finish(result).await,
                message = messages.recv() => match message {
                    Some(Message::Command(asked)) => {
                        let home = home.borrow_and_update().clone();
                        self.dispatch(asked, &mut running, &home).await;
                    }
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
                () = sleep_until(self.recheck.unwrap_or(self.due)), if self.recheck.is_some() => {
                    self.recheck = None;
                    self.want(Trigger::Recheck);
                }
                () = sleep_until(self.retake.unwrap_or(self.due)), if self.retake.is_some() => {
                    self.retake = None;
                    self.want(Trigger::Schedule);
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

    /// One pending check a zone; the strongest trigger wins.
    pub(super) fn want(&mut self, trigger: Trigger) {
        self.pending = self.pending.max(Some(trigger));
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Check(trigger) => self.want(trigger),
            Message::Command(_) => {}
            Message::UserActions(actions) => {
                for action in &actions {
                    self.apply_user_action(action).await;
                }
            }
            Message::Adopt { item, place } => self.adopt(&item, &place).await,
            Message::Declare(zone) => self.declare(*zone).await,
        }
    }

    /// Carries a command out and answers it. A command that nobody waits for any more was answered as refused, so
    /// nothing is done.
    async fn dispatch(
        &mut self,
        asked: Asked<ZoneCommand>,
        running: &mut Option<Look>,
        home: &HomeStatus,
    ) {
        let Asked {
            command,
            actor,
            answer,
        } = asked;
        if answer.is_too_late() {
            return;
        }
        let done = match command {
            ZoneCommand::AssessNow(trigger) => {
                let is_new = self.pending < Some(trigger);
                self.want(trigger);
                let started = self.start_now(running, home);
                if started.is_ok() && is_new {
                    self.audit_check("assess now", actor).await;
                }
                started
            }
            ZoneCommand::TidyNow => {
                let is_new = !std::mem::replace(&mut self.pending_tidy, true);
                let started = self.start_now(running, home);
                if started.is_ok() && is_new {
                    self.audit_check("tidy now", actor).await;
                }
                started
            }
            ZoneCommand::Draw {
                camera,
                masks,
                regions,
            } => self.draw(&camera, masks, regions, actor).await,
            ZoneCommand::SetLive(change) => self.change(&change, actor).await,
            ZoneCommand::ClearTasks => self.clear_tasks(actor).await,
            ZoneCommand::EndTasks { tasks, how } => self.end(&tasks, how, actor).await,
        };
        answer.give(done);
    }

    /// Starts the check that a person wants, or leaves it pending while another one runs.
    fn start_now(
        &mut self,
        running: &mut Option<Look>,
        home: &HomeStatus,
    ) -> Result<(), CommandRefusal> {
        if running.is_none() {
            *running = self
                .start_what_waits(home)
                .map_err(CommandRefusal::CheckForbidden)?;
        }
        Ok(())
    }

    fn start_what_waits(&mut self, home: &HomeStatus) -> Result<Option<Look>, SkipReason> {
        if std::mem::take(&mut self.pending_tidy) {
            let order = self.order(Trigger::Button, home)?;
            let check = remember_tidy(order, self.parts.clone(), self.bus.clone());
            return Ok(Some(tokio::spawn(check)));
        }
        let Some(trigger) = self.pending.take() else {
            return Ok(None);
        };
        let order = self.order(trigger, home)?;
        let check = look(order, self.parts.clone(), self.bus.clone());
        Ok(Some(tokio::spawn(check)))
    }

    /// What to check, if a check may start now.
    fn order(&mut self, trigger: Trigger, home: &HomeStatus) -> Result<Order, SkipReason> {
        self.looking = Some(trigger);
        if let Err(reason) = may_look(trigger, self.circumstances(home)) {
            self.not_now(reason);
            return Err(reason);
        }
        Ok(Order {
            zone: self.zone.clone(),
            trigger,
            tasks: told(&self.tasks),
            cameras: self.cameras.clone(),
        })
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

/// The result of the check that runs; never, if none does.
async fn finished(running: &mut Option<Look>) -> Result<Looked, LookError> {
    let Some(look) = running else {
        return std::future::pending().await;
    };
    let result = look.await.unwrap_or(Err(LookError::Interrupted));
    *running = None;
    result
}
