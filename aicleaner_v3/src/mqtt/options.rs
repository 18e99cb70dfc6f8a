//! What a session needs to know apart from the broker: who we are and what we listen to.

use crate::model::{DiscoveryPrefix, InstanceName};

/// What a session needs to know.
#[derive(Debug, Clone)]
pub struct MqttOptions {
    /// Names our topics and our client id.
    pub instance: InstanceName,
    /// Where Home Assistant says that it has started (`<prefix>/status`).
    pub discovery_prefix: DiscoveryPrefix,
    /// The topic filters whose messages are delivered as [`Incoming`](super::Incoming).
    pub subscriptions: Vec<String>,
}

impl MqttOptions {
    /// The topic that says whether we are there: `online` or `offline`, retained.
    pub fn availability_topic(&self) -> String {
        format!("{}/availability", self.instance)
    }

    /// The topic on which Home Assistant says `online` when it has started (Core's
    /// `components/mqtt/const.py`: `DEFAULT_BIRTH`, not retained).
    pub(super) fn birth_topic(&self) -> String {
        format!("{}/status", self.discovery_prefix)
    }

    /// The same at every start, so that the broker ends a forgotten session of ours when a new one begins. No `/`: the
    /// Mosquitto app 7.0.0 refused ids that had one (home-assistant/addons#4564).
    pub(super) fn client_id(&self) -> String {
        format!("{}-app", self.instance)
    }
}
