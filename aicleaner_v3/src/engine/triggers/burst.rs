//! Makes one request of many: a flood of changes requests one check, and then none for a while. Pure: times come in.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::Trigger;

/// After a change, this long for others that come with it.
const DEBOUNCE: Duration = Duration::from_secs(1);
/// Between two checks that changes request.
const SPACING: Duration = Duration::from_secs(60);

/// The requests that are made one.
#[derive(Debug, Default)]
pub struct Burst {
    /// The strongest trigger, and when it is due.
    pending: Option<(Trigger, Instant)>,
    last: Option<Instant>,
}

impl Burst {
    /// Requests a check.
    pub fn request(&mut self, trigger: Trigger, at: Instant) {
        let soonest = at + DEBOUNCE;
        let spaced = self
            .last
            .map_or(soonest, |last| (last + SPACING).max(soonest));
        self.pending = Some(match self.pending {
            Some((stronger, due)) => (stronger.max(trigger), due),
            None => (trigger, spaced),
        });
    }

    /// When the request is due.
    pub fn next(&self) -> Option<Instant> {
        self.pending.map(|(_, due)| due)
    }

    /// The trigger of the request, if it is due; given once.
    pub fn due(&mut self, at: Instant) -> Option<Trigger> {
        let (trigger, _) = self.pending.take_if(|(_, due)| *due <= at)?;
        self.last = Some(at);
        Some(trigger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_requests_is_two_checks_a_minute_apart() {
        let start = Instant::now();
        let mut burst = Burst::default();
        let mut checks = Vec::new();

        for millis in (0..61_500).step_by(10) {
            let at = start + Duration::from_millis(millis);
            burst.request(Trigger::State, at);
            if burst.due(at).is_some() {
                checks.push(millis);
            }
        }

        assert_eq!(checks, [1000, 61_000]);
    }

    #[test]
    fn the_strongest_trigger_stands_for_all() {
        let start = Instant::now();
        let mut burst = Burst::default();

        burst.request(Trigger::Event, start);
        burst.request(Trigger::State, start);

        assert_eq!(burst.due(start + DEBOUNCE), Some(Trigger::Event));
        assert_eq!(burst.due(start + SPACING), None, "once");
    }
}
