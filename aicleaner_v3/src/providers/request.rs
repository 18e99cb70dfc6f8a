//! What is to be judged: a zone's pictures, and what is known of it. Plain data; nothing here asks anybody.

use std::sync::Arc;

use crate::model::{Area, LightMode, Region, Sensitivity, TaskId, ZoneId};
use crate::vision::{Grid, Picture, References};

/// What is to be judged.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which zone.
    pub zone: ZoneId,
    /// What people call the zone.
    pub zone_name: String,
    /// What the zone is for, in the person's own words; may be empty.
    pub purpose: String,
    /// What is not to be reported, in people's own words.
    pub ignore: Vec<String>,
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
    /// The frames of this check, measured finely, oldest first.
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
