//! A zone's worker: the loop alone. It is the only owner of the zone's state and stays responsive while a check runs as
//! its child task; a check's result is reconciled against the state as it is at the commit.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::check::{
    CheckError, CheckOrder, CheckOutcome, CheckResult, Circumstances, allowed, is_allowed_again,
};
use super::command::{Asked, ZoneCommand};
use super::event_bus::EventBus;
use super::events::RecheckWanted;
use super::message::Message;
use super::occupancy::{RoomOccupancy, are_cameras_off, home_occupancy};
use super::running::{Running, finished};
use super::schedule::Schedule;
use super::services::{HomeSignals, Services, Signals};
use super::state::{ChangeError, ZoneState};
use super::triggers::HomeTriggers;
use crate::backoff::random_fraction;
use crate::model::{
    Actor, Assessment, CommandRefusal, LastFrame, SkipReason, Trigger, Zone, ZoneView,
};
use crate::store::StoreError;
use crate::telemetry::Code;

/// One zone's worker.
pub struct Worker {
    /// What is stored and shown of the zone.
    state: ZoneState,
    /// When it is checked next, and what is pending.
    schedule: Schedule,
    /// What of Home Assistant and of the clock requests checks.
    triggers: HomeTriggers,
    /// Who is in its room.
    occupancy: RoomOccupancy,
    running: Option<Running>,
    signals: Signals,
    services: Services,
    bus: EventBus,
}

impl Worker {
    /// The worker with the zone's stored state, and the view that it keeps up to date. `index` is the zone's place among
    /// all of them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn load(
        zone: Zone,
        index: usize,
        services: Services,
        signals: HomeSignals,
        bus: EventBus,
        outbox_changes: Arc<watch::Sender<u64>>,
    ) -> Result<(Self, watch::Receiver<Arc<ZoneView>>), StoreError> {
        let (state, view) =
            ZoneState::load(zone, services.clone(), bus.clone(), outbox_changes).await?;
        let (now, at) = (services.clock.now(), Instant::now());
        let worker = Self {
            schedule: Schedule::new(state.zone(), state.last_assessed(), index, now, at),
            triggers: HomeTriggers::new(state.zone(), at),
            occupancy: RoomOccupancy::default(),
            running: None,
            signals: Signals::new(signals, &services),
            state,
            services,
            bus,
        };
        Ok((worker, view))
    }

    /// Works until `stop` is cancelled. A check that runs then is dropped: nothing of it is stored.
    pub async fn run(mut self, mut messages: mpsc::Receiver<Message>, stop: CancellationToken) {
        let stored = self.state.put_in_place().await;
        self.note(stored);
        loop {
            self.start_pending();
            let due_at = self.next_due();
            let waits_for_home = self.state.last_skip() == Some(SkipReason::WaitingForHome);
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                (trigger, result) = finished(&mut self.running) => self.on_finished(trigger, result).await,
                message = messages.recv() => match message {
                    Some(message) => self.on_message(message).await,
                    None => break,
                },
                Ok(()) = self.signals.home.changed(), if waits_for_home => {
                    if self.signals.home.borrow_and_update().is_running() {
                        self.schedule.request_after_home();
                    }
                }
                Ok(()) = self.signals.paused.changed() => {
                    let goes_on = !*self.signals.paused.borrow_and_update();
                    if goes_on && self.state.last_skip() == Some(SkipReason::Paused) {
                        self.schedule.request(Trigger::Retry);
                    }
                }
                Ok(()) = self.signals.configuration.changed() => {
                    let names = self.signals.configuration.borrow_and_update().router.names().into();
                    self.state.set_providers(names);
                    self.declare(self.state.declared().clone()).await;
                }
                Ok(()) = self.signals.states.changed() => {
                    self.signals.states.mark_unchanged();
                    self.refresh_states();
                }
                Ok(event) = self.signals.events.recv() => self.triggers.hear(self.state.zone(), &event, Instant::now()),
                () = sleep_until(due_at) => self.request_due(),
            }
        }
    }

    /// When to call [`Self::request_due`] next.
    fn next_due(&self) -> Instant {
        let zone = self.state.zone();
        [self.triggers.next(zone), self.occupancy.next(zone)]
            .into_iter()
            .flatten()
            .fold(self.schedule.next(), Instant::min)
    }

    /// Requests what was waited for and has come.
    fn request_due(&mut self) {
        let (now, at) = (self.services.clock.now(), Instant::now());
        let (zone, clocks) = (self.state.zone(), self.services.locale.borrow().clocks());
        if let Some(trigger) = self.triggers.due(zone, now, &clocks, at) {
            if trigger == Trigger::Schedule {
                // A timetable's check is hours from the one before: what passed then says nothing of now.
                self.schedule.is_clear_again();
            }
            self.schedule.request(trigger);
        }
        if let Some(trigger) = self.occupancy.due(zone, at) {
            self.schedule.request(trigger);
        }
        self.schedule.request_due(zone, at, random_fraction());
    }

    async fn on_message(&mut self, message: Message) {
        match message {
            Message::RequestCheck(trigger) => {
                self.schedule.request(trigger);
            }
            Message::Command(asked) => self.dispatch(asked).await,
            Message::UserActions(actions) => {
                for action in &actions {
                    let applied = self.state.apply_user_action(action).await;
                    self.note(applied);
                }
            }
            Message::Adopt { item, place } => {
                let adopted = self.state.adopt(&item, &place).await;
                self.note(adopted);
            }
            Message::Declare(zone) => self.declare(*zone).await,
        }
    }

    /// Carries a command out and answers it. A command that nobody waits for any more was answered as refused, so
    /// nothing is done.
    async fn dispatch(&mut self, asked: Asked<ZoneCommand>) {
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
                let is_new = self.schedule.request(trigger);
                self.start_now("assess now", is_new, actor).await
            }
            ZoneCommand::TidyNow => {
                let is_new = self.schedule.request_tidy();
                self.start_now("tidy now", is_new, actor).await
            }
            ZoneCommand::Draw {
                camera,
                masks,
                regions,
            } => self.state.draw(&camera, masks, regions, actor).await,
            ZoneCommand::SetLive(change) => {
                let set = self.state.set_live(&change, actor).await;
                set.map(|before| self.follow_zone(&before))
            }
            ZoneCommand::ClearTasks => self.state.clear_tasks(actor).await,
            ZoneCommand::EndTasks { tasks, how } => self.state.end_tasks(&tasks, how, actor).await,
        };
        if let Err(ChangeError::Store(error)) = &done {
            self.on_store_error(error);
        }
        answer.give(done.map_err(ChangeError::into_refusal));
    }

    /// Starts what a person requested, or leaves it pending while a check runs.
    async fn start_now(
        &mut self,
        command: &str,
        is_new: bool,
        actor: Actor,
    ) -> Result<(), ChangeError> {
        if self.running.is_none()
            && let Some(Err(reason)) = self.start_next()
        {
            return Err(CommandRefusal::CheckForbidden(reason).into());
        }
        // The check runs meanwhile: it must not wait for the disk.
        if is_new {
            self.state.audit_check(command, actor).await;
        }
        Ok(())
    }

    /// Starts what is pending, unless a check runs. What may not start now is shown as skipped.
    fn start_pending(&mut self) {
        while self.running.is_none() && self.start_next().is_some() {}
    }

    /// Takes what is pending and starts it; none if nothing is.
    fn start_next(&mut self) -> Option<Result<(), SkipReason>> {
        let pending = self.schedule.take_pending()?;
        let trigger = pending.trigger();
        if let Err(reason) = allowed(trigger, self.circumstances()) {
            self.on_skip(trigger, reason);
            return Some(Err(reason));
        }
        let order = CheckOrder {
            zone: self.state.zone().clone(),
            trigger,
            tasks: self.state.prompt_tasks(),
            cameras: self.state.cameras().to_vec(),
        };
        let (services, bus) = (self.services.clone(), self.bus.clone());
        self.running = Some(Running::start(pending, order, services, bus));
        Some(Ok(()))
    }

    /// What is known before a check.
    fn circumstances(&mut self) -> Circumstances {
        self.refresh_states();
        let now = self.services.clock.now();
        let zone = self.state.zone();
        let states = self.services.home.states();
        let states = states.borrow();
        Circumstances {
            paused: *self.signals.paused.borrow(),
            watching: self.state.is_watching(),
            home_is_running: self.signals.home.borrow_and_update().is_running(),
            quiet: zone
                .quiet_hours
                .is_some_and(|hours| hours.contains(now, &self.services.locale.borrow().clocks())),
            away: (zone.away_mode, home_occupancy(zone, &states)),
            occupancy: self.occupancy.current(),
            clear_for_long: self.occupancy.is_clear_for_long(zone, Instant::now()),
            cameras_unavailable: are_cameras_off(zone, &states),
        }
    }

    /// Takes the states of the home as they are at this moment.
    fn refresh_states(&mut self) {
        let (now, at) = (self.services.clock.now(), Instant::now());
        let zone = self.state.zone().clone();
        let states = self.services.home.states();
        let people = {
            let states = states.borrow();
            self.triggers.see(&states, now, at);
            self.occupancy.see(&zone, &states, now, at);
            home_occupancy(&zone, &states)
        };
        let skip = self.state.last_skip();
        if skip.is_some_and(|skip| is_allowed_again(skip, zone.away_mode, people)) {
            self.state.clear_skip();
            self.schedule.request(Trigger::Retry);
        }
        self.state.show_occupancy(self.occupancy.current());
    }

    async fn on_finished(&mut self, trigger: Trigger, result: Result<CheckResult, CheckError>) {
        let CheckResult { outcome, cameras } = match result {
            Ok(result) => result,
            Err(error) => {
                return self.on_failure(error.code(), error.to_string(), error.retry_at());
            }
        };
        self.state.remember(cameras);
        match outcome {
            CheckOutcome::Assessed { assessment, frame } => {
                self.on_assessed(*assessment, frame).await;
            }
            CheckOutcome::Skipped(reason) => match self.state.store().await {
                Ok(()) => {
                    self.schedule.succeeded();
                    self.on_skip(trigger, reason);
                }
                Err(error) => self.on_store_error(&error),
            },
            CheckOutcome::RememberedTidy { frame } => match self.state.store().await {
                Ok(()) => self.state.show_tidy(frame),
                Err(error) => self.on_store_error(&error),
            },
        }
    }

    async fn on_assessed(&mut self, assessment: Assessment, frame: LastFrame) {
        self.schedule.is_clear_again();
        let stored = match self.state.assess(assessment, frame).await {
            Ok(stored) => stored,
            Err(error) => return self.on_store_error(&error),
        };
        let (zone, at) = (self.state.zone(), Instant::now());
        if self
            .schedule
            .assessed(zone, stored.wants_recheck, at, random_fraction())
        {
            self.bus.count(&RecheckWanted {
                zone: zone.id.clone(),
            });
        }
        self.state.show_assessment(stored);
    }

    /// A check ended without an assessment, or could not start. What may come later is planned.
    fn on_skip(&mut self, trigger: Trigger, reason: SkipReason) {
        let (zone, at) = (self.state.zone(), Instant::now());
        match reason {
            SkipReason::WaitingForHome => self.schedule.wait_for_home(trigger),
            SkipReason::Occupied | SkipReason::OccupancyUnknown => {
                self.occupancy.wait_until_clear(trigger);
            }
            SkipReason::QuietHours => {
                let now = self.services.clock.now();
                let clocks = self.services.locale.borrow().clocks();
                self.schedule.wait_for_quiet_end(zone, now, &clocks, at);
            }
            SkipReason::Moving
            | SkipReason::Dark
            | SkipReason::BlownOut
            | SkipReason::Blurred
            | SkipReason::Covered => self.schedule.was_spoiled(zone, at),
            SkipReason::Unchanged => self.schedule.is_clear_again(),
            _ => {}
        }
        self.state.show_skip(reason);
    }

    /// Changes no task and no score; the next check comes sooner.
    fn on_failure(&mut self, code: Code, sentence: String, retry_at: Option<Timestamp>) {
        let (now, at) = (self.services.clock.now(), Instant::now());
        self.schedule.failed(self.state.zone(), retry_at, now, at);
        self.state.show_failure(code, sentence);
    }

    fn on_store_error(&mut self, error: &StoreError) {
        self.on_failure(error.code(), error.to_string(), None);
    }

    fn note(&mut self, stored: Result<(), StoreError>) {
        if let Err(error) = stored {
            self.on_store_error(&error);
        }
    }

    /// Goes on as declared now.
    async fn declare(&mut self, zone: Zone) {
        match self.state.declare(zone).await {
            Ok(before) => {
                self.follow_zone(&before);
                let stored = self.state.put_in_place().await;
                self.note(stored);
                self.state.show_declared();
            }
            Err(error) => self.on_store_error(&error),
        }
    }

    /// Goes by the zone as it is in effect now, after it was as `before`.
    fn follow_zone(&mut self, before: &Zone) {
        let zone = self.state.zone();
        let (now, at) = (self.services.clock.now(), Instant::now());
        if zone.interval != before.interval || zone.cron != before.cron {
            self.schedule
                .restart(zone, self.state.last_assessed(), now, at);
        }
        if zone.wake_by_states != before.wake_by_states
            || zone.occupancy != before.occupancy
            || zone.cron != before.cron
        {
            self.triggers = HomeTriggers::new(zone, at);
            self.occupancy = RoomOccupancy::default();
        }
        self.refresh_states();
    }
}
