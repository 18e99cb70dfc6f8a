//! What judges frames. One file a service; the prompt, the verdict's schema and its parser are common to all.
//! A provider answers or fails: an error is never an answer.

mod ai_task;
mod error;
mod parse;
mod prompt;
mod schema;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::model::{TaskId, Verdict};
use crate::vision::Picture;

pub use ai_task::{AiTask, AiTaskOptions};
pub use error::ProviderError;

/// What a provider is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What people call the zone.
    pub zone_name: String,
    /// What the zone is for, in the person's own words; may be empty.
    pub purpose: String,
    /// One picture a camera; at least one.
    pub pictures: Arc<[Picture]>,
    /// The tasks whose state is wanted: the open ones, and ended ones that may still be in the picture.
    pub tasks: Vec<KnownTask>,
    /// The language to answer in, as a BCP 47 tag such as `en`.
    pub language: String,
}

/// A task that the provider is told of.
#[derive(Debug, Clone)]
pub struct KnownTask {
    /// Which task.
    pub id: TaskId,
    /// What to do.
    pub title: String,
    /// Where.
    pub location: String,
}

/// What a provider answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its judgement.
    pub verdict: Verdict,
    /// Which model or entity gave it.
    pub model: String,
}

/// Judges frames.
pub trait Provider: Send + Sync {
    /// Which kind it is, such as `ai_task`.
    fn kind(&self) -> &'static str;

    /// How long an answer may take.
    fn timeout(&self) -> Duration;

    /// Judges the frames of one zone.
    fn assess<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, ProviderError>>;
}
