//! How long to wait before the next connection, with jitter so that a house full of clients does not come back
//! in one step.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How patient to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// The broker is away and may be back at any moment: a try costs one packet.
    Soon,
    /// The broker is there and does not want us, or nobody knows it.
    Slowly,
}

impl Pace {
    fn longest(self) -> Duration {
        match self {
            Self::Soon => Duration::from_secs(1),
            Self::Slowly => Duration::from_secs(24),
        }
    }
}

/// The waits between tries, growing until a connection holds.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The next wait: 0.5 to 1.25 s when the broker is away, up to 30 s when it does not want us.
    pub(super) fn next(&mut self, pace: Pace) -> Duration {
        let grown = Duration::from_millis(500) * 2_u32.pow(self.tries.min(8));
        self.tries = self.tries.saturating_add(1);
        grown.min(pace.longest()).mul_f64(1.0 + 0.25 * random())
    }

    /// Starts with short waits again.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }
}

/// A random number from 0 to 1. Every `RandomState` has keys of its own.
pub(super) fn random() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    bits as f64 / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_their_bounds() {
        for (pace, longest) in [(Pace::Soon, 1.25), (Pace::Slowly, 30.0)] {
            let mut backoff = Backoff::default();
            let waits: Vec<_> = (0..40).map(|_| backoff.next(pace).as_secs_f64()).collect();

            assert!(
                waits.iter().all(|wait| (0.5..=longest).contains(wait)),
                "{waits:?}"
            );
            assert!(waits[39] >= longest * 0.8, "{waits:?}");
        }
    }
}
