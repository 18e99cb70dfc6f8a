//! What judges frames. One file a service; the prompt, the verdict's schema and its parser are common to all.
//! A provider answers or fails: an error is never an answer.

mod ai_task;
mod error;
mod parse;
mod prompt;
mod reference;
mod schema;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::model::{Area, LightMode, Region, Sensitivity, TaskId, Verdict};
use crate::vision::{Grid, Picture, References};

pub use ai_task::{AiTask, AiTaskOptions};
pub use error::ProviderError;
pub use reference::TidyReference;

/// What a provider is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What people call the zone.
    pub zone_name: String,
    /// What the zone is for, in the person's own words; may be empty.
    pub purpose: String,
    /// One picture a camera; at least one.
    pub pictures: Arc<[Picture]>,
    /// What the local judge goes by, one a picture.
    pub views: Vec<LocalView>,
    /// How small a change is noticed.
    pub sensitivity: Sensitivity,
    /// The tasks whose state is wanted: the open ones, and ended ones that may still be in the picture.
    pub tasks: Vec<KnownTask>,
    /// The language to answer in, as a BCP 47 tag such as `en`.
    pub language: String,
}

/// One camera as the local judge sees it. None of it ever leaves the house.
#[derive(Debug, Clone)]
pub struct LocalView {
    /// The frames of this look, measured finely, oldest first.
    pub grids: Vec<Grid>,
    /// By which light they were taken.
    pub light: LightMode,
    /// Frames that a person called tidy.
    pub references: References,
    /// Parts of the picture with a name.
    pub regions: Vec<Region>,
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
    /// Where in the picture, if that is known.
    pub area: Option<Area>,
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

    /// How many frames of each camera, seconds apart, it wants to tell what lies still from what moves.
    fn frames_wanted(&self) -> usize {
        1
    }

    /// Judges the frames of one zone.
    fn assess<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, ProviderError>>;
}
