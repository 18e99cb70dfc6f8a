//! The clock that is handed to everything that needs the time, so that tests can set it.
//! Nothing else in the product reads the system's time.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    System,
    Simulated { start: Timestamp, since: Instant },
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` now and goes with tokio's own time, which tests can pause and advance.
    pub fn simulated(start: Timestamp) -> Self {
        Self(Source::Simulated {
            start,
            since: Instant::now(),
        })
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self.0 {
            Source::System => Timestamp::now(),
            Source::Simulated { start, since } => {
                let passed =
                    SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::ZERO);
                start.checked_add(passed).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_simulated_clock_goes_with_tokios_time() {
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        let clock = Clock::simulated(start);

        tokio::time::advance(Duration::from_secs(90)).await;

        assert_eq!(clock.now(), start + SignedDuration::from_secs(90));
    }
}
