//! When a zone is checked next and what is pending: every trigger ends here as one request. Counts what must not
//! repeat without end. Pure: times come in, and no check is started here.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::delays;
use crate::model::{Trigger, Zone};

/// What shall be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pending {
    /// Remember the zone as it is now as tidy: a person said so.
    RememberTidy,
    /// Check it.
    Check(Trigger),
}

impl Pending {
    /// Why the pictures are taken.
    pub fn trigger(self) -> Trigger {
        match self {
            Self::RememberTidy => Trigger::Button,
            Self::Check(trigger) => trigger,
        }
    }
}

/// The times and the requests of one zone.
#[derive(Debug)]
pub struct Schedule {
    /// The strongest trigger that is to be started, or waits for the running check to end.
    pending: Option<Trigger>,
    remember_tidy: bool,
    /// The strongest trigger that came while Home Assistant was away.
    waiting_for_home: Option<Trigger>,
    /// When the next check by interval, or the next try after a failure, is due.
    due: Instant,
    /// When the recheck is due that reconcile wanted, if it did.
    recheck: Option<Instant>,
    /// When the zone is checked again after a check that something passing spoiled.
    retake: Option<Instant>,
    /// How many checks in a row failed.
    failures: u32,
    /// How many checks in a row were spoiled by what passes: somebody in the room, a camera that shows nothing.
    spoiled: u32,
    /// How many rechecks in a row were wanted.
    rechecks: u32,
}

impl Schedule {
    /// The first check of a zone that was last assessed then. `index` is the zone's place among all of them.
    pub fn new(
        zone: &Zone,
        last_assessed: Option<Timestamp>,
        index: usize,
        now: Timestamp,
        at: Instant,
    ) -> Self {
        Self {
            pending: None,
            remember_tidy: false,
            waiting_for_home: None,
            due: at + first_delay(zone, last_assessed, index, now),
            recheck: None,
            retake: None,
            failures: 0,
            spoiled: 0,
            rechecks: 0,
        }
    }

    /// Requests a check. One is pending a zone; the strongest trigger wins. Whether this one did.
    pub fn request(&mut self, trigger: Trigger) -> bool {
        let is_strongest = self.pending < Some(trigger);
        self.pending = self.pending.max(Some(trigger));
        is_strongest
    }

    /// Requests that the zone is remembered as tidy. Whether that was not pending already.
    pub fn request_tidy(&mut self) -> bool {
        !std::mem::replace(&mut self.remember_tidy, true)
    }

    /// What to start now, given once.
    pub fn take_pending(&mut self) -> Option<Pending> {
        if std::mem::take(&mut self.remember_tidy) {
            return Some(Pending::RememberTidy);
        }
        self.pending.take().map(Pending::Check)
    }

    /// When to call [`Self::request_due`] next.
    pub fn next(&self) -> Instant {
        [self.recheck, self.retake]
            .into_iter()
            .flatten()
            .fold(self.due, Instant::min)
    }

    /// Requests the checks that are due now. `fraction` spreads the zones: see [`delays::jittered`].
    pub fn request_due(&mut self, zone: &Zone, at: Instant, fraction: f64) {
        if self.recheck.take_if(|due| *due <= at).is_some() {
            self.request(Trigger::Recheck);
        }
        if self.retake.take_if(|due| *due <= at).is_some() {
            self.request(Trigger::Schedule);
        }
        if self.due <= at {
            self.due = at + self.next_delay(zone, fraction);
            self.request(Trigger::Schedule);
        }
    }

    /// A check could not start because Home Assistant is away.
    pub fn wait_for_home(&mut self, trigger: Trigger) {
        self.waiting_for_home = self.waiting_for_home.max(Some(trigger));
    }

    /// Requests what waited for Home Assistant.
    pub fn request_after_home(&mut self) {
        let waited = self.waiting_for_home.take().unwrap_or(Trigger::Retry);
        self.request(waited.max(Trigger::Retry));
    }

    /// A check could not start because it is quiet: the next one comes when that ends, at the latest.
    pub fn wait_for_quiet_end(
        &mut self,
        zone: &Zone,
        now: Timestamp,
        clocks: &TimeZone,
        at: Instant,
    ) {
        let end = zone
            .quiet_hours
            .and_then(|hours| hours.end_after(now, clocks));
        let wait = end.and_then(|end| Duration::try_from(end.duration_since(now)).ok());
        if let Some(wait) = wait {
            self.bring_forward(at + wait);
        }
    }

    /// Has the next check come no later than this.
    fn bring_forward(&mut self, at: Instant) {
        self.due = self.due.min(at);
    }

    /// The zone was declared or set otherwise.
    pub fn restart(
        &mut self,
        zone: &Zone,
        last_assessed: Option<Timestamp>,
        now: Timestamp,
        at: Instant,
    ) {
        self.due = at + first_delay(zone, last_assessed, 0, now);
    }

    /// A check ended as it should, with or without an assessment.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// A check, or the storing of something, failed: the next one comes sooner.
    pub fn failed(
        &mut self,
        zone: &Zone,
        retry_at: Option<Timestamp>,
        now: Timestamp,
        at: Instant,
    ) {
        self.failures = self.failures.saturating_add(1);
        let delay = delays::delay_after_failure(zone.interval, self.failures, retry_at, now);
        self.bring_forward(at + delay);
    }

    /// A check was spoiled by what passes: another one is planned, unless several in a row were.
    pub fn was_spoiled(&mut self, zone: &Zone, at: Instant) {
        self.spoiled = self.spoiled.saturating_add(1);
        self.retake = delays::after_passing(self.spoiled, zone.interval).map(|wait| at + wait);
    }

    /// What spoiled the checks has passed, or was so long ago that it says nothing of now.
    pub fn is_clear_again(&mut self) {
        self.spoiled = 0;
    }

    /// The zone was assessed: the next check is due after the interval. Whether a recheck is planned, which is within
    /// minutes if it is wanted, unless several in a row have decided nothing.
    pub fn assessed(
        &mut self,
        zone: &Zone,
        wants_recheck: bool,
        at: Instant,
        fraction: f64,
    ) -> bool {
        self.failures = 0;
        self.due = at + self.next_delay(zone, fraction);
        self.rechecks = match wants_recheck {
            true => self.rechecks.saturating_add(1),
            false => 0,
        };
        self.recheck = delays::recheck(self.rechecks, zone.interval).map(|delay| at + delay);
        self.recheck.is_some()
    }

    fn next_delay(&self, zone: &Zone, fraction: f64) -> Duration {
        match (&zone.cron, self.failures) {
            (Some(_), _) => delays::NEVER,
            (None, 0) => delays::jittered(zone.interval, fraction),
            (None, failures) => delays::next_delay(zone.interval, failures),
        }
    }
}

fn first_delay(
    zone: &Zone,
    last_assessed: Option<Timestamp>,
    index: usize,
    now: Timestamp,
) -> Duration {
    match zone.cron {
        Some(_) => delays::NEVER,
        None => delays::first_delay(last_assessed, zone.interval, index, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures;

    const MIDDLE: f64 = 0.5;

    /// A zone that is checked every quarter of an hour, and its schedule, at the moment of its first check.
    fn quarter() -> (Zone, Schedule, Instant) {
        let zone = Zone {
            interval: Duration::from_secs(900),
            ..fixtures::zone(None)
        };
        let at = Instant::now();
        let mut schedule = Schedule::new(&zone, None, 0, Timestamp::UNIX_EPOCH, at);
        schedule.request_due(&zone, at, MIDDLE);
        assert_eq!(
            schedule.take_pending(),
            Some(Pending::Check(Trigger::Schedule))
        );
        (zone, schedule, at)
    }

    fn seconds(schedule: &Schedule, at: Instant) -> u64 {
        schedule.next().duration_since(at).as_secs()
    }

    #[test]
    fn one_check_is_pending_and_the_strongest_trigger_wins() {
        let (_, mut schedule, _) = quarter();

        assert!(schedule.request(Trigger::State));
        assert!(!schedule.request(Trigger::Schedule));
        assert!(schedule.request(Trigger::Button));
        assert!(!schedule.request(Trigger::Button));

        let button = Some(Pending::Check(Trigger::Button));
        assert_eq!(
            (schedule.take_pending(), schedule.take_pending()),
            (button, None)
        );
    }

    #[test]
    fn what_a_person_calls_tidy_comes_before_a_check_and_once() {
        let (_, mut schedule, _) = quarter();
        schedule.request(Trigger::Button);

        assert!(schedule.request_tidy() && !schedule.request_tidy());

        assert_eq!(schedule.take_pending(), Some(Pending::RememberTidy));
        assert_eq!(
            schedule.take_pending(),
            Some(Pending::Check(Trigger::Button))
        );
    }

    #[test]
    fn what_was_asked_for_while_home_assistant_was_away_is_not_forgotten() {
        let (_, mut schedule, _) = quarter();
        schedule.wait_for_home(Trigger::Button);
        schedule.wait_for_home(Trigger::Schedule);

        schedule.request_after_home();
        let first = schedule.take_pending();
        schedule.request_after_home();

        assert_eq!(first, Some(Pending::Check(Trigger::Button)));
        assert_eq!(
            schedule.take_pending(),
            Some(Pending::Check(Trigger::Retry))
        );
    }

    #[test]
    fn a_recheck_comes_within_minutes_and_the_check_by_interval_all_the_same() {
        let (zone, mut schedule, at) = quarter();

        assert!(schedule.assessed(&zone, true, at, MIDDLE));
        assert_eq!(seconds(&schedule, at), 180);
        schedule.request_due(&zone, schedule.next(), MIDDLE);

        assert_eq!(
            schedule.take_pending(),
            Some(Pending::Check(Trigger::Recheck))
        );
        assert_eq!(seconds(&schedule, at), 900);
        assert!(!schedule.assessed(&zone, false, at, MIDDLE));
    }

    #[test]
    fn failures_bring_the_next_check_forward_until_one_succeeds() {
        let (zone, mut schedule, at) = quarter();
        schedule.failed(&zone, None, Timestamp::UNIX_EPOCH, at);
        assert_eq!(seconds(&schedule, at), 30);

        let second = at + Duration::from_secs(30);
        schedule.request_due(&zone, second, MIDDLE);
        schedule.failed(&zone, None, Timestamp::UNIX_EPOCH, second);
        assert_eq!(seconds(&schedule, second), 30);
        schedule.assessed(&zone, false, second, MIDDLE);

        assert_eq!(seconds(&schedule, second), 900);
    }

    #[test]
    fn quiet_hours_put_nothing_off_beyond_their_end() {
        let (zone, mut schedule, at) = quarter();
        let zone = Zone {
            quiet_hours: Some("22:00-00:05".parse().unwrap()),
            ..zone
        };

        schedule.wait_for_quiet_end(&zone, Timestamp::UNIX_EPOCH, &TimeZone::UTC, at);

        assert_eq!(seconds(&schedule, at), 300);
    }

    #[test]
    fn a_spoiled_check_is_taken_again_until_it_is_clear_that_it_does_not_pass() {
        let (zone, mut schedule, at) = quarter();
        let mut delays = Vec::new();

        for _ in 0..4 {
            schedule.was_spoiled(&zone, at);
            delays.push(seconds(&schedule, at));
        }
        schedule.is_clear_again();
        schedule.was_spoiled(&zone, at);

        assert_eq!(delays, [120, 120, 120, 900]);
        assert_eq!(seconds(&schedule, at), 120);
    }
}
