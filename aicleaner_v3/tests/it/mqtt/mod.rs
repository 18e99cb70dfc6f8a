//! The MQTT session and the entities on a real mosquitto.

mod app;
mod commands;
pub mod observer;
mod staying_available;
mod what_is_shown;

use std::time::Duration;

/// Waits for `future`, but not for ever.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .unwrap_or_else(|_| panic!("{what} did not happen in time"))
}
