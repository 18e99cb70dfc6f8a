//! What the program connects to and where it listens, checked. Connects to nothing.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::model::DiscoveryPrefix;

/// A Home Assistant that is reached by URL.
#[derive(Debug, Clone)]
pub struct HomeAssistantAccess {
    /// `http://` or `https://`, without a path.
    pub url: String,
    /// A long-lived access token.
    pub token: SecretString,
    /// PEM file of the home's own certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// The broker and what is published there.
#[derive(Debug, Clone)]
pub struct MqttSettings {
    /// A broker of the user's own; as an app, Supervisor's is used when there is none.
    pub broker: Option<BrokerSettings>,
    /// Home Assistant's discovery prefix.
    pub discovery_prefix: DiscoveryPrefix,
    /// Whether frames are published: every client of the broker can see them.
    pub publish_pictures: bool,
}

/// A broker of the user's own.
#[derive(Debug, Clone)]
pub struct BrokerSettings {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User name, if the broker wants one.
    pub username: Option<String>,
    /// Password, if the broker wants one.
    pub password: Option<SecretString>,
    /// Whether to speak TLS.
    pub tls: bool,
    /// PEM file of the broker's own certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The address to listen on.
    pub listen: std::net::SocketAddr,
    /// Needed to listen wider than loopback when standalone.
    pub password: Option<SecretString>,
}
