//! Why a service call failed, with what REST and the websocket need to answer as Home Assistant does.

use serde_json::{Value, json};

/// Where Home Assistant's frontend finds the words of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) domain: String,
    pub(super) key: String,
    pub(super) placeholders: Value,
}

/// Why a service call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ServiceError {
    NotFound {
        domain: String,
        service: String,
    },
    Invalid(String),
    Validation {
        message: String,
        translation: Translation,
    },
    HomeAssistant {
        message: String,
        translation: Option<Translation>,
    },
    /// An exception that Home Assistant did not expect; REST hides its message.
    Unexpected(String),
}

impl Translation {
    pub(super) fn new(domain: &str, key: &str, placeholders: Value) -> Self {
        Self {
            domain: domain.to_owned(),
            key: key.to_owned(),
            placeholders,
        }
    }

    fn added_to(&self, mut error: Value) -> Value {
        error["translation_key"] = self.key.clone().into();
        error["translation_domain"] = self.domain.clone().into();
        error["translation_placeholders"] = self.placeholders.clone();
        error
    }
}

impl ServiceError {
    pub(super) fn invalid(message: &str) -> Self {
        Self::Invalid(message.to_owned())
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::Invalid(format!("required key not provided @ data['{field}']"))
    }

    pub(super) fn validation(domain: &str, key: &str, message: &str, placeholders: Value) -> Self {
        Self::Validation {
            message: message.to_owned(),
            translation: Translation::new(domain, key, placeholders),
        }
    }

    /// An error that Home Assistant expects and does not translate.
    pub(super) fn expected(message: impl Into<String>) -> Self {
        Self::HomeAssistant {
            message: message.into(),
            translation: None,
        }
    }

    /// The `error` of a websocket result (`websocket_api/commands.py`).
    pub(super) fn to_websocket(&self) -> Value {
        match self {
            Self::NotFound { domain, service } => {
                let placeholders = json!({"domain": domain, "service": service});
                let message = format!("Service {domain}.{service} not found.");
                Translation::new("homeassistant", "service_not_found", placeholders)
                    .added_to(json!({"code": "not_found", "message": message}))
            }
            Self::Invalid(message) => json!({"code": "invalid_format", "message": message}),
            Self::Validation {
                message,
                translation,
            } => translation.added_to(json!({
                "code": "service_validation_error",
                "message": format!("Validation error: {message}"),
            })),
            Self::HomeAssistant {
                message,
                translation,
            } => {
                let error = json!({"code": "home_assistant_error", "message": message});
                match translation {
                    Some(translation) => translation.added_to(error),
                    None => error,
                }
            }
            Self::Unexpected(message) => json!({"code": "unknown_error", "message": message}),
        }
    }
}
