//! The page and the API, and health and metrics on a listener of their own. Asks `control`; acts on nothing by itself.

mod api;
mod guard;
mod health;
mod pages;
mod serve;

use std::sync::Arc;

use axum::Router;

use crate::control::{Control, Queries};
use crate::telemetry::{Metrics, Telemetry, resident_bytes};

pub use guard::Guard;
pub use serve::{ListenError, Listener};

/// The health listener's routes: `/health/live`, `/health/ready`, `/metrics`.
pub fn health_routes(queries: Queries, metrics: Arc<dyn Fn() -> String + Send + Sync>) -> Router {
    health::routes(queries, metrics)
}

/// The page's routes and the API's, behind `guard`. Commands go to `control`; without it there is nothing to command.
pub fn page_routes(queries: Queries, control: Option<Control>, guard: Guard) -> Router {
    pages::routes(queries.clone())
        .merge(api::routes(queries, control))
        .layer(axum::middleware::from_fn_with_state(guard, guard::check))
}

/// Renders the metrics of `telemetry`, and the memory in use, on each request.
pub fn rendered(telemetry: Telemetry) -> Arc<dyn Fn() -> String + Send + Sync> {
    Arc::new(move || {
        let mut text = Metrics::render(telemetry.metrics());
        if let Some(bytes) = resident_bytes() {
            text.push_str("# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\n");
            text.push_str(&format!("process_resident_memory_bytes {bytes}\n"));
        }
        text
    })
}
