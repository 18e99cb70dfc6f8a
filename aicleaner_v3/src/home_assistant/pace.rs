//! How soon to try to connect again, by what the last try met.

use std::time::Duration;

use crate::backoff::{Backoff, random_fraction};

/// While the host answers at all (a refused connection is an answer), so that we are back within about two
/// seconds of Home Assistant's own return.
const WHILE_ANSWERING: Duration = Duration::from_secs(2);
const WHILE_SILENT: Duration = Duration::from_secs(30);
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

impl Met {
    /// The wait before the next try.
    pub(super) fn wait(self, backoff: &mut Backoff) -> Duration {
        match self {
            Self::Answer => backoff.next(WHILE_ANSWERING),
            Self::Silence => backoff.next(WHILE_SILENT),
            Self::TokenRefused => TOKEN_REFUSED.mul_f64(1.0 + random_fraction() / 10.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_answers_is_tried_again_within_two_seconds() {
        let mut backoff = Backoff::default();

        assert!((0..100).all(|_| Met::Answer.wait(&mut backoff) <= Duration::from_secs(2)));
    }

    #[test]
    fn a_refused_token_is_tried_once_a_minute() {
        let wait = Met::TokenRefused.wait(&mut Backoff::default());

        assert!(wait >= TOKEN_REFUSED && wait <= TOKEN_REFUSED * 2);
    }
}
