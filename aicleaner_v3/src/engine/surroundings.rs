//! What a zone knows of the home around it: who is there, what wakes it, when the clock does. Decides when a check is
//! wanted; whether one may be taken is for `may_look`. Pure: states and times come in.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::timetable::Timetable;
use super::triggers::{Burst, StateTriggers};
use crate::home_assistant::{HomeEvent, States};
use crate::model::{EntityId, Occupancy, Trigger, Zone};

/// Who is in the room, and how long nobody was.
#[derive(Debug, Default)]
struct Room {
    since: Option<Instant>,
    /// The strongest trigger that came while somebody was there.
    waiting: Option<Trigger>,
}

/// The home around a zone.
#[derive(Debug)]
pub struct Surroundings {
    triggers: StateTriggers,
    burst: Burst,
    /// The trigger that a burst stands for.
    burst_of: Trigger,
    timetable: Timetable,
    tick_at: Instant,
    room: Room,
    occupancy: Option<Occupancy>,
}

/// What the zone's own sensors tell together; none without sensors.
pub fn occupancy(zone: &Zone, states: &States) -> Option<Occupancy> {
    (!zone.occupancy.is_empty()).then(|| together(&zone.occupancy, states))
}

/// What the home's people tell together.
pub fn anybody_home(zone: &Zone, states: &States) -> Occupancy {
    together(&zone.people, states)
}

fn together(entities: &[EntityId], states: &States) -> Occupancy {
    let states = entities
        .iter()
        .map(|entity| states.get(entity).map(|state| state.state.as_str()));
    Occupancy::of(states)
}

impl Surroundings {
    /// Of a zone that has seen nothing yet.
    pub fn new(zone: &Zone, at: Instant) -> Self {
        Self {
            triggers: StateTriggers::new(&zone.wake_by_states),
            burst: Burst::default(),
            burst_of: Trigger::State,
            timetable: Timetable::default(),
            tick_at: at,
            room: Room::default(),
            occupancy: None,
        }
    }

    /// What the zone's own sensors told last; none without sensors.
    pub fn occupancy(&self) -> Option<Occupancy> {
        self.occupancy
    }

    /// Takes the states as they are. `now` and `at` are the same moment.
    pub fn see(&mut self, zone: &Zone, states: &States, now: Timestamp, at: Instant) {
        if self.triggers.see(states, now, at) {
            self.want(Trigger::State, at);
        }
        self.occupancy = occupancy(zone, states);
        match self.occupancy {
            Some(Occupancy::Clear) => {
                let since = || at - age(&zone.occupancy, states, now).min(zone.clear_for);
                self.room.since.get_or_insert_with(since);
            }
            Some(Occupancy::Present) => self.room.since = None,
            // Silence does not end an absence that was there.
            Some(Occupancy::Unknown) | None => {}
        }
    }

    /// Takes an event of Home Assistant.
    pub fn hear(&mut self, zone: &Zone, event: &HomeEvent, at: Instant) {
        let wakes = zone
            .wake_by_events
            .iter()
            .any(|trigger| trigger.is_woken_by(&event.event_type, &event.data));
        if wakes {
            self.want(Trigger::Event, at);
        }
    }

    fn want(&mut self, trigger: Trigger, at: Instant) {
        self.burst_of = match self.burst.next() {
            Some(_) => self.burst_of.max(trigger),
            None => trigger,
        };
        self.burst.want(at);
    }

    /// A check was not taken because somebody was there, or may have been: it is taken when nobody was for a while.
    pub fn wait_until_clear(&mut self, trigger: Trigger) {
        self.room.waiting = self.room.waiting.max(Some(trigger.max(Trigger::Retry)));
    }

    /// Whether nobody was in the room for as long as the zone wants.
    pub fn is_clear_for_long(&self, zone: &Zone, at: Instant) -> bool {
        self.room
            .since
            .is_some_and(|since| at.duration_since(since) >= zone.clear_for)
    }

    fn clear_at(&self, zone: &Zone) -> Option<Instant> {
        self.room.waiting?;
        Some(self.room.since? + zone.clear_for)
    }

    /// When to call [`Self::due`] next.
    pub fn next(&self, zone: &Zone) -> Option<Instant> {
        [
            self.triggers.next(),
            self.burst.next(),
            self.clear_at(zone),
            zone.cron.as_ref().map(|_| self.tick_at),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The trigger for a check that is due now, if one is.
    pub fn due(
        &mut self,
        zone: &Zone,
        now: Timestamp,
        clocks: &TimeZone,
        at: Instant,
    ) -> Option<Trigger> {
        if self.triggers.has_held(at) {
            self.want(Trigger::State, at);
        }
        let mut due = self.burst.is_due(at).then_some(self.burst_of);
        if self.clear_at(zone).is_some_and(|clear| clear <= at) {
            due = due.max(self.room.waiting.take());
        }
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

/// How long ago the last of these entities changed.
fn age(entities: &[EntityId], states: &States, now: Timestamp) -> Duration {
    let last = entities
        .iter()
        .filter_map(|entity| states.get(entity))
        .map(|state| state.last_changed)
        .max();
    last.and_then(|last| Duration::try_from(now.duration_since(last)).ok())
        .unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::home_assistant::EntityState;
    use crate::model::ZoneId;

    const MOTION: &str = "binary_sensor.motion";

    fn zone() -> Zone {
        Zone {
            occupancy: vec![EntityId::parse(MOTION).unwrap()],
            clear_for: Duration::from_secs(300),
            wake_by_events: vec!["doorbell".parse().unwrap()],
            ..Zone::new(ZoneId::parse("kitchen").unwrap(), "Kitchen")
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    /// Motion, with how many seconds ago it changed.
    fn motion(state: &str, ago: i64) -> States {
        let state = EntityState {
            state: state.to_owned(),
            attributes: Arc::default(),
            last_changed: now() - jiff::SignedDuration::from_secs(ago),
        };
        States::from([(EntityId::parse(MOTION).unwrap(), state)])
    }

    fn due(around: &mut Surroundings, zone: &Zone, at: Instant) -> Option<Trigger> {
        around.due(zone, now(), &TimeZone::UTC, at)
    }

    #[test]
    fn a_look_that_was_not_taken_is_taken_when_the_room_was_clear_for_a_while() {
        let (zone, start) = (zone(), Instant::now());
        let mut around = Surroundings::new(&zone, start);
        let after = |seconds| start + Duration::from_secs(seconds);
        around.see(&zone, &motion("on", 0), now(), start);
        around.wait_until_clear(Trigger::Schedule);
        assert_eq!(around.next(&zone), None, "nothing is known of when");

        around.see(&zone, &motion("off", 0), now(), after(60));
        assert_eq!(around.next(&zone), Some(after(360)));
        assert_eq!(due(&mut around, &zone, after(359)), None);
        // Somebody comes back: it begins anew.
        around.see(&zone, &motion("on", 0), now(), after(359));
        assert_eq!(due(&mut around, &zone, after(400)), None);
        around.see(&zone, &motion("off", 0), now(), after(500));

        assert!(!around.is_clear_for_long(&zone, after(799)));
        assert!(around.is_clear_for_long(&zone, after(800)));
        assert_eq!(due(&mut around, &zone, after(800)), Some(Trigger::Retry));
        assert_eq!(due(&mut around, &zone, after(2000)), None, "once");
    }

    #[test]
    fn a_room_that_was_clear_before_the_start_need_not_wait() {
        let (zone, start) = (zone(), Instant::now());
        let mut around = Surroundings::new(&zone, start);

        around.see(&zone, &motion("off", 3600), now(), start);

        assert!(around.is_clear_for_long(&zone, start));
    }

    #[test]
    fn a_clock_that_is_behind_home_assistants_only_makes_it_wait() {
        let (zone, start) = (zone(), Instant::now());
        let mut around = Surroundings::new(&zone, start);

        around.see(&zone, &motion("off", -3600), now(), start);

        assert!(!around.is_clear_for_long(&zone, start));
        assert!(around.is_clear_for_long(&zone, start + zone.clear_for));
    }

    #[test]
    fn an_event_wakes_a_moment_later() {
        let (zone, start) = (zone(), Instant::now());
        let mut around = Surroundings::new(&zone, start);
        let event = |event_type: &str| HomeEvent {
            event_type: event_type.into(),
            data: Arc::new(json!({})),
        };

        around.hear(&zone, &event("other"), start);
        assert_eq!(around.next(&zone), None);
        around.hear(&zone, &event("doorbell"), start);

        let next = around.next(&zone).unwrap();
        assert_eq!(due(&mut around, &zone, next), Some(Trigger::Event));
    }

    #[test]
    fn the_clock_wakes_a_zone_with_a_cron_expression() {
        let start = Instant::now();
        let zone = Zone {
            cron: Some("* * * * *".parse().unwrap()),
            ..zone()
        };
        let mut around = Surroundings::new(&zone, start);
        let mut looks = 0;
        let mut at = start;
        while at < start + Duration::from_secs(605) {
            let wall = now() + at.duration_since(start);
            if around.due(&zone, wall, &TimeZone::UTC, at) == Some(Trigger::Schedule) {
                looks += 1;
            }
            at = around.next(&zone).unwrap();
        }

        assert_eq!(looks, 10);
    }
}
