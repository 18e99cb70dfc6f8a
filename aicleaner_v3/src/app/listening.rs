//! The two listeners: health for whoever watches over the program, and the page. Ports are bound before anything else
//! starts, so that a taken port is told at once.

use std::net::SocketAddr;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::control::{Control, Queries};
use crate::telemetry::Telemetry;
use crate::web::{self, Guard, ListenError, Listener};

/// Both listeners, bound and not yet served.
pub(super) struct Bound {
    health: Listener,
    page: Listener,
}

/// What is served.
pub(super) struct Serving {
    pub(super) queries: Queries,
    /// None when there is nothing to command.
    pub(super) control: Option<Control>,
    pub(super) guard: Guard,
    pub(super) telemetry: Telemetry,
}

impl Bound {
    /// Takes both ports.
    pub(super) async fn new(health: SocketAddr, page: SocketAddr) -> Result<Self, ListenError> {
        Ok(Self {
            health: Listener::bind(health).await?,
            page: Listener::bind(page).await?,
        })
    }

    /// Serves until `stop`. Returns where health and the page are.
    pub(super) fn serve(
        self,
        serving: Serving,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> (SocketAddr, SocketAddr) {
        let Self { health, page } = self;
        let addresses = (health.address(), page.address());
        let rendered = web::rendered(serving.telemetry);
        let health_routes = web::health_routes(serving.queries.clone(), rendered);
        let page_routes = web::page_routes(serving.queries, serving.control, serving.guard);
        tracker.spawn(health.serve(health_routes, stop.clone()));
        tracker.spawn(page.serve(page_routes, stop.clone()));
        addresses
    }
}
