//! The page, and health and metrics on a listener of their own. Reads views; acts on nothing by itself.

mod guard;
mod health;
mod last_request;
mod page;
mod serve;

use std::sync::Arc;

use tokio::sync::watch;

use crate::model::{SystemView, ZoneView};
use crate::router::LastRequests;
use crate::telemetry::Metrics;

pub use guard::Guard;
pub use serve::{ListenError, Listener};

/// What is shown.
#[derive(Clone)]
pub struct Shown {
    /// The system.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// One view a zone.
    pub zones: Vec<watch::Receiver<Arc<ZoneView>>>,
    /// What was sent last for each zone.
    pub sent: LastRequests,
}

/// The health listener's routes: `/health/live`, `/health/ready`, `/metrics`.
pub fn health_routes(shown: Shown, metrics: Arc<dyn Fn() -> String + Send + Sync>) -> axum::Router {
    health::routes(shown, metrics)
}

/// The page's routes, behind `guard`.
pub fn page_routes(shown: Shown, guard: Guard) -> axum::Router {
    page::routes(shown, guard)
}

/// Renders the metrics of `telemetry` on each request.
pub fn rendered(telemetry: crate::telemetry::Telemetry) -> Arc<dyn Fn() -> String + Send + Sync> {
    Arc::new(move || Metrics::render(telemetry.metrics()))
}
