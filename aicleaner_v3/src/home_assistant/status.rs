//! How we stand with Home Assistant, and what it says of itself.

use serde::Deserialize;

use crate::telemetry::Code;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// The stable code.
    pub code: Code,
    /// What the network or Home Assistant said, in English.
    pub details: String,
}

/// How we stand with Home Assistant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HomeStatus {
    /// No connection yet, or no more.
    Connecting {
        /// Why the last try failed; none before the first.
        why: Option<Unavailable>,
    },
    /// Home Assistant does not accept the token.
    TokenRefused,
    /// It answers but is not ready: nothing in it counts as missing.
    Starting,
    /// Ready.
    Running,
}

impl HomeStatus {
    /// Whether Home Assistant is ready.
    pub fn is_running(&self) -> bool {
        *self == Self::Running
    }

    /// The code of what is missing; none when it is running or only connecting.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Connecting { why } => why.as_ref().map(|unavailable| unavailable.code),
            Self::TokenRefused => Some(Code::HomeAssistantToken),
            Self::Starting => Some(Code::HomeAssistantStarting),
            Self::Running => None,
        }
    }
}

/// What Home Assistant says of itself (websocket `get_config`; `homeassistant/core_config.py`, `as_dict`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HomeInfo {
    /// The home's name.
    #[serde(default)]
    pub location_name: String,
    /// The home's time zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The home's language, such as `de`.
    #[serde(default)]
    pub language: String,
    /// Home Assistant's version, such as `2026.11.0`.
    pub version: String,
}
