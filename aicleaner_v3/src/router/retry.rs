//! Whether a failed call is worth another try at once, and after which wait. Pure: the chance comes in.

use std::time::Duration;

use crate::backoff::Policy;
use crate::providers::Fault;

/// Tries of one provider in one assessment.
pub const MOST_TRIES: u32 = 3;
/// A service that wants a longer wait is left alone: the next provider is asked.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const BACKOFF: Policy = Policy::new(Duration::from_millis(800), LONGEST_WAIT);

/// The wait before the next try after `tries` of them; none when there is none. `chance` is from 0 to 1.
///
/// A timeout is not tried again: it may have been paid, and the next would take as long. A rate limit is, once,
/// if the service says when; a second one is a storm.
pub fn wait(fault: &Fault, tries: u32, chance: f64) -> Option<Duration> {
    if tries >= MOST_TRIES {
        return None;
    }
    let backoff = BACKOFF.jittered(tries, chance);
    let wait = match fault {
        Fault::Network => backoff,
        Fault::Overloaded { retry_after } => retry_after.unwrap_or_default().max(backoff),
        Fault::RateLimited {
            retry_after: Some(after),
        } if tries == 1 => (*after).max(backoff),
        _ => return None,
    };
    (wait <= LONGEST_WAIT).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_succeed_is_tried_again() {
        let passing = [Fault::Network, Fault::Overloaded { retry_after: None }];
        let lasting = [
            Fault::BadKey,
            Fault::NoSuchModel,
            Fault::Blind,
            Fault::Refused,
            Fault::Rejected,
            Fault::Quota { resets_at: None },
            Fault::RateLimited { retry_after: None },
            Fault::Timeout(Duration::from_secs(60)),
            Fault::Failed(String::new()),
        ];

        assert!(passing.iter().all(|fault| wait(fault, 1, 0.5).is_some()));
        assert!(lasting.iter().all(|fault| wait(fault, 1, 0.5).is_none()));
    }

    #[test]
    fn what_the_service_asks_for_is_waited_unless_it_is_long() {
        let limited = |seconds| Fault::RateLimited {
            retry_after: Some(Duration::from_secs(seconds)),
        };

        assert_eq!(wait(&limited(5), 1, 0.0), Some(Duration::from_secs(5)));
        assert_eq!(wait(&limited(5), 2, 0.0), None, "a second one is a storm");
        assert_eq!(wait(&limited(60), 1, 0.0), None);
    }

    proptest::proptest! {
        #[test]
        fn tries_and_waits_are_bounded(tries in 0_u32..100, chance: f64, seconds in 0_u64..100_000) {
            let fault = Fault::Overloaded { retry_after: Some(Duration::from_secs(seconds)) };
            let wait = wait(&fault, tries, chance);

            proptest::prop_assert!(wait.is_none() || tries < MOST_TRIES);
            proptest::prop_assert!(wait.unwrap_or_default() <= LONGEST_WAIT);
        }
    }
}
