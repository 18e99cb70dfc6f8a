//! What the session tells the log, each once a change and not once a try.

use crate::i18n::{english, error, log_remedy};
use crate::telemetry::{Code, Event};

use super::status::Unavailable;

/// Home Assistant answers.
pub(super) struct Connected<'a> {
    /// Its version.
    pub(super) version: &'a str,
}

impl Event for Connected<'_> {
    const NAME: &'static str = "home_assistant_connected";

    fn log(&self) {
        tracing::info!(version = self.version, "connected to Home Assistant");
    }
}

/// The connection is gone, or could not be made.
pub(super) struct Disconnected<'a> {
    /// Why.
    pub(super) unavailable: &'a Unavailable,
}

impl Event for Disconnected<'_> {
    const NAME: &'static str = "home_assistant_disconnected";

    fn kind(&self) -> &'static str {
        self.unavailable.code.as_str()
    }

    fn log(&self) {
        let Unavailable { code, details } = self.unavailable;
        let sentence = english(&error(*code));
        tracing::warn!(%code, details, "{sentence} {}", log_remedy(*code));
    }
}

/// Home Assistant does not accept the token.
pub(super) struct TokenRefused<'a> {
    /// Home Assistant's own words.
    pub(super) message: &'a str,
}

impl Event for TokenRefused<'_> {
    const NAME: &'static str = "home_assistant_token_refused";

    fn log(&self) {
        let code = Code::HomeAssistantToken;
        tracing::error!(
            %code,
            details = self.message,
            "Home Assistant does not accept the access token. {}",
            log_remedy(code)
        );
    }
}

/// Home Assistant answers but is not ready.
pub(super) struct Starting;

impl Event for Starting {
    const NAME: &'static str = "home_assistant_starting";

    fn log(&self) {
        tracing::info!("Home Assistant is still starting");
    }
}

/// Home Assistant is ready.
pub(super) struct Running;

impl Event for Running {
    const NAME: &'static str = "home_assistant_running";

    fn log(&self) {
        tracing::info!("Home Assistant is running");
    }
}
