//! Which changes of states request a check of a zone. Pure: states and times come in.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::home_assistant::{EntityState, States};
use crate::model::StateTrigger;

/// The rules of a zone, and where each stands.
#[derive(Debug, Default)]
pub struct StateTriggers(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    trigger: StateTrigger,
    /// The last state that was available.
    last: Option<(String, Timestamp)>,
    /// Whether the entity was away since then.
    was_away: bool,
    /// When the state will have held for long enough.
    holds_at: Option<Instant>,
}

impl StateTriggers {
    /// Rules that have seen nothing yet.
    pub fn new(triggers: &[StateTrigger]) -> Self {
        let rule = |trigger: &StateTrigger| Rule {
            trigger: trigger.clone(),
            last: None,
            was_away: false,
            holds_at: None,
        };
        Self(triggers.iter().map(rule).collect())
    }

    /// Takes the states as they are; true if one of them requests a check. `now` and `at` are the same moment.
    pub fn see(&mut self, states: &States, now: Timestamp, at: Instant) -> bool {
        let mut requested = false;
        for rule in &mut self.0 {
            requested |= rule.see(states.get(&rule.trigger.entity), now, at);
        }
        requested
    }

    /// When the next state will have held for long enough.
    pub fn next(&self) -> Option<Instant> {
        self.0.iter().filter_map(|rule| rule.holds_at).min()
    }

    /// Whether a state has held for long enough; each is given once.
    pub fn has_held(&mut self, at: Instant) -> bool {
        let mut held = false;
        for rule in &mut self.0 {
            held |= rule.holds_at.take_if(|until| *until <= at).is_some();
        }
        held
    }
}

impl Rule {
    fn see(&mut self, state: Option<&EntityState>, now: Timestamp, at: Instant) -> bool {
        let Some(state) = state.filter(|state| state.is_available()) else {
            // An absence says nothing: what held goes on to hold.
            self.was_away = true;
            return false;
        };
        let was_away = std::mem::take(&mut self.was_away);
        let seen = (state.state.clone(), state.last_changed);
        let Some((before, changed)) = self.last.replace(seen) else {
            // The first state is no change, but what came a moment ago may still be on its way to hold.
            let age = now.duration_since(state.last_changed);
            let age = Duration::try_from(age).unwrap_or(Duration::ZERO);
            if self.trigger.from.is_none() && self.is_to(&state.state) && age < self.trigger.hold {
                self.holds_at = Some(at + (self.trigger.hold - age));
            }
            return false;
        };
        let has_changed = before != state.state
            // It went and came back between two updates. After an absence the time of the change says nothing.
            || (!was_away && changed != state.last_changed);
        if !has_changed {
            return false;
        }
        self.holds_at = None;
        let is_from = self
            .trigger
            .from
            .as_ref()
            .is_none_or(|from| *from == before);
        if !is_from || !self.is_to(&state.state) {
            return false;
        }
        if self.trigger.hold.is_zero() {
            return true;
        }
        self.holds_at = Some(at + self.trigger.hold);
        false
    }

    fn is_to(&self, state: &str) -> bool {
        self.trigger.to.as_ref().is_none_or(|to| to == state)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::EntityId;

    struct World {
        triggers: StateTriggers,
        states: States,
        start: (Instant, Timestamp),
    }

    impl World {
        fn new(trigger: &str) -> Self {
            Self {
                triggers: StateTriggers::new(&[trigger.parse().unwrap()]),
                states: States::new(),
                start: (
                    Instant::now(),
                    Timestamp::from_second(1_800_000_000).unwrap(),
                ),
            }
        }

        fn at(&self, second: u64) -> (Instant, Timestamp) {
            let passed = Duration::from_secs(second);
            (self.start.0 + passed, self.start.1 + passed)
        }

        /// The state at this second, changed at another; whether it requests a check at once.
        fn see(&mut self, second: u64, state: Option<(&str, i64)>) -> bool {
            let entity = EntityId::parse("binary_sensor.motion").unwrap();
            let (at, now) = self.at(second);
            match state {
                None => {
                    self.states.remove(&entity);
                }
                Some((state, changed)) => {
                    let state = EntityState {
                        state: state.to_owned(),
                        attributes: Arc::default(),
                        last_changed: self.start.1 + jiff::SignedDuration::from_secs(changed),
                    };
                    self.states.insert(entity, state);
                }
            }
            self.triggers.see(&self.states, now, at)
        }

        fn holds_at(&self) -> Option<u64> {
            let next = self.triggers.next()?;
            Some(next.duration_since(self.start.0).as_secs())
        }
    }

    #[test]
    fn a_change_requests_a_check_and_the_first_state_does_not() {
        let mut world = World::new("binary_sensor.motion to off");

        assert!(!world.see(0, Some(("off", -900))));
        assert!(!world.see(10, Some(("on", 10))));
        assert!(world.see(20, Some(("off", 20))));
        assert!(!world.see(30, Some(("off", 20))), "nothing but attributes");
    }

    #[test]
    fn a_state_must_hold_and_a_change_begins_anew() {
        let mut world = World::new("binary_sensor.motion from on to off for 5 min");
        world.see(0, Some(("on", 0)));

        assert!(!world.see(10, Some(("off", 10))));
        assert_eq!(world.holds_at(), Some(310));
        world.see(100, Some(("on", 100)));
        assert_eq!(world.holds_at(), None);
        world.see(200, Some(("off", 200)));

        assert!(!world.triggers.has_held(world.at(499).0));
        assert!(world.triggers.has_held(world.at(500).0));
        assert!(!world.triggers.has_held(world.at(900).0), "once");
    }

    #[test]
    fn a_pulse_between_two_updates_is_noticed() {
        let mut world = World::new("binary_sensor.motion to off for 5 min");
        world.see(0, Some(("off", -900)));

        world.see(60, Some(("off", 50)));

        assert_eq!(world.holds_at(), Some(360));
    }

    #[test]
    fn an_absence_neither_requests_a_check_nor_ends_a_hold() {
        let mut world = World::new("binary_sensor.motion to off for 5 min");
        world.see(0, Some(("on", 0)));
        world.see(10, Some(("off", 10)));

        world.see(20, Some(("unavailable", 20)));
        world.see(30, None);
        // Home Assistant has started anew: the time of the change is that of the start.
        assert!(!world.see(40, Some(("off", 40))));

        assert_eq!(world.holds_at(), Some(310));
        let mut other = World::new("binary_sensor.motion to off");
        other.see(0, Some(("off", 0)));
        other.see(20, None);
        assert!(!other.see(40, Some(("off", 40))));
    }

    #[test]
    fn what_happened_during_an_absence_is_caught_up_with() {
        let mut world = World::new("binary_sensor.motion to off");
        world.see(0, Some(("on", 0)));
        world.see(20, None);

        assert!(world.see(40, Some(("off", 30))));
    }

    #[test]
    fn a_start_in_the_middle_of_a_hold_waits_for_the_rest_of_it() {
        let mut world = World::new("binary_sensor.motion to off for 5 min");

        world.see(0, Some(("off", -120)));

        assert_eq!(world.holds_at(), Some(180));
        let mut old = World::new("binary_sensor.motion to off for 5 min");
        old.see(0, Some(("off", -3600)));
        assert_eq!(old.holds_at(), None);
    }
}
