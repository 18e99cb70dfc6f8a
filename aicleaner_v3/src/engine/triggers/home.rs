//! What of Home Assistant and of the clock requests checks of a zone. Only says when a check is wanted; whether one may
//! start is for `allowed`. Pure: states and times come in.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::burst::Burst;
use super::states::StateTriggers;
use super::timetable::Timetable;
use crate::home_assistant::{HomeEvent, States};
use crate::model::{Trigger, Zone};

/// The states, events and times that a zone is checked for.
#[derive(Debug)]
pub struct HomeTriggers {
    states: StateTriggers,
    burst: Burst,
    timetable: Timetable,
    tick_at: Instant,
}

impl HomeTriggers {
    /// Of a zone that has seen nothing yet.
    pub fn new(zone: &Zone, at: Instant) -> Self {
        Self {
            states: StateTriggers::new(&zone.wake_by_states),
            burst: Burst::default(),
            timetable: Timetable::default(),
            tick_at: at,
        }
    }

    /// Takes the states as they are. `now` and `at` are the same moment.
    pub fn see(&mut self, states: &States, now: Timestamp, at: Instant) {
        if self.states.see(states, now, at) {
            self.burst.request(Trigger::State, at);
        }
    }

    /// Takes an event of Home Assistant.
    pub fn hear(&mut self, zone: &Zone, event: &HomeEvent, at: Instant) {
        let is_one = zone
            .wake_by_events
            .iter()
            .any(|trigger| trigger.is_woken_by(&event.event_type, &event.data));
        if is_one {
            self.burst.request(Trigger::Event, at);
        }
    }

    /// When to call [`Self::due`] next.
    pub fn next(&self, zone: &Zone) -> Option<Instant> {
        let tick = zone.cron.as_ref().map(|_| self.tick_at);
        [self.states.next(), self.burst.next(), tick]
            .into_iter()
            .flatten()
            .min()
    }

    /// The trigger of the check that is due now, if one is.
    pub fn due(
        &mut self,
        zone: &Zone,
        now: Timestamp,
        clocks: &TimeZone,
        at: Instant,
    ) -> Option<Trigger> {
        if self.states.has_held(at) {
            self.burst.request(Trigger::State, at);
        }
        let mut due = self.burst.due(at);
        if let Some(cron) = &zone.cron
            && self.tick_at <= at
        {
            if self.timetable.tick(cron, now, clocks) {
                due = due.max(Some(Trigger::Schedule));
            }
            self.tick_at = at + self.timetable.wait(now).max(Duration::from_millis(1));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::ZoneId;

    fn zone() -> Zone {
        Zone {
            wake_by_events: vec!["doorbell".parse().unwrap()],
            ..Zone::new(ZoneId::parse("kitchen").unwrap(), "Kitchen")
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    #[test]
    fn an_event_requests_a_check_a_moment_later() {
        let (zone, start) = (zone(), Instant::now());
        let mut triggers = HomeTriggers::new(&zone, start);
        let event = |event_type: &str| HomeEvent {
            event_type: event_type.into(),
            data: Arc::new(json!({})),
        };

        triggers.hear(&zone, &event("other"), start);
        assert_eq!(triggers.next(&zone), None);
        triggers.hear(&zone, &event("doorbell"), start);

        let next = triggers.next(&zone).unwrap();
        let due = triggers.due(&zone, now(), &TimeZone::UTC, next);
        assert_eq!(due, Some(Trigger::Event));
    }

    #[test]
    fn the_clock_requests_checks_of_a_zone_with_a_cron_expression() {
        let start = Instant::now();
        let zone = Zone {
            cron: Some("* * * * *".parse().unwrap()),
            ..zone()
        };
        let mut triggers = HomeTriggers::new(&zone, start);
        let mut checks = 0;
        let mut at = start;
        while at < start + Duration::from_secs(605) {
            let wall = now() + at.duration_since(start);
            if triggers.due(&zone, wall, &TimeZone::UTC, at) == Some(Trigger::Schedule) {
                checks += 1;
            }
            at = triggers.next(&zone).unwrap();
        }

        assert_eq!(checks, 10);
    }
}
