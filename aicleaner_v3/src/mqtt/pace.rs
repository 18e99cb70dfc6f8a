//! How soon to try the broker again.

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
    /// The longest wait between two tries.
    pub(super) fn longest(self) -> Duration {
        match self {
            Self::Soon => Duration::from_millis(1250),
            Self::Slowly => Duration::from_secs(30),
        }
    }
}
