//! What happens between us and the broker, as events.

use crate::i18n::log_remedy;
use crate::telemetry::{Code, Event};

/// The broker let us in.
#[derive(Debug)]
pub struct BrokerConnected {
    /// Host and port.
    pub broker: String,
}

impl Event for BrokerConnected {
    const NAME: &'static str = "mqtt_connected";

    fn log(&self) {
        tracing::info!(broker = self.broker, "connected to the MQTT broker");
    }
}

/// There is no connection. Emitted once for each cause, not at each try.
#[derive(Debug)]
pub struct BrokerLost {
    /// What kind of fault it is.
    pub code: Code,
    /// In English, for the person who runs the program for people.
    pub details: String,
}

impl Event for BrokerLost {
    const NAME: &'static str = "mqtt_disconnected";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(code = %self.code, remedy = log_remedy(self.code), "{}", self.details);
    }
}

/// A message to us found no place in the queue.
#[derive(Debug)]
pub struct IncomingDropped {
    /// Its topic.
    pub topic: String,
}

impl Event for IncomingDropped {
    const NAME: &'static str = "mqtt_incoming_dropped";

    fn log(&self) {
        tracing::warn!(
            topic = self.topic,
            "too many MQTT messages at once: one was dropped"
        );
    }
}

/// A message that happens once could not be sent.
#[derive(Debug)]
pub struct EventDropped {
    /// Its topic.
    pub topic: String,
    /// `disconnected` or `full`.
    pub reason: &'static str,
}

impl Event for EventDropped {
    const NAME: &'static str = "mqtt_event_dropped";

    fn kind(&self) -> &'static str {
        self.reason
    }

    fn log(&self) {
        tracing::debug!(
            topic = self.topic,
            reason = self.reason,
            "an MQTT event was dropped"
        );
    }
}

/// Somebody left a retained message on a topic of commands. It is old news, so it is not obeyed.
#[derive(Debug)]
pub struct RetainedIgnored {
    /// Its topic.
    pub topic: String,
}

impl Event for RetainedIgnored {
    const NAME: &'static str = "mqtt_retained_ignored";

    fn log(&self) {
        tracing::warn!(
            topic = self.topic,
            "a retained MQTT command was ignored: send commands without the retain flag"
        );
    }
}

/// A retained message of ours that stands for nothing any more is taken off the broker.
#[derive(Debug)]
pub struct StaleRemoved {
    /// Its topic.
    pub topic: String,
}

impl Event for StaleRemoved {
    const NAME: &'static str = "mqtt_stale_removed";

    fn log(&self) {
        tracing::info!(
            topic = self.topic,
            "an outdated MQTT message of ours was removed"
        );
    }
}

/// The broker does not let us listen to a topic.
#[derive(Debug)]
pub struct SubscriptionRefused;

impl Event for SubscriptionRefused {
    const NAME: &'static str = "mqtt_subscription_refused";

    fn log(&self) {
        tracing::warn!(
            code = %Code::MqttRefused,
            "the MQTT broker does not let us listen to all our topics: check its access rules for our user"
        );
    }
}

/// The broker does not hold what we said, so it is said once more.
#[derive(Debug)]
pub struct SaidAgain {
    /// `no_echo` or `contradicted`.
    pub why: &'static str,
}

impl Event for SaidAgain {
    const NAME: &'static str = "mqtt_said_again";

    fn kind(&self) -> &'static str {
        self.why
    }

    fn log(&self) {
        tracing::info!(
            why = self.why,
            "the MQTT broker does not hold what it confirmed: everything is sent once more"
        );
    }
}
