//! Who is in a zone's room and how long nobody was, and the check that waits until the room is clear. Only remembers;
//! whether a check may start is for `allowed`. Pure: states and times come in.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::home_assistant::States;
use crate::model::{EntityId, Occupancy, Trigger, Zone};

/// What is known of who is in the room.
#[derive(Debug, Default)]
pub struct RoomOccupancy {
    current: Option<Occupancy>,
    clear_since: Option<Instant>,
    /// The strongest trigger that came while somebody was there.
    waiting: Option<Trigger>,
}

/// What the zone's own sensors tell together; none without sensors.
pub fn room_occupancy(zone: &Zone, states: &States) -> Option<Occupancy> {
    (!zone.occupancy.is_empty()).then(|| combined(&zone.occupancy, states))
}

/// What the home's people tell together.
pub fn home_occupancy(zone: &Zone, states: &States) -> Occupancy {
    combined(&zone.people, states)
}

/// Whether every camera of the zone is known to be off or unavailable.
pub fn are_cameras_off(zone: &Zone, states: &States) -> bool {
    let is_off = |camera| {
        states
            .get(camera)
            .is_some_and(|state| state.state == "unavailable")
    };
    zone.cameras.iter().all(is_off)
}

fn combined(entities: &[EntityId], states: &States) -> Occupancy {
    let states = entities
        .iter()
        .map(|entity| states.get(entity).map(|state| state.state.as_str()));
    Occupancy::of(states)
}

impl RoomOccupancy {
    /// What the zone's own sensors told last; none without sensors.
    pub fn current(&self) -> Option<Occupancy> {
        self.current
    }

    /// Takes the states as they are. `now` and `at` are the same moment.
    pub fn see(&mut self, zone: &Zone, states: &States, now: Timestamp, at: Instant) {
        self.current = room_occupancy(zone, states);
        match self.current {
            Some(Occupancy::Clear) => {
                let since = || at - age(&zone.occupancy, states, now).min(zone.clear_for);
                self.clear_since.get_or_insert_with(since);
            }
            Some(Occupancy::Present) => self.clear_since = None,
            // Silence does not end an absence that was there.
            Some(Occupancy::Unknown) | None => {}
        }
    }

    /// A check did not start because somebody was there, or may have been: it is requested again when nobody was for a
    /// while.
    pub fn wait_until_clear(&mut self, trigger: Trigger) {
        self.waiting = self.waiting.max(Some(trigger.max(Trigger::Retry)));
    }

    /// Whether nobody was in the room for as long as the zone wants.
    pub fn is_clear_for_long(&self, zone: &Zone, at: Instant) -> bool {
        self.clear_since
            .is_some_and(|since| at.duration_since(since) >= zone.clear_for)
    }

    /// When to call [`Self::due`] next.
    pub fn next(&self, zone: &Zone) -> Option<Instant> {
        self.waiting?;
        Some(self.clear_since? + zone.clear_for)
    }

    /// The trigger that waited, if the room was clear for long enough; given once.
    pub fn due(&mut self, zone: &Zone, at: Instant) -> Option<Trigger> {
        if self.next(zone)? > at {
            return None;
        }
        self.waiting.take()
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

    use super::*;
    use crate::home_assistant::EntityState;
    use crate::model::ZoneId;

    const MOTION: &str = "binary_sensor.motion";

    fn zone() -> Zone {
        Zone {
            occupancy: vec![EntityId::parse(MOTION).unwrap()],
            clear_for: Duration::from_secs(300),
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

    #[test]
    fn a_check_that_was_not_taken_is_taken_when_the_room_was_clear_for_a_while() {
        let (zone, start) = (zone(), Instant::now());
        let mut room = RoomOccupancy::default();
        let after = |seconds| start + Duration::from_secs(seconds);
        room.see(&zone, &motion("on", 0), now(), start);
        room.wait_until_clear(Trigger::Schedule);
        assert_eq!(room.next(&zone), None, "nothing is known of when");

        room.see(&zone, &motion("off", 0), now(), after(60));
        assert_eq!(room.next(&zone), Some(after(360)));
        assert_eq!(room.due(&zone, after(359)), None);
        // Somebody comes back: it begins anew.
        room.see(&zone, &motion("on", 0), now(), after(359));
        assert_eq!(room.due(&zone, after(400)), None);
        room.see(&zone, &motion("off", 0), now(), after(500));

        assert!(!room.is_clear_for_long(&zone, after(799)));
        assert!(room.is_clear_for_long(&zone, after(800)));
        assert_eq!(room.due(&zone, after(800)), Some(Trigger::Retry));
        assert_eq!(room.due(&zone, after(2000)), None, "once");
    }

    #[test]
    fn a_room_that_was_clear_before_the_start_need_not_wait() {
        let (zone, start) = (zone(), Instant::now());
        let mut room = RoomOccupancy::default();

        room.see(&zone, &motion("off", 3600), now(), start);

        assert!(room.is_clear_for_long(&zone, start));
    }

    #[test]
    fn a_clock_that_is_behind_home_assistants_only_makes_it_wait() {
        let (zone, start) = (zone(), Instant::now());
        let mut room = RoomOccupancy::default();

        room.see(&zone, &motion("off", -3600), now(), start);

        assert!(!room.is_clear_for_long(&zone, start));
        assert!(room.is_clear_for_long(&zone, start + zone.clear_for));
    }
}
