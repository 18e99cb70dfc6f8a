//! How often a provider may be asked: calls a minute and a day, as the settings say. Pure: the time comes in.

use std::collections::VecDeque;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::providers::{QuotaDay, RateLimits};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// The count of one provider's calls.
#[derive(Debug)]
pub struct Rate {
    limits: RateLimits,
    /// The calls of the last minute, oldest first; never more than the limit.
    recent: VecDeque<Timestamp>,
    day: Option<Timestamp>,
    today: u64,
}

impl Rate {
    /// Nothing was asked yet.
    pub fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            recent: VecDeque::new(),
            day: None,
            today: 0,
        }
    }

    /// `calls` were made already in the day of `now`.
    pub fn resume(&mut self, calls: u64, now: Timestamp) {
        self.day = Some(day_start(now, self.limits.day));
        self.today = calls;
    }

    /// Counts one call.
    ///
    /// # Errors
    /// When it may be made, if not now.
    pub fn take(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let day = day_start(now, self.limits.day);
        if self.day != Some(day) {
            self.day = Some(day);
            self.today = 0;
        }
        // A clock that was set back must not lock the provider out.
        self.recent
            .retain(|at| *at <= now && now.duration_since(*at) < MINUTE);
        if let Some(most) = self.limits.per_day
            && self.today >= most.into()
        {
            return Err(day_end(day, self.limits.day));
        }
        if let Some(most) = self.limits.per_minute {
            if self.recent.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
                let oldest = self.recent.front().copied().unwrap_or(now);
                return Err(oldest.checked_add(MINUTE).unwrap_or(Timestamp::MAX));
            }
            self.recent.push_back(now);
        }
        self.today += 1;
        Ok(())
    }
}

/// The last midnight of the service.
pub fn day_start(now: Timestamp, day: QuotaDay) -> Timestamp {
    let zone = TimeZone::get(day.time_zone()).unwrap_or(TimeZone::UTC);
    now.to_zoned(zone)
        .start_of_day()
        .map_or(now, |start| start.timestamp())
}

fn day_end(start: Timestamp, day: QuotaDay) -> Timestamp {
    let zone = TimeZone::get(day.time_zone()).unwrap_or(TimeZone::UTC);
    start
        .to_zoned(zone)
        .checked_add(1.day())
        .map_or(Timestamp::MAX, |end| end.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(per_minute: Option<u32>, per_day: Option<u32>) -> Rate {
        Rate::new(RateLimits {
            per_minute,
            per_day,
            day: QuotaDay::Pacific,
            at_a_time: 1,
        })
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_minute_is_any_minute_and_not_that_of_the_clock() {
        let mut rate = rate(Some(2), None);
        let start = at("2026-11-20T07:00:59Z");
        let after = |seconds| start + SignedDuration::from_secs(seconds);

        assert_eq!(rate.take(start), Ok(()));
        assert_eq!(rate.take(after(30)), Ok(()));
        assert_eq!(rate.take(after(31)), Err(after(60)));
        assert_eq!(rate.take(after(60)), Ok(()));
        assert_eq!(rate.take(after(61)), Err(after(90)));
    }

    #[test]
    fn the_day_ends_at_midnight_in_california() {
        let mut rate = rate(None, Some(1));
        let reset = at("2026-11-20T08:00:00Z");

        assert_eq!(rate.take(at("2026-11-19T09:00:00Z")), Ok(()));
        assert_eq!(rate.take(at("2026-11-20T07:59:59Z")), Err(reset));
        assert_eq!(rate.take(reset), Ok(()));
    }

    #[test]
    fn calls_before_a_restart_count() {
        let mut rate = rate(None, Some(10));
        let now = at("2026-11-20T10:00:00Z");

        rate.resume(10, now);

        assert!(rate.take(now).is_err());
    }

    proptest! {
        #[test]
        fn no_minute_ever_has_more_calls_than_the_limit(limit in 1_u32..6, waits in prop::collection::vec(0_i64..40, 1..200)) {
            let mut rate = rate(Some(limit), None);
            let mut now = at("2026-11-20T10:00:00Z");
            let mut passed: Vec<Timestamp> = Vec::new();
            for wait in waits {
                now += SignedDuration::from_secs(wait);
                if rate.take(now).is_ok() {
                    passed.push(now);
                }
            }
            for first in &passed {
                let within = passed.iter().filter(|at| *at >= first && at.duration_since(*first) < MINUTE).count();
                prop_assert!(within <= limit as usize);
            }
        }
    }
}
