//! What a provider says of a zone's pictures, after its answer was parsed and checked.

use serde::{Deserialize, Serialize};

use super::{Area, Confidence, EntityId, Priority, Score, TaskId};

/// What kind of work a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Things that lie about are put where they belong.
    PutAway,
    /// Dirt is wiped, swept or washed off.
    Clean,
    /// Dishes.
    Dishes,
    /// Clothes and linen.
    Laundry,
    /// What is to be thrown away.
    Rubbish,
    /// Furniture, beds, cushions are put straight.
    Straighten,
    /// Anything else.
    Other,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::PutAway,
        Self::Clean,
        Self::Dishes,
        Self::Laundry,
        Self::Rubbish,
        Self::Straighten,
        Self::Other,
    ];

    /// The word that stands for it in verdicts and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PutAway => "put_away",
            Self::Clean => "clean",
            Self::Dishes => "dishes",
            Self::Laundry => "laundry",
            Self::Rubbish => "rubbish",
            Self::Straighten => "straighten",
            Self::Other => "other",
        }
    }

    /// The category that `word` stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == word)
    }
}

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
    /// The task that the provider says it is, of those that it was told of.
    #[serde(default)]
    pub task: Option<TaskId>,
    /// What kind of work it is, if the provider said.
    #[serde(default)]
    pub category: Option<Category>,
    /// The camera whose picture `area` is in, if that is known.
    #[serde(default)]
    pub camera: Option<EntityId>,
}

impl Finding {
    /// A finding of which nothing more is known.
    pub fn new(title: impl Into<String>, confidence: Confidence) -> Self {
        Self {
            title: title.into(),
            location: String::new(),
            area: None,
            priority: Priority::default(),
            minutes: None,
            confidence,
            task: None,
            category: None,
            camera: None,
        }
    }
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
