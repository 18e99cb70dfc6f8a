//! Why an assessment got no answer from anybody.

use jiff::Timestamp;

use crate::model::Cap;
use crate::providers::{Fault, ProviderError};
use crate::telemetry::Code;

/// Why an assessment got no answer from anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The budget is used up, and nobody who is free could be asked.
    #[error("the budget is used up ({})", .0.as_str())]
    Cap(Cap),
    /// No provider is set up.
    #[error("no provider is set up")]
    Nobody,
    /// The last of those who were asked failed.
    #[error("{provider}: {error}")]
    Provider {
        /// Its name.
        provider: String,
        /// Why.
        error: ProviderError,
    },
}

impl RouteError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Cap(_) => Code::CapReached,
            Self::Nobody => Code::ProviderMissing,
            Self::Provider { error, .. } => error.code(),
        }
    }

    /// When the provider may be asked again, if that is known: a check sooner would be in vain.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Provider { error, .. } => match error.fault {
                Fault::CircuitOpen { until } | Fault::Limited { until } => Some(until),
                _ => None,
            },
            Self::Cap(_) | Self::Nobody => None,
        }
    }
}
