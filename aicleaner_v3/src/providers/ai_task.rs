//! Home Assistant's AI Task: the home's own AI, so that no key is needed. It gets our frames, not fresh
//! pictures of Core's: each is uploaded, attached, and deleted as soon as the answer is there, because
//! whoever knows an uploaded picture's id can see it without a login.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use super::parse::verdict;
use super::prompt::instructions;
use super::schema::selectors;
use super::{Answer, Provider, ProviderError, Request};
use crate::home_assistant::{Attachment, GenerateData, HomeAssistant, HomeError, ImageId};
use crate::model::{EntityId, InstanceName};
use crate::telemetry::{Event, Telemetry};
use crate::vision::{encode_jpeg, fit};

/// The longest side of a picture for the model, in pixels.
const LONGEST_SIDE: u32 = 1024;
const QUALITY: u8 = 82;
/// So many uploads that could not be deleted are tried again; the next start finds those beyond.
const MOST_LEFT: usize = 64;

/// What the provider is made of.
pub struct AiTaskOptions {
    /// Marks our uploads.
    pub instance: InstanceName,
    /// Which entity; none takes the home's preferred one, or the first that takes pictures.
    pub entity: Option<EntityId>,
    /// Whether Home Assistant may take its own picture when ours can't be uploaded.
    pub own_camera_source: bool,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Home Assistant's AI Task.
pub struct AiTask {
    home: HomeAssistant,
    telemetry: Telemetry,
    options: AiTaskOptions,
    swept: OnceCell<()>,
    left: Left,
}

impl AiTask {
    /// A provider that asks through `home`.
    pub fn new(home: HomeAssistant, telemetry: Telemetry, options: AiTaskOptions) -> Self {
        Self {
            home,
            telemetry,
            options,
            swept: OnceCell::new(),
            left: Left::default(),
        }
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ProviderError> {
        self.swept.get_or_try_init(|| self.sweep()).await?;
        drop(self.uploads(self.left.take()));
        let entity = self.entity().await?;
        let pictures = encode(request).await?;
        let mut uploads = self.uploads(Vec::new());
        let attachments = self.attach(request, pictures, &mut uploads).await?;
        let question = GenerateData {
            task_name: format!("AICleaner: {}", request.zone_name),
            entity: Some(entity.clone()),
            instructions: instructions(request),
            structure: selectors().as_object().cloned(),
            attachments,
            timeout: self.options.timeout,
        };
        let generated = self
            .home
            .generate_data(question)
            .await
            .map_err(|e| asked(&e))?;
        let verdict = verdict(&generated.data, &request.tasks)?;
        Ok(Answer {
            verdict,
            model: entity.to_string(),
        })
    }

    /// Deletes what an earlier run could not: once, before the first upload.
    async fn sweep(&self) -> Result<(), ProviderError> {
        let images = self
            .home
            .uploaded_images(&self.options.instance)
            .await
            .map_err(|e| asked(&e))?;
        drop(self.uploads(images.into_iter().map(|image| image.id).collect()));
        Ok(())
    }

    /// `images`, to be deleted when this is dropped.
    fn uploads(&self, images: Vec<ImageId>) -> Uploads {
        Uploads {
            home: self.home.clone(),
            telemetry: self.telemetry.clone(),
            left: self.left.clone(),
            images,
        }
    }

    async fn entity(&self) -> Result<EntityId, ProviderError> {
        if let Some(entity) = &self.options.entity {
            return Ok(entity.clone());
        }
        if let Some(entity) = self.home.preferred_ai_task().await.map_err(|e| asked(&e))? {
            return Ok(entity);
        }
        let entities = self.home.ai_tasks().await.map_err(|e| asked(&e))?;
        let found = entities.iter().find(|entity| entity.takes_pictures());
        found.map(|found| found.entity.clone()).ok_or_else(|| {
            ProviderError::Missing(match entities.len() {
                0 => "Home Assistant has no AI Task entity".to_owned(),
                _ => "none of Home Assistant's AI Task entities takes pictures".to_owned(),
            })
        })
    }

    async fn attach(
        &self,
        request: &Request,
        pictures: Vec<Bytes>,
        uploads: &mut Uploads,
    ) -> Result<Vec<Attachment>, ProviderError> {
        for picture in pictures {
            match self
                .home
                .upload_image(&self.options.instance, picture)
                .await
            {
                Ok(image) => uploads.images.push(image),
                Err(HomeError::UploadRefused { .. }) if self.options.own_camera_source => {
                    return Ok(request
                        .pictures
                        .iter()
                        .map(|frame| Attachment::camera(&frame.camera))
                        .collect());
                }
                Err(error @ HomeError::UploadRefused { .. }) => {
                    return Err(ProviderError::Upload(error.to_string()));
                }
                Err(error) => return Err(asked(&error)),
            }
        }
        Ok(uploads
            .images
            .iter()
            .map(Attachment::uploaded_jpeg)
            .collect())
    }
}

impl Provider for AiTask {
    fn kind(&self) -> &'static str {
        "ai_task"
    }

    fn timeout(&self) -> Duration {
        self.options.timeout
    }

    fn assess<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, ProviderError>> {
        Box::pin(self.ask(request))
    }
}

fn asked(error: &HomeError) -> ProviderError {
    match error {
        HomeError::TimedOut { after, .. } => ProviderError::Timeout(*after),
        HomeError::AnswerTooLarge { .. } => ProviderError::Answer(error.to_string()),
        _ => ProviderError::Failed(error.to_string()),
    }
}

/// Encodes on a thread of its own: it takes milliseconds of CPU time.
async fn encode(request: &Request) -> Result<Vec<Bytes>, ProviderError> {
    let frames = request.pictures.clone();
    let work = move || {
        frames
            .iter()
            .map(|frame| encode_jpeg(&fit(&frame.raster, LONGEST_SIDE), QUALITY).map(Bytes::from))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| ProviderError::Failed(e.to_string()))
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ProviderError::Failed("the picture could not be encoded".to_owned()))?
}

/// Uploaded pictures; they are deleted when this is dropped, also when the call was cut short.
struct Uploads {
    home: HomeAssistant,
    telemetry: Telemetry,
    left: Left,
    images: Vec<ImageId>,
}

impl Drop for Uploads {
    fn drop(&mut self) {
        let images = std::mem::take(&mut self.images);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if images.is_empty() {
            return;
        }
        let (home, telemetry, left) =
            (self.home.clone(), self.telemetry.clone(), self.left.clone());
        runtime.spawn(async move {
            for image in images {
                if let Err(error) = home.delete_image(&image).await {
                    telemetry.emit(&UploadLeft {
                        reason: error.to_string(),
                    });
                    left.add(image);
                }
            }
        });
    }
}

/// Uploaded pictures that could not be deleted, because Home Assistant was away.
#[derive(Clone, Default)]
struct Left(Arc<Mutex<Vec<ImageId>>>);

impl Left {
    fn take(&self) -> Vec<ImageId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, image: ImageId) {
        let mut images = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if images.len() < MOST_LEFT {
            images.push(image);
        }
    }
}

/// An uploaded picture could not be deleted. The next look tries again, and so does the next start.
struct UploadLeft {
    reason: String,
}

impl Event for UploadLeft {
    const NAME: &'static str = "upload_left";

    fn log(&self) {
        tracing::warn!(
            reason = self.reason,
            "an uploaded picture could not be deleted from Home Assistant; the next look tries again"
        );
    }
}
