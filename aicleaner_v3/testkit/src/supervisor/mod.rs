//! Supervisor as an app sees it: `/core` proxied to the simulated home, `/services/mqtt`, and what it
//! says about the app itself. Paths, shapes and rights follow Supervisor's `api/` at 2026.08.

mod api;
mod proxy;
mod relay;
mod state;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use serde_json::{Value, json};

use crate::KitError;
use crate::home::Home;
use crate::server::Server;
use state::{Inner, State};

pub use state::MqttService;

/// The largest body that passes the proxy (16 MiB).
const MAX_BODY: usize = 16 * 1024 * 1024;

/// A simulated Supervisor in front of a simulated home. It stops when dropped.
pub struct Supervisor {
    inner: Arc<Inner>,
    server: Server,
}

impl std::fmt::Debug for Supervisor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let addr = self.addr();
        formatter
            .debug_struct("Supervisor")
            .field("addr", &addr)
            .finish_non_exhaustive()
    }
}

impl Supervisor {
    /// Starts in front of `home`, with the token the app gets as `SUPERVISOR_TOKEN`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(home: &Home, token: &str, mqtt: MqttService) -> Result<Self, KitError> {
        let inner = Arc::new(Inner {
            home: Arc::clone(&home.inner),
            home_addr: home.addr(),
            client: crate::http::client()?,
            token: token.to_owned(),
            state: Mutex::new(State {
                mqtt,
                options: json!({}),
                waits_for_running: true,
                restarts: 0,
            }),
        });
        let server = Server::open(router(Arc::clone(&inner))).await?;
        Ok(Self { inner, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// `http://127.0.0.1:PORT`, in the place of `http://supervisor`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// `ws://127.0.0.1:PORT/core/websocket`.
    #[must_use]
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/core/websocket", self.addr())
    }

    /// What `/services/mqtt` says from now on.
    pub fn set_mqtt(&self, mqtt: MqttService) {
        self.inner.state().mqtt = mqtt;
    }

    /// The app's options.
    #[must_use]
    pub fn options(&self) -> Value {
        self.inner.state().options.clone()
    }

    /// Sets the app's options.
    pub fn set_options(&self, options: Value) {
        self.inner.state().options = options;
    }

    /// Whether `/core` answers 502 until the home is RUNNING (the default), or passes at once.
    pub fn wait_for_running(&self, waits: bool) {
        self.inner.state().waits_for_running = waits;
    }

    /// How often the app asked to be restarted.
    #[must_use]
    pub fn restart_count(&self) -> u64 {
        self.inner.state().restarts
    }
}

fn router(inner: Arc<Inner>) -> Router {
    let own = Router::new()
        .route("/services/mqtt", get(api::mqtt))
        .route("/addons/self/info", get(api::app_info))
        .route("/addons/self/options", post(api::set_options))
        .route("/addons/self/options/config", get(api::options))
        .route("/addons/self/restart", post(api::restart))
        .route("/info", get(api::info))
        .route("/core/info", get(api::core_info))
        .fallback(api::forbidden)
        .route_layer(axum::middleware::from_fn_with_state(
            Arc::clone(&inner),
            api::login,
        ));
    Router::new()
        .route("/core/api/{*path}", any(proxy::api))
        .route("/core/api/", any(proxy::root))
        .route("/core/websocket", get(relay::upgrade))
        .merge(own)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(inner)
}
