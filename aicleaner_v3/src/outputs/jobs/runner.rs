//! Works off what is to be done in the home other than on to-do lists: notifications, the daily digest, the robot; and
//! hears what people press on their phones. Driven by stored rows: an event only wakes it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::super::ids::OwnIds;
use super::super::notify::{Button, Notifier, digest, due, read_button};
use super::super::vacuum::{Robots, Sending};
use super::decision::{Decision, decide, is_harmless_twice, retry_at};
use super::events::{JobDropped, JobRefused, JobsDelayed};
use crate::clock::Clock;
use crate::engine::{Configuration, Engine};
use crate::home_assistant::{BUTTON_PRESSED, HomeAssistant, HomeError, HomeEvent};
use crate::i18n::Locale;
use crate::model::{
    Actor, Command, Commands, Ending, EntityId, InstanceName, JobKind, Notification, Target,
    Trigger, ZoneId, ZoneView,
};
use crate::store::{JobRow, JobStage, Store, StoreError};
use crate::telemetry::Telemetry;

/// The digest's time and jobs that wait are looked at so often at least.
const LATEST: Duration = Duration::from_secs(20);
/// The soonest that jobs are looked at again by themselves.
const SHORTEST: Duration = Duration::from_millis(50);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What jobs are done with.
pub struct JobParts {
    /// The home.
    pub home: HomeAssistant,
    /// Where jobs are kept.
    pub store: Store,
    /// Who hears what people press, and how zones stand.
    pub engine: Engine,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Where the buttons of notifications go.
    pub commands: Arc<dyn Commands>,
    /// Whom to tell what.
    pub configuration: watch::Receiver<Configuration>,
    /// The home's language and clocks.
    pub locale: watch::Receiver<Locale>,
    /// Who we are.
    pub instance: InstanceName,
    /// How our things are called.
    pub ids: OwnIds,
}

/// Does jobs until `stop`.
pub async fn jobs(parts: JobParts, stop: CancellationToken) {
    let worker = Worker {
        notifier: Notifier {
            home: parts.home.clone(),
            instance: parts.instance.clone(),
            locale: parts.locale.clone(),
            picture: parts.ids.picture.clone(),
        },
        robots: Robots::new(parts.home.clone(), parts.ids.device.clone()),
        parts,
    };
    stop.run_until_cancelled(worker.run()).await;
}

struct Worker {
    parts: JobParts,
    notifier: Notifier,
    robots: Robots,
}

impl Worker {
    async fn run(mut self) {
        let mut outbox = self.parts.engine.outbox_changed();
        let mut status = self.parts.home.status();
        let mut states = self.parts.home.states();
        let mut views = self.parts.engine.views();
        let mut presses = self.parts.home.events();
        loop {
            self.follow();
            outbox.borrow_and_update();
            states.borrow_and_update();
            views.borrow_and_update();
            let is_running = status.borrow_and_update().is_running();
            self.note_robots();
            self.docked();
            let wait = match self.pass(is_running).await {
                Ok(wait) => wait,
                Err(error) => {
                    self.parts.telemetry.emit(&JobsDelayed {
                        code: error.code(),
                        reason: error.to_string(),
                    });
                    LATEST
                }
            };
            let until = Instant::now() + wait;
            loop {
                tokio::select! {
                    Ok(()) = outbox.changed() => break,
                    Ok(()) = status.changed() => break,
                    Ok(()) = views.changed() => break,
                    Ok(()) = self.parts.configuration.changed() => break,
                    // Entities of others may change a thousand times a second.
                    Ok(()) = states.changed() => {
                        if self.note_robots() {
                            break;
                        }
                    }
                    event = presses.recv() => match event {
                        Ok(event) => self.heard(&event).await,
                        Err(broadcast::error::RecvError::Lagged(_)) => {}
                        Err(broadcast::error::RecvError::Closed) => sleep(LATEST).await,
                    },
                    () = sleep_until(until) => break,
                }
            }
        }
    }

    /// Whether a robot is in another state than before.
    fn note_robots(&mut self) -> bool {
        let robots: BTreeSet<EntityId> = self
            .views()
            .iter()
            .filter_map(|view| view.zone.vacuum.clone())
            .collect();
        self.robots.have_changed(robots.iter())
    }

    /// Asks for the states and events that are needed now.
    fn follow(&self) {
        let rules = self.parts.configuration.borrow().notifications.clone();
        let mut entities: BTreeSet<EntityId> = rules
            .to
            .iter()
            .filter_map(|target| match target {
                Target::Notify(entity) => Some(entity.clone()),
                Target::Drawer(_) => None,
            })
            .collect();
        entities.extend(
            self.views()
                .iter()
                .filter_map(|view| view.zone.vacuum.clone()),
        );
        self.parts.home.watch_entities("errands", entities);
        let has_buttons = rules.to.iter().any(Target::is_phone);
        let events = has_buttons.then(|| BUTTON_PRESSED.to_owned());
        self.parts
            .home
            .watch_events("errands", events.into_iter().collect());
    }

    fn views(&self) -> Vec<Arc<ZoneView>> {
        let views = self.parts.engine.views().borrow().clone();
        views.iter().map(|view| view.borrow().clone()).collect()
    }

    /// A robot that has come back: its zones are looked at again.
    fn docked(&mut self) {
        for zone in self.robots.docked() {
            self.parts.engine.request_check(&zone, Trigger::State);
        }
    }

    async fn pass(&mut self, is_running: bool) -> Result<Duration, StoreError> {
        let zone = self.parts.locale.borrow().time_zone.clone();
        self.queue_digest(zone.as_ref()).await?;
        if !is_running {
            return Ok(LATEST);
        }
        let zone = zone.unwrap_or(TimeZone::UTC);
        let rules = self.parts.configuration.borrow().notifications.clone();
        let mut next: Option<Timestamp> = None;
        for mut row in self.parts.store.pending_jobs().await? {
            let now = self.parts.clock.now();
            let lane = row.job.kind.lane();
            let since = now.checked_sub(HOUR).unwrap_or(Timestamp::MIN);
            let done = self.parts.store.jobs_done(lane, since).await?;
            let wait = match decide(&row, &rules, &done, now, &zone) {
                Decision::Do => self.attempt(row).await?,
                Decision::Wait(until) => Some(until),
                Decision::Hold(until) => {
                    row.valid_from = until;
                    row.not_before = until;
                    self.parts.store.set_job(row, now).await?;
                    Some(until)
                }
                Decision::Drop(reason) => {
                    self.give_up(row, reason).await?;
                    None
                }
            };
            next = match (next, wait) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        let now = self.parts.clock.now();
        let wait = next.map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
        Ok(wait.map_or(LATEST, |wait| wait.clamp(SHORTEST, LATEST)))
    }

    async fn queue_digest(&self, zone: Option<&TimeZone>) -> Result<(), StoreError> {
        let rules = self.parts.configuration.borrow().notifications.clone();
        let (Some(at), Some(zone)) = (rules.digest_at, zone) else {
            return Ok(());
        };
        let views = self.views();
        if rules.to.is_empty() || views.is_empty() {
            return Ok(());
        }
        let now = self.parts.clock.now();
        let last = self.parts.store.last_digest().await?;
        if let Some(day) = due(last, at, &now.to_zoned(zone.clone())) {
            let jobs = digest(&rules.to, &views, now);
            self.parts.store.queue_digest(day, jobs).await?;
        }
        Ok(())
    }

    async fn give_up(&self, mut row: JobRow, reason: &'static str) -> Result<(), StoreError> {
        self.parts.telemetry.emit(&JobDropped {
            lane: row.job.kind.lane(),
            reason,
        });
        row.stage = JobStage::Dropped;
        let now = self.parts.clock.now();
        self.parts.store.set_job(row, now).await
    }

    /// The stage is stored before the call, so that a program that is killed in between does not tell twice. Returns
    /// when to try again, if that is to be done.
    async fn attempt(&mut self, mut row: JobRow) -> Result<Option<Timestamp>, StoreError> {
        let store = self.parts.store.clone();
        if let JobKind::Vacuum { vacuum, .. } = &row.job.kind
            && let Some(reason) = self.obstacle(vacuum, row.job.zone.as_ref())
        {
            tracing::debug!(%vacuum, reason, "the robot waits");
            return Ok(None);
        }
        row.stage = JobStage::Trying;
        row.attempts = row.attempts.saturating_add(1);
        store.set_job(row.clone(), self.parts.clock.now()).await?;
        crate::fault_point!("job.before_call");
        let result = self.kind(&row).await;
        crate::fault_point!("job.after_call");
        let now = self.parts.clock.now();
        let error = match result {
            Ok(Sending::Done) => {
                row.stage = JobStage::Done;
                store.set_job(row, now).await?;
                return Ok(None);
            }
            Ok(Sending::InVain(reason)) => {
                self.give_up(row, reason).await?;
                return Ok(None);
            }
            Err(error) => error,
        };
        if !error.is_absence() {
            self.parts.telemetry.emit(&JobRefused {
                lane: row.job.kind.lane(),
                code: error.code(),
                reason: error.to_string(),
                attempts: row.attempts,
            });
        }
        if error.may_have_happened() && !is_harmless_twice(&row) {
            self.give_up(row, "uncertain").await?;
            return Ok(None);
        }
        row.stage = JobStage::Waiting;
        row.not_before = retry_at(row.attempts, now);
        let until = row.not_before;
        store.set_job(row, now).await?;
        Ok(Some(until))
    }

    /// Why the robot can't be sent now.
    fn obstacle(&self, vacuum: &EntityId, zone: Option<&ZoneId>) -> Option<&'static str> {
        let views = self.views();
        let view = views.iter().find(|view| Some(&view.zone.id) == zone);
        match view {
            Some(view) if view.occupied == Some(true) => Some("occupied"),
            // Sensors that say nothing do not say that nobody is there.
            Some(view) if view.occupied.is_none() && !view.zone.occupancy.is_empty() => {
                Some("occupancy_unknown")
            }
            _ => self.robots.obstacle(vacuum),
        }
    }

    async fn kind(&mut self, row: &JobRow) -> Result<Sending, HomeError> {
        match (&row.job.kind, &row.job.zone) {
            (JobKind::Notify { .. }, _) => {
                let rules = self.parts.configuration.borrow().notifications.clone();
                self.notifier.tell(&row.job, &rules).await?;
                Ok(Sending::Done)
            }
            (JobKind::Vacuum { vacuum, camera, .. }, Some(zone)) => {
                let is_wanted = self
                    .views()
                    .iter()
                    .any(|view| view.zone.id == *zone && view.zone.vacuum.as_ref() == Some(vacuum));
                match is_wanted {
                    true => self.robots.send(vacuum, zone, camera.as_ref()).await,
                    false => Ok(Sending::InVain("no_longer_wanted")),
                }
            }
            (JobKind::Vacuum { .. }, None) => Ok(Sending::InVain("no_zone")),
        }
    }

    /// Somebody pressed a button: only one of a notification that we made is obeyed.
    async fn heard(&self, event: &HomeEvent) {
        if &*event.event_type != BUTTON_PRESSED {
            return;
        }
        let action = event.data["action"].as_str().unwrap_or_default();
        let Some(pressed) = read_button(&self.parts.instance, action) else {
            return;
        };
        let row = match self.parts.store.job(pressed.job).await {
            Ok(Some(row)) => row,
            Ok(None) => return,
            Err(error) => {
                self.parts.telemetry.emit(&JobsDelayed {
                    code: error.code(),
                    reason: error.to_string(),
                });
                return;
            }
        };
        let JobKind::Notify {
            notification: Notification::Mess { tasks },
            ..
        } = &row.job.kind
        else {
            return;
        };
        if row.job.zone.as_ref() != Some(&pressed.zone) {
            return;
        }
        let end = |how| Command::EndTasks {
            zone: pressed.zone.clone(),
            tasks: tasks.iter().map(|task| task.id).collect(),
            how,
        };
        let command = match pressed.button {
            Button::AssessAgain => Command::AssessNow {
                zone: pressed.zone.clone(),
                trigger: Trigger::Button,
            },
            Button::Done => end(Ending::Done),
            Button::Dismiss => end(Ending::Dismissed),
        };
        // `control` tells people of a refusal.
        let _ = self.parts.commands.command(Actor::Phone, command).await;
    }
}
