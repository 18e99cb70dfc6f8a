//! Why there is no dashboard.

use crate::home_assistant::{HomeError, Refusal};
use crate::telemetry::Code;

/// Why there is no dashboard.
#[derive(Debug, thiserror::Error)]
pub enum DashboardError {
    /// The token's user is no administrator.
    #[error(
        "Home Assistant does not let AICleaner make a dashboard: that needs a token of an administrator"
    )]
    NoAdmin,
    /// Somebody else made one of that name.
    #[error(
        "there is a dashboard at /{0} that AICleaner did not make, so it is left alone: remove or rename it first"
    )]
    NotOurs(String),
    /// Another request is being done.
    #[error("the dashboard is being made already")]
    Busy,
    /// Home Assistant is away or refuses.
    #[error(transparent)]
    Home(#[from] HomeError),
}

impl DashboardError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Home(error) => error.code(),
            Self::NoAdmin => Code::DashboardNotAllowed,
            Self::NotOurs(_) | Self::Busy => Code::HomeAssistantAnswer,
        }
    }
}

/// What a refusal means for us.
pub fn sorted(error: HomeError) -> DashboardError {
    match error {
        HomeError::Refused {
            refusal: Refusal::NotAllowed,
            ..
        } => DashboardError::NoAdmin,
        error => DashboardError::Home(error),
    }
}
