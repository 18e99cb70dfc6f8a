//! Where a row of the outbox stands after a try or a refresh. Pure.

use std::time::Duration;

use jiff::Timestamp;

use super::patience::after;
use crate::backoff::Policy;
use crate::store::Stage;

/// Between tries of a row whose effect did not happen.
const RETRY: Policy = Policy::new(Duration::from_secs(5), Duration::from_secs(900));

/// The stage of a row whose effect the refreshed list still does not show.
pub fn after_refresh(stage: &Stage, now: Timestamp) -> Stage {
    match stage {
        Stage::Sent {
            attempts,
            at,
            before,
            absent,
        } => Stage::Sent {
            attempts: *attempts,
            at: (*at).min(now),
            before: before.clone(),
            absent: absent.saturating_add(1).min(1000),
        },
        Stage::Pending { .. } => stage.clone(),
    }
}

/// The stage of a row that could not be looked for: the same, from now on.
pub fn put_off(stage: &Stage, now: Timestamp) -> Stage {
    match stage {
        Stage::Sent {
            attempts,
            before,
            absent,
            ..
        } => Stage::Sent {
            attempts: *attempts,
            at: now,
            before: before.clone(),
            absent: *absent,
        },
        Stage::Pending { .. } => stage.clone(),
    }
}

/// The stage of a row whose effect is known not to have happened.
pub fn not_done(attempts: u32, now: Timestamp) -> Stage {
    let wait = RETRY.delay(attempts);
    Stage::Pending {
        attempts,
        not_before: after(now, wait),
    }
}
