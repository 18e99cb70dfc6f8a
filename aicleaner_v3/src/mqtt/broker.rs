//! Where the broker is, and how to get in. Never reads settings or asks Supervisor itself: a source that is
//! handed in does.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::telemetry::Code;

/// An MQTT broker and the way in.
#[derive(Clone)]
pub struct Broker {
    /// Host name or IP address.
    pub host: String,
    /// Usually 1883, or 8883 with TLS.
    pub port: u16,
    /// None for a broker that lets everybody in.
    pub username: Option<String>,
    /// The password of `username`.
    pub password: Option<SecretString>,
    /// How to check the broker's certificate; none means no encryption.
    pub tls: Option<Arc<rustls::ClientConfig>>,
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broker")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("username", &self.username)
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

/// No broker can be named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{details}")]
pub struct BrokerUnknown {
    /// [`Code::MqttMissing`], or what else keeps us from knowing it.
    pub code: Code,
    /// In English, for the person who runs the program for people.
    pub details: String,
}

/// Says where the broker is. Asked before every connection, because Supervisor hands out new passwords.
pub trait BrokerSource: Send + Sync + 'static {
    /// The broker as it is known now. Given up after 20 seconds.
    ///
    /// # Errors
    /// When no broker is known; it is asked again later, for ever.
    fn broker(&self) -> BoxFuture<'_, Result<Broker, BrokerUnknown>>;
}
