//! How long to wait before the next try: exponential, with jitter so that a house full of clients does not
//! come back in one step, for ever. Whoever tries says how long a wait may be.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);

/// The waits between tries, growing until a try holds.
#[derive(Debug, Default)]
pub struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The next wait: half to the whole of 0.5 s doubled with each try, at most `longest`.
    pub fn next(&mut self, longest: Duration) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.tries.min(10)).min(longest);
        self.tries = self.tries.saturating_add(1);
        whole.mul_f64(0.5 + random_fraction() / 2.0)
    }

    /// Starts with short waits again.
    pub fn reset(&mut self) {
        self.tries = 0;
    }
}

/// A random number from 0 to 1. Every `RandomState` of the standard library has keys of its own: random enough
/// to spread tries.
pub fn random_fraction() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_never_beyond() {
        let longest = Duration::from_secs(30);
        let mut backoff = Backoff::default();

        let waits: Vec<_> = (0..100).map(|_| backoff.next(longest)).collect();

        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits[99] >= longest / 2 && waits.iter().all(|wait| *wait <= longest));
    }

    #[test]
    fn waits_are_not_all_alike() {
        let mut backoff = Backoff { tries: 10 };
        let first = backoff.next(Duration::from_secs(30));

        assert!((0..20).any(|_| backoff.next(Duration::from_secs(30)) != first));
    }
}
