//! What of the settings changes while the program runs. One value, watched by all who work with it, so that nobody sees
//! half of a change.

use std::sync::Arc;

use crate::router::Router;
use crate::settings::{Items, Notifications};

/// What of the settings changes while the program runs.
#[derive(Clone)]
pub struct Configuration {
    /// What judges.
    pub router: Arc<Router>,
    /// The language of the settings; none is Home Assistant's.
    pub language: Option<String>,
    /// Whom to notify of what.
    pub notifications: Arc<Notifications>,
    /// How items are written.
    pub items: Items,
}

impl PartialEq for Configuration {
    /// Another router is another configuration: what it judges by can't be compared.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.router, &other.router)
            && self.language == other.language
            && self.notifications == other.notifications
            && self.items == other.items
    }
}
