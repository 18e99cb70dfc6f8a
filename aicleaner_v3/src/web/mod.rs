//! The page, and health and metrics on a listener of their own. Reads views; acts on nothing by itself.

mod answer;
mod api;
mod dashboard;
mod guard;
mod health;
mod home;
mod last_request;
mod page;
mod serve;
mod zones;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::engine::ZoneViews;
use crate::model::{Command, SystemView, ZoneView};
use crate::outputs::Dashboard;
use crate::router::LastRequests;
use crate::setup::InventorySource;
use crate::store::Store;
use crate::telemetry::{Metrics, resident_bytes};

pub use guard::Guard;
pub use serve::{ListenError, Listener};

/// What is shown.
#[derive(Clone)]
pub struct Shown {
    /// The system.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// One view a zone.
    pub zones: watch::Receiver<ZoneViews>,
    /// What was sent last for each zone.
    pub sent: LastRequests,
    /// What the home has, if that can be asked.
    pub inventory: Option<InventorySource>,
    /// Makes the dashboard, if that can be done.
    pub dashboard: Option<Dashboard>,
    /// What happened to tasks, if there is a database.
    pub store: Option<Store>,
}

impl Shown {
    /// Each zone as it stands.
    fn views(&self) -> Vec<Arc<ZoneView>> {
        let zones = self.zones.borrow().clone();
        zones.iter().map(|zone| zone.borrow().clone()).collect()
    }
}

/// The health listener's routes: `/health/live`, `/health/ready`, `/metrics`.
pub fn health_routes(shown: Shown, metrics: Arc<dyn Fn() -> String + Send + Sync>) -> axum::Router {
    health::routes(shown, metrics)
}

/// The page's routes and the API's, behind `guard`. People's commands go out through `commands`; without it there is
/// nothing to command.
pub fn page_routes(
    shown: Shown,
    commands: Option<mpsc::Sender<Command>>,
    guard: Guard,
) -> axum::Router {
    let api = commands.map_or_else(axum::Router::new, |commands| {
        api::routes(shown.clone(), commands)
    });
    let home = shown
        .inventory
        .clone()
        .map(home::routes)
        .unwrap_or_default();
    let dashboard = shown
        .dashboard
        .clone()
        .map(dashboard::routes)
        .unwrap_or_default();
    let zones = match shown.store.clone() {
        Some(store) => zones::routes(shown.clone(), store),
        None => axum::Router::new(),
    };
    page::routes(shown)
        .merge(api)
        .merge(dashboard)
        .merge(home)
        .merge(zones)
        .layer(axum::middleware::from_fn_with_state(guard, guard::check))
}

/// Renders the metrics of `telemetry`, and the memory in use, on each request.
pub fn rendered(telemetry: crate::telemetry::Telemetry) -> Arc<dyn Fn() -> String + Send + Sync> {
    Arc::new(move || {
        let mut text = Metrics::render(telemetry.metrics());
        if let Some(bytes) = resident_bytes() {
            text.push_str("# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\n");
            text.push_str(&format!("process_resident_memory_bytes {bytes}\n"));
        }
        text
    })
}
