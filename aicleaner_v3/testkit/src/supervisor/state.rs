//! What the handlers of the simulated Supervisor share, and what it says about MQTT.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::home::{self, CoreState};

/// What `/services/mqtt` says.
#[derive(Clone, Debug)]
pub enum MqttService {
    /// There is a broker app; these are its settings.
    Broker {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
        /// User name.
        username: String,
        /// Password.
        password: String,
    },
    /// No broker app is installed: error 400 "Service not enabled".
    NotEnabled,
    /// The app did not declare that it wants MQTT: 403.
    Forbidden,
}

impl MqttService {
    /// A broker on a port of 127.0.0.1, with the user of the Mosquitto app.
    #[must_use]
    pub fn on_port(port: u16) -> Self {
        Self::Broker {
            host: "127.0.0.1".to_owned(),
            port,
            username: "addons".to_owned(),
            password: "simulated".to_owned(),
        }
    }
}

pub(super) struct Inner {
    pub(super) home: Arc<home::Inner>,
    pub(super) home_addr: SocketAddr,
    pub(super) client: reqwest::Client,
    pub(super) token: String,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) mqtt: MqttService,
    pub(super) options: Value,
    pub(super) waits_for_running: bool,
    pub(super) restarts: u64,
}

impl Inner {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn core_is_ready(&self) -> bool {
        let running = self.home.world().core == CoreState::Running;
        running || !self.state().waits_for_running
    }
}
