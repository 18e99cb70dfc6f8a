//! Why a provider gave no answer.

use std::time::Duration;

use crate::telemetry::Code;

/// Why a provider gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// There is nothing to ask.
    #[error("there is no AI to ask: {0}")]
    Missing(String),
    /// Home Assistant is not there, or the call failed.
    #[error("the AI could not be asked: {0}")]
    Failed(String),
    /// Our pictures can't be handed over.
    #[error("the picture could not be handed to Home Assistant's AI Task: {0}")]
    Upload(String),
    /// No answer in time.
    #[error("the AI did not answer within {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// An answer that is no verdict.
    #[error("the AI's answer can't be used: {0}")]
    Answer(String),
}

impl ProviderError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Missing(_) => Code::ProviderMissing,
            Self::Failed(_) => Code::ProviderFailed,
            Self::Upload(_) => Code::ImageUpload,
            Self::Timeout(_) => Code::ProviderTimeout,
            Self::Answer(_) => Code::ProviderAnswer,
        }
    }
}
