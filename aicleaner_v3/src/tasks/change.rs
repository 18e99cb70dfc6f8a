//! What reconcile and people change: a task as it is now, and what happened to it.

use crate::model::Task;

/// What happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Found, but nobody is told yet.
    Proposed,
    /// Became the home's business.
    Opened,
    /// Came back soon after the camera had seen it done.
    Reopened,
    /// The camera saw it done.
    Done,
    /// A person did something.
    ByPerson,
    /// It is another open task's thing: that one stays.
    Merged,
    /// A person cleared all tasks away.
    Cleared,
    /// Over.
    Settled,
    /// Only what the looks have seen of it.
    Noted,
}

impl What {
    /// The word that stands for it in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Opened => "opened",
            Self::Reopened => "reopened",
            Self::Done => "done_by_camera",
            Self::ByPerson => "by_person",
            Self::Merged => "merged",
            Self::Cleared => "cleared",
            Self::Settled => "settled",
            Self::Noted => "noted",
        }
    }
}

/// One task that is new or changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The task as it is now.
    pub task: Task,
    /// What happened to it.
    pub what: What,
}

/// What one assessment changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Each task at most once.
    pub tasks: Vec<Change>,
    /// Whether a recheck within minutes would decide something.
    pub recheck: bool,
}

impl Changes {
    /// The tasks to which this happened.
    pub fn that(&self, what: What) -> impl Iterator<Item = &Task> {
        self.tasks
            .iter()
            .filter(move |change| change.what == what)
            .map(|change| &change.task)
    }

    /// Whether nothing came or went that people see.
    pub fn is_quiet(&self) -> bool {
        !self.tasks.iter().any(|change| {
            matches!(
                change.what,
                What::Opened
                    | What::Reopened
                    | What::Done
                    | What::Merged
                    | What::ByPerson
                    | What::Cleared
            )
        })
    }
}
