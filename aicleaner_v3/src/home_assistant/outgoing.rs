//! Commands from elsewhere in the program on their way to Home Assistant, and their answers on the way back.

use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::error::HomeError;

/// The answer to a command: the `result`, or the first event of a subscription.
pub(super) type Answer = Result<Box<RawValue>, HomeError>;

/// A command from elsewhere in the program.
#[derive(Debug)]
pub(super) struct OutgoingCommand {
    /// The command with its `type`, without an id.
    pub(super) body: Map<String, Value>,
    /// What it is, for errors.
    pub(super) what: String,
    /// The most bytes its answer may have.
    pub(super) limit: usize,
    /// Whether it is a subscription whose first event is the answer; it is ended after it.
    pub(super) first_event: bool,
    /// Who waits.
    pub(super) reply: oneshot::Sender<Answer>,
}

/// The answer, if it is not too large. It is copied out and read by who waits for it.
pub(super) fn bounded(answer: Option<&RawValue>, what: String, limit: usize) -> Answer {
    let text = answer.map_or("null", RawValue::get);
    if text.len() > limit {
        return Err(HomeError::AnswerTooLarge { what, limit });
    }
    RawValue::from_string(text.to_owned()).map_err(|e| HomeError::unreadable(&what, &e))
}
