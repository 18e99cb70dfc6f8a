//! A circuit breaker: after failures a provider is disabled (circuit open), then one call may try whether it is back. Pure: the
//! time comes in. Decides nothing about money or limits.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::backoff::Policy;
use crate::providers::{Charge, Fault, ProviderError};

/// Assessments in a row that fail before it opens.
const PATIENCE: u32 = 3;
/// The longest time for which it stays open, and so until a service that is back is noticed.
pub const LONGEST_OPEN: Duration = Duration::from_secs(15 * 60);
/// First 30 s, doubled with each probe that fails.
const BACKOFF: Policy = Policy::new(Duration::from_secs(30), LONGEST_OPEN);
/// How long it stays open after a fault that a person must mend, and where the end of a quota is not known.
const LONG_OPEN: Duration = Duration::from_secs(3600);
/// No service may keep it open for longer.
const MOST_OPEN: Duration = Duration::from_secs(26 * 3600);

/// How a provider stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    Closed {
        /// Assessments that failed in a row.
        failures: u32,
    },
    /// No call passes.
    Open {
        /// Until then.
        until: Timestamp,
        /// Assessments that failed in a row.
        failures: u32,
        /// The class of the last fault.
        class: String,
    },
    /// One call is on its way to see whether it is back.
    HalfOpen {
        /// Assessments that failed in a row.
        failures: u32,
        /// The class of the last fault.
        class: String,
    },
}

/// What a call may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// The provider is well: it may be tried again when it fails.
    Usual,
    /// It is the one probe: it has one try.
    Probe,
}

/// The breaker of one provider.
#[derive(Debug, Clone)]
pub struct Breaker {
    state: State,
}

impl Breaker {
    /// Lets calls pass.
    pub fn closed() -> Self {
        Self {
            state: State::Closed { failures: 0 },
        }
    }

    /// As it was when the program ended. What a person had to mend may be mended: it is tried at once.
    pub fn restored(until: Timestamp, failures: u32, class: &str, now: Timestamp) -> Self {
        let mended_perhaps = matches!(class, "bad_key" | "no_such_model" | "blind" | "rejected");
        let longest = now
            .checked_add(SignedDuration::try_from(MOST_OPEN).unwrap_or(SignedDuration::ZERO))
            .unwrap_or(Timestamp::MAX);
        let until = match mended_perhaps {
            true => now,
            // A clock that was wrong must not lock a provider out for years.
            false => until.min(longest),
        };
        Self {
            state: State::Open {
                until,
                failures,
                class: class.to_owned(),
            },
        }
    }

    /// How it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether a call may pass now. Whoever gets a pass must tell how it ended.
    ///
    /// # Errors
    /// When the next probe may be made.
    pub fn admit(&mut self, now: Timestamp) -> Result<Pass, Timestamp> {
        match &self.state {
            State::Closed { .. } => Ok(Pass::Usual),
            State::Open {
                until,
                failures,
                class,
            } => {
                if now < *until {
                    return Err(*until);
                }
                self.state = State::HalfOpen {
                    failures: *failures,
                    class: class.clone(),
                };
                Ok(Pass::Probe)
            }
            State::HalfOpen { .. } => Err(now),
        }
    }

    /// It answered. True if that closed it. Calls that were on their way when it opened tell nothing new: only
    /// the probe closes it.
    pub fn succeeded(&mut self, pass: Pass) -> bool {
        let was_closed = matches!(self.state, State::Closed { .. });
        if was_closed || pass == Pass::Probe {
            self.state = State::Closed { failures: 0 };
        }
        !was_closed && pass == Pass::Probe
    }

    /// The pass was not used, or the call was broken off by us: nothing is known. `now` is when a probe may be
    /// made again.
    pub fn abandoned(&mut self, pass: Pass, now: Timestamp) {
        if let (Pass::Probe, State::HalfOpen { failures, class }) = (pass, &self.state) {
            self.state = State::Open {
                until: now,
                failures: *failures,
                class: class.clone(),
            };
        }
    }

    /// It failed. True if it is open from now on, or for longer.
    pub fn failed(&mut self, pass: Pass, error: &ProviderError, now: Timestamp) -> bool {
        if !counts(error) {
            self.abandoned(pass, now);
            return false;
        }
        let failures = match &self.state {
            State::Closed { failures }
            | State::Open { failures, .. }
            | State::HalfOpen { failures, .. } => failures.saturating_add(1),
        };
        if pass == Pass::Usual && !matches!(self.state, State::Closed { .. }) {
            return false;
        }
        let at_once = pass == Pass::Probe || opens_at_once(&error.fault);
        if !at_once && failures < PATIENCE {
            self.state = State::Closed { failures };
            return false;
        }
        let wait = open_for(&error.fault, failures, now).min(MOST_OPEN);
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.state = State::Open {
            until: now.checked_add(wait).unwrap_or(Timestamp::MAX),
            failures,
            class: error.fault.class().to_owned(),
        };
        true
    }
}

/// Faults of one picture, and faults on our side of the wire, say nothing about the provider.
fn counts(error: &ProviderError) -> bool {
    match &error.fault {
        Fault::Refused
        | Fault::Missing(_)
        | Fault::Upload(_)
        | Fault::CircuitOpen { .. }
        | Fault::Limited { .. }
        | Fault::OutOfTime => false,
        Fault::Failed(_) => error.charge != Charge::Nothing,
        _ => true,
    }
}

fn opens_at_once(fault: &Fault) -> bool {
    fault.needs_a_person() || matches!(fault, Fault::Quota { .. } | Fault::RateLimited { .. })
}

/// How long it stays open.
fn open_for(fault: &Fault, failures: u32, now: Timestamp) -> Duration {
    // The failures that were borne before it opened do not count.
    let borne = match opens_at_once(fault) {
        true => 0,
        false => PATIENCE - 1,
    };
    let usual = BACKOFF.delay(failures.saturating_sub(borne));
    match fault {
        Fault::Quota {
            resets_at: Some(at),
        } => Duration::try_from(at.duration_since(now))
            .unwrap_or(usual)
            .max(usual),
        Fault::Quota { resets_at: None } => LONG_OPEN,
        Fault::RateLimited { retry_after } | Fault::Overloaded { retry_after } => {
            retry_after.unwrap_or(usual).max(usual)
        }
        fault if fault.needs_a_person() => LONG_OPEN,
        _ => usual,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn error(fault: Fault) -> ProviderError {
        ProviderError::perhaps_paid(fault, "")
    }

    fn network() -> ProviderError {
        error(Fault::Network)
    }

    fn open_seconds(breaker: &Breaker, now: Timestamp) -> i64 {
        match breaker.state() {
            State::Open { until, .. } => until.duration_since(now).as_secs(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row_and_not_before() {
        let mut breaker = Breaker::closed();

        assert!(!breaker.failed(Pass::Usual, &network(), at(0)));
        assert!(!breaker.failed(Pass::Usual, &network(), at(1)));
        breaker.succeeded(Pass::Usual);
        assert!(!breaker.failed(Pass::Usual, &network(), at(2)));
        assert!(!breaker.failed(Pass::Usual, &network(), at(3)));
        assert!(breaker.failed(Pass::Usual, &network(), at(4)));

        assert_eq!(breaker.admit(at(5)), Err(at(34)));
    }

    #[test]
    fn one_probe_passes_and_its_success_closes() {
        let mut breaker = Breaker::restored(at(30), 3, "network", at(0));

        assert_eq!(breaker.admit(at(29)), Err(at(30)));
        assert_eq!(breaker.admit(at(30)), Ok(Pass::Probe));
        assert!(breaker.admit(at(31)).is_err(), "only one at a time");
        assert!(breaker.succeeded(Pass::Probe));
        assert_eq!(breaker.admit(at(31)), Ok(Pass::Usual));
    }

    #[test]
    fn the_time_it_is_open_doubles_up_to_a_quarter_of_an_hour() {
        let mut breaker = Breaker::restored(at(0), 3, "network", at(0));
        let mut now = at(0);
        let mut seen = Vec::new();
        for _ in 0..7 {
            assert_eq!(breaker.admit(now), Ok(Pass::Probe));
            breaker.failed(Pass::Probe, &network(), now);
            let seconds = open_seconds(&breaker, now);
            seen.push(seconds);
            now += SignedDuration::from_secs(seconds);
        }

        assert_eq!(seen, [60, 120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_rate_limit_opens_at_once_for_as_long_as_the_service_says() {
        let mut breaker = Breaker::closed();
        let limited = error(Fault::RateLimited {
            retry_after: Some(Duration::from_secs(400)),
        });

        assert!(breaker.failed(Pass::Usual, &limited, at(0)));

        assert_eq!(open_seconds(&breaker, at(0)), 400);
    }

    #[test]
    fn a_quota_keeps_it_open_until_its_reset() {
        let mut breaker = Breaker::closed();
        let quota = error(Fault::Quota {
            resets_at: Some(at(40_000)),
        });

        breaker.failed(Pass::Usual, &quota, at(0));

        assert_eq!(open_seconds(&breaker, at(0)), 40_000);
    }

    #[test]
    fn after_a_start_what_a_person_may_have_mended_is_tried_at_once() {
        let mut mended = Breaker::restored(at(3000), 1, "bad_key", at(0));
        let mut quota = Breaker::restored(at(3000), 1, "quota", at(0));
        let mut absurd = Breaker::restored(Timestamp::MAX, 1, "quota", at(0));

        assert_eq!(mended.admit(at(0)), Ok(Pass::Probe));
        assert_eq!(quota.admit(at(0)), Err(at(3000)));
        assert!(absurd.admit(at(27 * 3600)).is_ok());
    }

    #[test]
    fn a_refused_picture_says_nothing_about_the_provider() {
        let mut breaker = Breaker::closed();
        for n in 0..10 {
            assert!(!breaker.failed(Pass::Usual, &error(Fault::Refused), at(n)));
        }

        assert_eq!(breaker.state(), &State::Closed { failures: 0 });
    }

    proptest! {
        /// Many callers at once, in any order of ends: while it is half open never more than one probe is on its way.
        #[test]
        fn never_more_than_one_probe_is_on_its_way(steps in prop::collection::vec((0_u8..5, 0_i64..400), 1..300)) {
            let mut breaker = Breaker::restored(at(0), 5, "network", at(0));
            let mut now = 0;
            let mut on_their_way: Vec<Pass> = Vec::new();
            for (what, wait) in steps {
                now += wait;
                match what {
                    0 | 1 => on_their_way.extend(breaker.admit(at(now)).ok()),
                    _ if on_their_way.is_empty() => {}
                    2 => { let pass = on_their_way.remove(0); breaker.succeeded(pass); }
                    3 => { let pass = on_their_way.remove(0); breaker.failed(pass, &network(), at(now)); }
                    _ => { let pass = on_their_way.remove(0); breaker.abandoned(pass, at(now)); }
                }
                let probes = on_their_way.iter().filter(|pass| **pass == Pass::Probe).count();
                if matches!(breaker.state(), State::HalfOpen { .. }) {
                    prop_assert_eq!(probes, 1);
                }
            }
        }
    }
}
