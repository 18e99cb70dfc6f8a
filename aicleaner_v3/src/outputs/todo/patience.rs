//! How long to wait for a list before its silence is believed. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// So often must a refreshed list not show something before that is believed.
pub const BELIEVED_ABSENT: u32 = 2;

/// How long to wait for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// An effect that was tried and does not show, or an item that is no longer shown, is looked for again
    /// after this long.
    pub recheck: Duration,
    /// An addition that does not show is not tried again before this long, even if the list was refreshed.
    pub addition: Duration,
}

impl Patience {
    /// For a list that is a copy of something elsewhere: CalDAV is fetched every 15 minutes
    /// (`homeassistant/components/caldav/coordinator.py`), and a refresh that is asked for may come late.
    pub const REMOTE: Self = Self {
        recheck: Duration::from_secs(15),
        addition: Duration::from_secs(16 * 60),
    };
    /// For a list that Home Assistant itself keeps: it shows at once what was done.
    pub const LOCAL: Self = Self {
        recheck: Duration::from_secs(2),
        addition: Duration::from_secs(2),
    };

    /// For the lists of an integration.
    pub fn with(platform: Option<&str>) -> Self {
        match platform {
            Some("local_todo" | "shopping_list") => Self::LOCAL,
            _ => Self::REMOTE,
        }
    }
}

/// `wait` after `at`.
pub fn after(at: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| at.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

/// The earlier of two times, as far as they are known.
pub fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
