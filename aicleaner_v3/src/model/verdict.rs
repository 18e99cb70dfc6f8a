//! What a provider says of a zone's pictures, after its answer was parsed and checked.

use serde::{Deserialize, Serialize};

use super::{Area, Confidence, Priority, Score, TaskId};

/// One thing that needs doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What to do, such as "Wipe the coffee spill". Plain text, 1 to 120 characters.
    pub title: String,
    /// Where, such as "on the counter". Plain text, at most 80 characters, may be empty.
    pub location: String,
    /// Where in the picture, if the provider said.
    pub area: Option<Area>,
    /// How much it matters.
    pub priority: Priority,
    /// How long it takes, in minutes, 1 to 600, if the provider said.
    pub minutes: Option<u16>,
    /// How sure the provider is that it is there.
    pub confidence: Confidence,
}

/// Whether an open task's cause is still to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Still there.
    Present,
    /// Plainly done.
    Gone,
    /// Hidden, out of the picture, or the provider can't tell. Changes nothing.
    Unclear,
}

/// What the provider says of one open task.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TaskJudgement {
    /// Which task.
    pub task: TaskId,
    /// Still there, or not.
    pub presence: Presence,
    /// How sure the provider is.
    pub confidence: Confidence,
}

/// A provider's whole answer. No findings is a valid, happy answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// How tidy the zone is.
    pub score: Score,
    /// One or two sentences, plain text, at most 300 characters.
    pub summary: String,
    /// New things that need doing, at most 50.
    pub findings: Vec<Finding>,
    /// What became of the open tasks that the provider was told of.
    pub judgements: Vec<TaskJudgement>,
}
