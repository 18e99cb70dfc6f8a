//! How our own things are called in Home Assistant's registries. Made by whoever defines the entities, and handed in.

use std::sync::Arc;

use crate::model::ZoneId;

/// Makes the id of a zone in Home Assistant's registries.
pub type IdOf = Arc<dyn Fn(&ZoneId) -> String + Send + Sync>;

/// How our own things are called in Home Assistant's registries.
#[derive(Clone)]
pub struct OwnIds {
    /// The identifier of a zone's device.
    pub device: IdOf,
    /// The unique id of a zone's picture, if pictures are published.
    pub picture: Option<IdOf>,
}
