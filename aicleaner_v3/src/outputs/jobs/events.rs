//! What happens to jobs, for the log and the counts.

use crate::i18n::log_remedy;
use crate::telemetry::{Code, Event};

/// A job was refused. It is tried again.
#[derive(Debug)]
pub struct JobRefused {
    pub lane: String,
    pub code: Code,
    pub reason: String,
    pub attempts: u32,
}

/// A job expired or was refused for good.
#[derive(Debug)]
pub struct JobDropped {
    pub lane: String,
    pub reason: &'static str,
}

/// The store refused; jobs are looked at again later.
#[derive(Debug)]
pub struct JobsDelayed {
    pub code: Code,
    pub reason: String,
}

impl Event for JobRefused {
    const NAME: &'static str = "errand_refused";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(to = self.lane, code = %self.code, attempts = self.attempts, remedy = log_remedy(self.code), "it could not be done: {}", self.reason);
    }
}

impl Event for JobDropped {
    const NAME: &'static str = "errand_dropped";

    fn kind(&self) -> &'static str {
        self.reason
    }

    fn log(&self) {
        tracing::warn!(to = self.lane, reason = self.reason, "the job expired");
    }
}

impl Event for JobsDelayed {
    const NAME: &'static str = "errands_held_up";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::error!(code = %self.code, "notifications wait: {}", self.reason);
    }
}
