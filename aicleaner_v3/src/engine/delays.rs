//! How long to wait until a zone is checked next. Pure: times come in, delays go out.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::backoff::Policy;

/// A zone that was never assessed is checked this soon, each further zone a little later.
const SPREAD: Duration = Duration::from_millis(500);
/// A recheck comes this long after the check that wants it.
const RECHECK: Duration = Duration::from_secs(180);
/// So many rechecks in a row; then the question waits for the next check.
const MAX_RECHECKS: u32 = 2;
/// When somebody moved in the room, or the camera showed nothing, the next check comes this soon: visits and restarts of
/// cameras last about as long. Zones that are checked often are not held up by it, but checked four times as often.
const PASSING: Duration = Duration::from_secs(120);
/// So many such checks in a row; then it does not pass, and checks come as planned.
const MOST_PASSING: u32 = 3;
/// The first try again after a check failed; doubles with each further failure.
const FIRST_RETRY: Duration = Duration::from_secs(30);

/// How long after a start the zone at `index` is checked first: when its interval has passed since it was last
/// assessed, and never at the same moment as the others.
pub fn first_delay(
    last_assessed: Option<Timestamp>,
    interval: Duration,
    index: usize,
    now: Timestamp,
) -> Duration {
    let spread = SPREAD * u32::try_from(index).unwrap_or(u32::MAX);
    let waited = last_assessed.map(|at| now.duration_since(at));
    let rest = match waited {
        None => Duration::ZERO,
        // A clock that jumped back must not put the check off for ever.
        Some(waited) if waited < SignedDuration::ZERO => Duration::ZERO,
        Some(waited) => interval.saturating_sub(waited.unsigned_abs()),
    };
    rest + spread
}

/// The interval of a zone that is not checked every so often.
pub const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);
/// Checks are this part of the interval earlier or later, and by no more than the second.
const JITTER: (f64, Duration) = (0.1, Duration::from_secs(120));

/// A wait somewhere around `wait`, so that zones that were declared alike are not checked all at once for ever.
/// `fraction` is from 0 (earliest) to 1 (latest).
pub fn jittered(wait: Duration, fraction: f64) -> Duration {
    let (part, most) = JITTER;
    let spread = wait.mul_f64(part).min(most);
    wait - spread + (spread * 2).mul_f64(fraction.clamp(0.0, 1.0))
}

/// How long after a check the next one is due. `failures` counts the checks that failed in a row.
pub fn next_delay(interval: Duration, failures: u32) -> Duration {
    match failures {
        0 => interval,
        n => Policy::new(FIRST_RETRY, interval).delay(n),
    }
}

/// How long after a failed check the next one is due: when the provider may be asked again, if that is known, and
/// otherwise as the failures say. Never longer than the interval.
pub fn delay_after_failure(
    interval: Duration,
    failures: u32,
    retry_at: Option<Timestamp>,
    now: Timestamp,
) -> Duration {
    let usual = next_delay(interval, failures);
    let known = retry_at
        .map(|at| Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
        .map(|wait| wait + Duration::from_secs(1));
    // A check before that time would be in vain.
    known.map_or(usual, |known| known.min(interval))
}

/// How long after a check the recheck comes that reconcile wanted, `in_a_row` counting them; none when there
/// were enough, or when the next check comes as soon by itself.
pub fn recheck(in_a_row: u32, interval: Duration) -> Option<Duration> {
    let is_wanted = (1..=MAX_RECHECKS).contains(&in_a_row);
    (is_wanted && RECHECK < interval).then_some(RECHECK)
}

/// How long after a check that something passing spoiled the next one comes, `in_a_row` counting such checks; none when
/// there were enough.
pub fn after_passing(in_a_row: u32, interval: Duration) -> Option<Duration> {
    let is_wanted = (1..=MOST_PASSING).contains(&in_a_row);
    is_wanted.then_some(PASSING.min(interval / 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTER: Duration = Duration::from_secs(900);

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    #[test]
    fn a_zone_never_assessed_is_looked_at_at_once_and_zones_are_spread() {
        assert_eq!(first_delay(None, QUARTER, 0, now()), Duration::ZERO);
        assert_eq!(
            first_delay(None, QUARTER, 3, now()),
            Duration::from_millis(1500)
        );
    }

    #[test]
    fn jitter_stays_within_its_bounds() {
        let bounds = |wait| (jittered(wait, 0.0), jittered(wait, 1.0));
        let seconds = Duration::from_secs;

        assert_eq!(bounds(seconds(60)), (seconds(54), seconds(66)));
        assert_eq!(bounds(QUARTER), (seconds(810), seconds(990)));
        let week = seconds(7 * 24 * 3600);
        assert_eq!(bounds(week), (week - seconds(120), week + seconds(120)));
        for tenth in 0..=10 {
            let wait = jittered(QUARTER, f64::from(tenth) / 10.0);
            assert!((seconds(810)..=seconds(990)).contains(&wait), "{wait:?}");
        }
        let all: Vec<_> = (0..50)
            .map(|_| jittered(QUARTER, crate::backoff::random_fraction()))
            .collect();
        assert!(all.iter().any(|wait| *wait != all[0]), "all alike");
    }

    #[test]
    fn a_start_does_not_shorten_the_interval() {
        let last = now() - SignedDuration::from_secs(300);

        assert_eq!(
            first_delay(Some(last), QUARTER, 0, now()),
            Duration::from_secs(600)
        );
    }

    #[test]
    fn a_clock_that_jumped_back_puts_nothing_off() {
        let future = now() + SignedDuration::from_hours(48);

        assert_eq!(first_delay(Some(future), QUARTER, 0, now()), Duration::ZERO);
    }

    #[test]
    fn a_provider_that_is_disabled_is_asked_when_that_is_over() {
        let delay = |seconds| {
            let at = now() + SignedDuration::from_secs(seconds);
            delay_after_failure(QUARTER, 1, Some(at), now()).as_secs()
        };

        assert_eq!((delay(200), delay(5_000), delay(-5)), (201, 900, 1));
        assert_eq!(delay_after_failure(QUARTER, 2, None, now()).as_secs(), 60);
    }

    #[test]
    fn a_recheck_comes_within_minutes_but_not_for_ever() {
        let delays: Vec<_> = (0..4)
            .map(|n| recheck(n, QUARTER).map(|d| d.as_secs()))
            .collect();

        assert_eq!(delays, [None, Some(180), Some(180), None]);
        assert_eq!(recheck(1, Duration::from_secs(60)), None);
    }

    #[test]
    fn what_passes_is_waited_for_but_not_for_ever() {
        let delays: Vec<_> = (0..5)
            .map(|n| after_passing(n, QUARTER).map(|d| d.as_secs()))
            .collect();

        assert_eq!(delays, [None, Some(120), Some(120), Some(120), None]);
        let often = Duration::from_secs(60);
        assert_eq!(after_passing(1, often), Some(often / 4));
    }

    #[test]
    fn failures_are_retried_sooner_but_ever_more_slowly() {
        let delays: Vec<_> = (0..8)
            .map(|failures| next_delay(QUARTER, failures).as_secs())
            .collect();

        assert_eq!(delays, [900, 30, 60, 120, 240, 480, 900, 900]);
    }
}
