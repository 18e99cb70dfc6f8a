//! One judgement of a zone.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AssessmentId, Trigger, Verdict, ZoneId};

/// One judgement of a zone that a provider really gave. A failed one is never of this type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Sorts by time.
    pub id: AssessmentId,
    /// The zone that was judged.
    pub zone: ZoneId,
    /// When the first of its pictures was taken.
    pub taken_at: Timestamp,
    /// When the answer was there.
    pub at: Timestamp,
    /// Why it was asked for.
    pub trigger: Trigger,
    /// What the provider said.
    pub verdict: Verdict,
    /// Which kind of provider answered, such as `ai_task`.
    pub provider: String,
    /// Which model or entity answered, such as `ai_task.ollama`.
    pub model: String,
    /// How long the provider took.
    pub duration: Duration,
}
