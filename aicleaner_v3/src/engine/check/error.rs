//! Why a check failed. A failed check changes no task and no score.

use jiff::Timestamp;

use crate::home_assistant::HomeError;
use crate::image_thread::Interrupted;
use crate::model::EntityId;
use crate::router::RouteError;
use crate::telemetry::Code;
use crate::vision::PictureError;

/// Why a check failed.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Home Assistant gave no picture.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// A camera's picture can't be used.
    #[error("{camera} gave no usable picture: {reason}")]
    Picture {
        /// Which camera.
        camera: EntityId,
        /// Why.
        reason: PictureError,
    },
    /// No provider judged.
    #[error(transparent)]
    Provider(#[from] RouteError),
    /// The program is stopping, or the check ended unexpectedly.
    #[error("the check was interrupted")]
    Interrupted,
}

impl From<Interrupted> for CheckError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

impl CheckError {
    /// The picture of this camera can't be used.
    pub fn unusable(camera: &EntityId, reason: PictureError) -> Self {
        Self::Picture {
            camera: camera.clone(),
            reason,
        }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Home(e) => e.code(),
            Self::Picture {
                reason: PictureError::TooManyBytes { .. } | PictureError::TooLarge { .. },
                ..
            } => Code::CameraTooLarge,
            Self::Picture { .. } => Code::CameraPicture,
            Self::Provider(e) => e.code(),
            Self::Interrupted => Code::ProviderFailed,
        }
    }

    /// When a check may succeed again, if that is known.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Provider(e) => e.retry_at(),
            _ => None,
        }
    }
}
