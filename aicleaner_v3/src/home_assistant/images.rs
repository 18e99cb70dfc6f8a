//! Uploaded pictures: how our own frames reach AI Task (`homeassistant/components/image_upload/__init__.py`).
//! Whoever knows an uploaded picture's id can see it without a login, so each is deleted as soon as it was used.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use uuid::{NoContext, Uuid};

use crate::model::InstanceName;

use super::error::{HomeError, Refusal};
use super::handle::HomeAssistant;
use super::rest::{BodyError, bounded_body};
use super::text::{LONGEST_MESSAGE, chain, plain};

/// Home Assistant takes 10 MiB, the form around the picture included.
const LARGEST_PICTURE: usize = (10 << 20) - 4096;
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60);
const LARGEST_ANSWER: usize = 64 << 10;
const WHAT: &str = "image upload";

/// The id of an uploaded picture. A secret of a kind: it opens the picture to whoever knows it.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub struct ImageId(String);

impl ImageId {
    /// The media source by which AI Task finds the picture.
    pub fn media_source(&self) -> String {
        format!("media-source://image_upload/{}", self.0)
    }
}

impl fmt::Debug for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImageId")
    }
}

/// A picture of ours that Home Assistant keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedImage {
    /// Its id.
    pub id: ImageId,
    /// When it was uploaded, if Home Assistant says so.
    pub uploaded_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WireImage {
    id: ImageId,
    #[serde(default)]
    name: String,
    #[serde(default)]
    uploaded_at: String,
}

/// The beginning of the file names of one instance's pictures. An instance's name has no `-`, so none is the
/// beginning of another.
fn prefix(owner: &InstanceName) -> String {
    format!("aicleaner-{owner}-")
}

impl HomeAssistant {
    /// Uploads a JPEG of at most 10 MB. `owner` marks it as ours, for [`Self::uploaded_images`].
    ///
    /// # Errors
    /// When Home Assistant is away, or takes no pictures (the integration `image_upload` is not loaded).
    pub async fn upload_image(
        &self,
        owner: &InstanceName,
        jpeg: Bytes,
    ) -> Result<ImageId, HomeError> {
        if jpeg.len() > LARGEST_PICTURE {
            return Err(HomeError::RequestTooLarge {
                what: WHAT.to_owned(),
                limit: LARGEST_PICTURE,
            });
        }
        match timeout(UPLOAD_TIMEOUT, self.upload(owner, jpeg)).await {
            Ok(image) => image,
            Err(_) => Err(HomeError::TimedOut {
                what: WHAT.to_owned(),
                after: UPLOAD_TIMEOUT,
            }),
        }
    }

    async fn upload(&self, owner: &InstanceName, jpeg: Bytes) -> Result<ImageId, HomeError> {
        let now = self.clock.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let uuid = Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos));
        let unreachable = |e: reqwest::Error| HomeError::Unreachable {
            details: chain(&e.without_url()),
        };
        let length = u64::try_from(jpeg.len()).unwrap_or(u64::MAX);
        let part = Part::stream_with_length(jpeg, length)
            .file_name(format!("{}{uuid}.jpg", prefix(owner)))
            .mime_str("image/jpeg")
            .map_err(unreachable)?;
        let url = self
            .connection
            .rest_url("image/upload")
            .map_err(|e| HomeError::Unreachable {
                details: e.to_string(),
            })?;
        let response = self
            .connection
            .http()
            .post(url)
            .multipart(Form::new().part("file", part))
            .send()
            .await
            .map_err(unreachable)?;
        let status = response.status();
        let body = bounded_body(response, LARGEST_ANSWER)
            .await
            .map_err(|e| match e {
                BodyError::TooLarge => HomeError::AnswerTooLarge {
                    what: WHAT.to_owned(),
                    limit: LARGEST_ANSWER,
                },
                BodyError::Broken(details) => HomeError::Unreachable { details },
            })?;
        match status {
            StatusCode::OK => {
                let image: WireImage =
                    serde_json::from_slice(&body).map_err(|e| HomeError::unreadable(WHAT, &e))?;
                Ok(image.id)
            }
            StatusCode::UNAUTHORIZED => Err(HomeError::TokenRefused),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => Err(HomeError::Starting),
            StatusCode::NOT_FOUND if !self.is_running() => Err(HomeError::Starting),
            // 404: not loaded. 500: Supervisor before 2026.08 drops the form's boundary (supervisor issue 7049).
            _ => Err(HomeError::UploadRefused {
                details: plain(
                    &format!(
                        "HTTP {} {}",
                        status.as_u16(),
                        String::from_utf8_lossy(&body)
                    ),
                    LONGEST_MESSAGE,
                ),
            }),
        }
    }

    /// Deletes an uploaded picture. One that is gone already is no error. The token's user must be an administrator.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn delete_image(&self, image: &ImageId) -> Result<(), HomeError> {
        let command = json!({"type": "image/delete", "image_id": image.0});
        match self.command(command).await {
            Ok(_)
            | Err(HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
            }) => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// The pictures that `owner` uploaded and that are still there. None when `image_upload` is not loaded.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn uploaded_images(
        &self,
        owner: &InstanceName,
    ) -> Result<Vec<UploadedImage>, HomeError> {
        let answer = match self.command(json!({"type": "image/list"})).await {
            Ok(answer) => answer,
            Err(HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
            }) => return Ok(Vec::new()),
            Err(e) => return Err(e),
        };
        let images: Vec<WireImage> =
            serde_json::from_value(answer).map_err(|e| HomeError::unreadable("image/list", &e))?;
        Ok(ours(images, owner))
    }
}

fn ours(images: Vec<WireImage>, owner: &InstanceName) -> Vec<UploadedImage> {
    let prefix = prefix(owner);
    images
        .into_iter()
        .filter(|image| image.name.starts_with(&prefix))
        .map(|image| UploadedImage {
            id: image.id,
            uploaded_at: image.uploaded_at.parse().ok(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_instances_own_pictures_are_its_own() {
        let images: Vec<WireImage> = serde_json::from_str(
            r#"[
                {"id":"a","filesize":10,"content_type":"image/jpeg","name":"aicleaner-home-0190.jpg","uploaded_at":"2026-11-20T06:30:00.123456+00:00"},
                {"id":"b","filesize":10,"content_type":"image/jpeg","name":"aicleaner-home_2-0190.jpg","uploaded_at":"2026-11-20T06:30:00+00:00"},
                {"id":"c","filesize":10,"content_type":"image/png","name":"grandma.png","uploaded_at":"2026-11-20T06:30:00+00:00"}
            ]"#,
        )
        .unwrap();

        let ours = ours(images, &InstanceName::parse("home").unwrap());

        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].id.media_source(), "media-source://image_upload/a");
        assert!(ours[0].uploaded_at.is_some());
    }
}
