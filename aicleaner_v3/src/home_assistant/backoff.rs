//! How long to wait before the next try to connect: exponential, with jitter, for ever.
//! Never gives up and never waits longer than its caps.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
/// While the host answers at all (a refused connection is an answer), so that we are back within about two
/// seconds of Home Assistant's own return.
const CAP_ANSWERING: Duration = Duration::from_secs(2);
/// While nobody answers.
const CAP_SILENT: Duration = Duration::from_secs(30);
/// Between tries with a token that was refused: it rarely becomes right by itself, and each try counts as a
/// failed login in Home Assistant.
const TOKEN_REFUSED: Duration = Duration::from_secs(60);

/// What the last try met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// A host that answers.
    Answer,
    /// Nobody.
    Silence,
    /// A refused token.
    TokenRefused,
}

/// The state between tries.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// Starts from the shortest wait again.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }

    /// The wait before the next try; between half and the whole of the doubled time.
    pub(super) fn next(&mut self, met: Met) -> Duration {
        let cap = match met {
            Met::Answer => CAP_ANSWERING,
            Met::Silence => CAP_SILENT,
            Met::TokenRefused => return TOKEN_REFUSED.mul_f64(1.0 + random_fraction() / 10.0),
        };
        let whole = FIRST.saturating_mul(1 << self.tries.min(10)).min(cap);
        self.tries = self.tries.saturating_add(1);
        whole.mul_f64(0.5 + random_fraction() / 2.0)
    }
}

/// From 0 to 1. The standard library's randomly keyed hasher is random enough to spread reconnects.
fn random_fraction() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_never_beyond() {
        let mut backoff = Backoff::default();

        let waits: Vec<_> = (0..100).map(|_| backoff.next(Met::Silence)).collect();

        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits[99] >= CAP_SILENT / 2 && waits.iter().all(|wait| *wait <= CAP_SILENT));
    }

    #[test]
    fn a_host_that_answers_is_tried_again_within_two_seconds() {
        let mut backoff = Backoff::default();

        let longest = (0..100).map(|_| backoff.next(Met::Answer)).max();

        assert!(longest <= Some(Duration::from_secs(2)));
    }

    #[test]
    fn a_refused_token_is_tried_once_a_minute() {
        let wait = Backoff::default().next(Met::TokenRefused);

        assert!(wait >= TOKEN_REFUSED && wait <= TOKEN_REFUSED * 2);
    }

    #[test]
    fn waits_are_not_all_alike() {
        let mut backoff = Backoff { tries: 10 };
        let first = backoff.next(Met::Silence);

        assert!((0..20).any(|_| backoff.next(Met::Silence) != first));
    }
}
