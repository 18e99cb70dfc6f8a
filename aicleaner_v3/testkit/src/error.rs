//! What can go wrong while the simulated home is set up.
//! Faults that a simulation shows to its client are not errors of ours and never end up here.

use std::time::Duration;

/// A fault of the test kit itself.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// A port could not be opened or served.
    #[error("the simulated server could not use its port: {0}")]
    Io(#[from] std::io::Error),
    /// The client that proxies requests could not be built or failed.
    #[error("the simulated proxy could not make its request: {0}")]
    Http(#[from] reqwest::Error),
    /// TLS settings for that client are unusable.
    #[error("the simulated proxy has no usable TLS settings: {0}")]
    Tls(#[from] rustls::Error),
    /// A picture could not be encoded.
    #[error("the picture could not be encoded as JPEG: {0}")]
    Encode(#[from] jpeg_encoder::EncodingError),
    /// A name that the simulated home does not have.
    #[error("the simulated home has no {what} named {name}")]
    Unknown {
        /// What kind of thing was looked for.
        what: &'static str,
        /// The name looked for.
        name: String,
    },
    /// No free port was found.
    #[error(transparent)]
    Port(#[from] crate::real::Error),
    /// The embedded broker did not start.
    #[error("the embedded MQTT broker did not start: {0}")]
    Broker(String),
    /// A condition did not come true in time.
    #[error("waited {} ms in vain for: {what}", limit.as_millis())]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        limit: Duration,
    },
}
