//! What reconcile goes by: thresholds, counts and times, all in one place.

use jiff::SignedDuration;

use crate::model::{Confidence, OutOfRange};

/// What reconcile goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// A finding becomes a task from this confidence on.
    pub open_from: Confidence,
    /// A finding below this confidence is not even remembered.
    pub propose_from: Confidence,
    /// A less sure finding becomes a task when it was seen in so many checks.
    pub open_after: u8,
    /// A task is done when it is judged gone with at least this confidence.
    pub done_from: Confidence,
    /// A task is done when it was not seen in so many checks in a row.
    pub done_after: u8,
    /// Maximum open tasks of a zone; the rest waits, the most important first.
    pub most_open: usize,
    /// The most findings of a zone that wait to become tasks.
    pub most_proposed: usize,
    /// A task that comes back within this time after the camera saw it done is opened again.
    pub reopen_within: SignedDuration,
    /// For so long what a person decided stands, whatever the camera sees.
    pub respect_for: SignedDuration,
    /// For so long what a person deleted is not proposed again.
    pub dismissed_for: SignedDuration,
    /// What is never a task in this zone, in plain words.
    pub ignore: Vec<String>,
}

impl Policy {
    /// The defaults.
    ///
    /// # Errors
    /// Never: the numbers are in range.
    pub fn standard() -> Result<Self, OutOfRange> {
        Ok(Self {
            open_from: Confidence::new(0.6)?,
            propose_from: Confidence::new(0.2)?,
            open_after: 2,
            done_from: Confidence::new(0.6)?,
            done_after: 2,
            most_open: 12,
            most_proposed: 12,
            reopen_within: SignedDuration::from_hours(12),
            respect_for: SignedDuration::from_hours(2),
            dismissed_for: SignedDuration::from_hours(30 * 24),
            ignore: Vec::new(),
        })
    }
}
