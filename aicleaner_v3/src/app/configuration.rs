//! What changes with the settings while the program runs.

use std::sync::Arc;

use tokio::sync::watch;

use crate::router::Router;
use crate::settings::{Items, Notifications, Settings};

/// What changes with the settings while the program runs; each part follows what it needs of it.
pub(super) struct Hot {
    pub(super) router: watch::Sender<Arc<Router>>,
    pub(super) language: watch::Sender<Option<String>>,
    pub(super) notifications: watch::Sender<Arc<Notifications>>,
    pub(super) items: watch::Sender<Items>,
}

impl Hot {
    /// As declared at the start.
    pub(super) fn new(
        settings: &Settings,
        router: Router,
        language: watch::Sender<Option<String>>,
    ) -> Self {
        Self {
            router: watch::Sender::new(Arc::new(router)),
            language,
            notifications: watch::Sender::new(Arc::new(settings.notifications.clone())),
            items: watch::Sender::new(settings.items.clone()),
        }
    }
}
