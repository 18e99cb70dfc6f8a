//! How long to wait before the next try: exponential, capped, and jittered where many may come back at once. One
//! policy for the whole program. Pure but for [`random_fraction`]; never sleeps and never decides whether to try again.

use std::time::Duration;

/// The first wait of a connection that broke.
const FIRST_RECONNECT: Duration = Duration::from_millis(500);

/// Waits that double with each failure in a row, up to a longest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    first: Duration,
    longest: Duration,
}

impl Policy {
    /// `first` after the first failure, never more than `longest`.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// The wait after so many failures in a row. None and one are alike.
    pub fn delay(self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1);
        self.first
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(self.longest)
    }

    /// As [`Self::delay`], shortened by up to a half, so that a house full of clients does not come back in one step.
    /// `fraction` is from 0 (half of the delay) to 1 (all of it).
    pub fn jittered(self, failures: u32, fraction: f64) -> Duration {
        let fraction = if fraction.is_nan() { 1.0 } else { fraction };
        self.delay(failures)
            .mul_f64(0.5 + fraction.clamp(0.0, 1.0) / 2.0)
    }
}

/// The failures in a row of one connection, which is tried again for ever.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure. The wait before the next try, jittered and at most `longest`.
    pub fn next(&mut self, longest: Duration) -> Duration {
        self.failures = self.failures.saturating_add(1);
        Policy::new(FIRST_RECONNECT, longest).jittered(self.failures, random_fraction())
    }

    /// Starts with short waits again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A random number from 0 to 1: good enough to spread tries, never for secrets.
pub fn random_fraction() -> f64 {
    fastrand::f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn delays_double_up_to_the_longest() {
        let policy = Policy::new(10 * SECOND, 600 * SECOND);

        let delays = [0, 1, 2, 3, 6, 7, 40, u32::MAX].map(|n| policy.delay(n).as_secs());

        assert_eq!(delays, [10, 10, 20, 40, 320, 600, 600, 600]);
    }

    #[test]
    fn the_longest_holds_for_the_first_delay_too() {
        assert_eq!(Policy::new(30 * SECOND, SECOND).delay(1), SECOND);
    }

    #[test]
    fn jitter_shortens_by_up_to_a_half() {
        let policy = Policy::new(10 * SECOND, 600 * SECOND);

        let delays = [0.0, 0.5, 1.0, -1.0, 7.0, f64::NAN].map(|at| policy.jittered(2, at));

        assert_eq!(delays, [10, 15, 20, 10, 20, 20].map(Duration::from_secs));
    }

    #[test]
    fn waits_of_a_connection_grow_to_the_longest_and_never_beyond() {
        let longest = 30 * SECOND;
        let mut backoff = Backoff::default();

        let waits: Vec<_> = (0..100).map(|_| backoff.next(longest)).collect();

        assert!(waits[0] >= FIRST_RECONNECT / 2 && waits[0] <= FIRST_RECONNECT);
        assert!(waits[99] >= longest / 2 && waits.iter().all(|wait| *wait <= longest));
    }

    #[test]
    fn waits_are_not_all_alike() {
        let mut backoff = Backoff { failures: 10 };
        let first = backoff.next(30 * SECOND);

        assert!((0..20).any(|_| backoff.next(30 * SECOND) != first));
    }

    proptest::proptest! {
        #[test]
        fn a_jittered_delay_lies_between_half_and_all_of_it(failures: u32, fraction: f64) {
            let policy = Policy::new(SECOND, 900 * SECOND);
            let (delay, jittered) = (policy.delay(failures), policy.jittered(failures, fraction));

            proptest::prop_assert!(jittered >= delay / 2 && jittered <= delay);
        }
    }
}
