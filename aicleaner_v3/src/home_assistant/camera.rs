//! Snapshots: one picture from a camera by `GET /api/camera_proxy/…`
//! (`homeassistant/components/camera/__init__.py`, `CameraView`). The bytes are bounded but not yet trusted:
//! whether they are a picture is for the decoder to say.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use crate::model::EntityId;

use super::error::HomeError;
use super::handle::HomeAssistant;
use super::rest::{BodyError, bounded_body};
use super::text::{chain, plain};

/// One picture from one camera.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The bytes, as they came.
    pub bytes: Bytes,
    /// What Home Assistant says they are, such as `image/jpeg`.
    pub content_type: String,
    /// When the answer came.
    pub taken_at: Timestamp,
}

/// Pictures are private, and long.
impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Snapshot({}, {} bytes)",
            self.content_type,
            self.bytes.len()
        )
    }
}

impl HomeAssistant {
    /// Takes a snapshot. With a `width` in pixels Home Assistant makes a JPEG smaller where it can; it stays at
    /// least that wide. `limit_bytes` and `within` bound the answer.
    ///
    /// # Errors
    /// When Home Assistant or the camera is away, or what comes is no picture within the limits.
    pub async fn snapshot(
        &self,
        camera: &EntityId,
        width: Option<u32>,
        limit_bytes: usize,
        within: Duration,
    ) -> Result<Snapshot, HomeError> {
        match timeout(within, self.picture(camera, width, limit_bytes)).await {
            Ok(snapshot) => snapshot,
            Err(_) => Err(HomeError::CameraTimeout {
                camera: camera.clone(),
                after: within,
            }),
        }
    }

    async fn picture(
        &self,
        camera: &EntityId,
        width: Option<u32>,
        limit_bytes: usize,
    ) -> Result<Snapshot, HomeError> {
        let unreachable = |details: String| HomeError::Unreachable { details };
        let mut url = self
            .connection
            .rest_url(&format!("camera_proxy/{camera}"))
            .map_err(|e| unreachable(e.to_string()))?;
        if let Some(width) = width {
            // Home Assistant makes it smaller only when both are given, and keeps both sides at least as large.
            let height = (width / 16).saturating_mul(9).max(1);
            url.query_pairs_mut()
                .append_pair("width", &width.to_string())
                .append_pair("height", &height.to_string());
        }
        let response = self
            .connection
            .http()
            .get(url)
            .send()
            .await
            .map_err(|e| unreachable(chain(&e.without_url())))?;
        self.check_status(camera, response.status())?;
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let not_a_picture = |found: String| HomeError::NotAPicture {
            camera: camera.clone(),
            found,
        };
        if !content_type.to_ascii_lowercase().starts_with("image/") {
            return Err(not_a_picture(plain(&content_type, 80)));
        }
        let bytes = bounded_body(response, limit_bytes)
            .await
            .map_err(|e| match e {
                BodyError::TooLarge => HomeError::PictureTooLarge {
                    camera: camera.clone(),
                    limit: limit_bytes,
                },
                BodyError::Broken(details) => HomeError::CameraUnavailable {
                    camera: camera.clone(),
                    details,
                },
            })?;
        // Home Assistant passes a camera's login page on as what it takes the camera for.
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => return Err(not_a_picture("nothing".to_owned())),
            Some(b'<') => return Err(not_a_picture("a page of text".to_owned())),
            Some(_) => {}
        }
        Ok(Snapshot {
            bytes,
            content_type,
            taken_at: self.clock.now(),
        })
    }

    fn check_status(&self, camera: &EntityId, status: StatusCode) -> Result<(), HomeError> {
        let camera = camera.clone();
        let details = format!("HTTP {}", status.as_u16());
        Err(match status {
            StatusCode::OK => return Ok(()),
            StatusCode::NOT_FOUND if self.is_running() => HomeError::CameraMissing { camera },
            StatusCode::NOT_FOUND => self.absence_of_answer(),
            // The camera is off; or Home Assistant could not get a picture from it.
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => {
                HomeError::CameraUnavailable { camera, details }
            }
            StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => HomeError::Starting,
            StatusCode::UNAUTHORIZED => HomeError::TokenRefused,
            _ => HomeError::Unexpected {
                what: format!("picture of {camera}"),
                details,
            },
        })
    }

    fn absence_of_answer(&self) -> HomeError {
        match self.absence() {
            HomeError::NotConnected => HomeError::Starting,
            other => other,
        }
    }
}
