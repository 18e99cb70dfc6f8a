//! A zone's worker and the home around it: what wakes the zone, and what is done when a check may not be taken now.

use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::may_look::Circumstances;
use super::schedule;
use super::surroundings::anybody_home;
use super::worker::Worker;
use crate::backoff::random_fraction;
use crate::home_assistant::HomeStatus;
use crate::model::{AwayMode, Occupancy, SkipReason, Trigger};

impl Worker {
    /// Takes the states of the home as they are at this moment.
    pub(super) fn look_around(&mut self) {
        let (now, at) = (self.parts.clock.now(), Instant::now());
        let before = self.around.occupancy();
        let states = self.parts.home.states();
        let people = {
            let states = states.borrow();
            self.around.see(&self.zone, &states, now, at);
            anybody_home(&self.zone, &states)
        };
        let may_look_again = match self.last_skip {
            Some(SkipReason::NobodyHome) => {
                self.zone.away_mode != AwayMode::OnlyWhenHome || people == Occupancy::Present
            }
            Some(SkipReason::SomebodyHome) => {
                self.zone.away_mode != AwayMode::OnlyWhenAway || people == Occupancy::Clear
            }
            _ => false,
        };
        if may_look_again {
            self.last_skip = None;
            self.want(Trigger::Retry);
        }
        if before != self.around.occupancy() {
            self.publish();
        }
    }

    /// Something that was waited for may have come.
    pub(super) fn wake(&mut self) {
        let (now, at) = (self.parts.clock.now(), Instant::now());
        let clocks = self.clocks();
        if let Some(trigger) = self.around.due(&self.zone, now, &clocks, at) {
            if trigger == Trigger::Schedule {
                // A timetable's look is hours from the one before: what passed then says nothing of now.
                self.passing = 0;
            }
            self.want(trigger);
        }
    }

    /// What is known before a check.
    pub(super) fn circumstances(&mut self, home: &HomeStatus) -> Circumstances {
        self.look_around();
        let now = self.parts.clock.now();
        let states = self.parts.home.states();
        let states = states.borrow();
        let is_off = |camera| {
            states
                .get(camera)
                .is_some_and(|state| state.state == "unavailable")
        };
        Circumstances {
            paused: *self.common.paused.borrow(),
            watching: self.record.watching,
            home_is_running: home.is_running(),
            quiet: self
                .zone
                .quiet_hours
                .is_some_and(|hours| hours.contains(now, &self.clocks())),
            away: (self.zone.away_mode, anybody_home(&self.zone, &states)),
            occupancy: self.around.occupancy(),
            clear_for_long: self.around.is_clear_for_long(&self.zone, Instant::now()),
            cameras_unavailable: self.zone.cameras.iter().all(is_off),
        }
    }

    /// A check ended without an assessment. What may come later is planned.
    pub(super) fn not_now(&mut self, reason: SkipReason) {
        let trigger = self.looking.unwrap_or(Trigger::Retry);
        match reason {
            SkipReason::WaitingForHome => self.waiting = self.waiting.max(Some(trigger)),
            SkipReason::Occupied | SkipReason::OccupancyUnknown => {
                self.around.wait_until_clear(trigger);
            }
            SkipReason::QuietHours => {
                let now = self.parts.clock.now();
                let hours = self.zone.quiet_hours;
                let end = hours.and_then(|hours| hours.end_after(now, &self.clocks()));
                let wait = end.and_then(|end| Duration::try_from(end.duration_since(now)).ok());
                if let Some(wait) = wait {
                    self.due = self.due.min(Instant::now() + wait);
                }
            }
            SkipReason::Moving
            | SkipReason::Dark
            | SkipReason::BlownOut
            | SkipReason::Blurred
            | SkipReason::Covered => {
                self.passing = self.passing.saturating_add(1);
                self.retake = schedule::after_passing(self.passing, self.zone.interval)
                    .map(|wait| Instant::now() + wait);
            }
            SkipReason::Unchanged => self.passing = 0,
            _ => {}
        }
        self.skipped(reason);
    }

    /// How long after a check the next one is due.
    pub(super) fn next_delay(&self) -> Duration {
        match (&self.zone.cron, self.failures) {
            (Some(_), _) => schedule::NEVER,
            (None, 0) => schedule::jittered(self.zone.interval, random_fraction()),
            (None, failures) => schedule::next_delay(self.zone.interval, failures),
        }
    }

    /// The home's clocks; UTC as long as Home Assistant has not told its time zone.
    pub(super) fn clocks(&self) -> TimeZone {
        self.parts.locale.borrow().clocks()
    }
}
