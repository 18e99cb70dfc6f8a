//! Home Assistant's AI Task: the home's own AI, so that no key is needed. It gets our frames, not fresh
//! pictures of Core's: each is uploaded, attached, and deleted as soon as the answer is there, because
//! whoever knows an uploaded picture's id can see it without a login.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::evaluation;
use crate::home_assistant::{
    self, Attachment, Evaluate, GenerateData, HomeAssistant, HomeError, ImageId,
};
use crate::model::{EntityId, InstanceName, Usage};
use crate::providers::error::{Charge, Fault, ProviderError};
use crate::providers::facts::Facts;
use crate::providers::provider::Provider;
use crate::providers::question::{Question, Reply};
use crate::providers::request::Request;
use crate::telemetry::{Event, Telemetry};

/// The integration whose models are known to run at home.
const LOCAL_INTEGRATION: &str = "ollama";
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
    /// Whether an entity whose model may be elsewhere is refused.
    pub must_stay_home: bool,
}

/// Home Assistant's AI Task.
pub struct AiTask {
    facts: Facts,
    home: HomeAssistant,
    telemetry: Telemetry,
    options: AiTaskOptions,
    swept: OnceCell<()>,
    left: Left,
}

impl AiTask {
    /// A provider that asks through `home`.
    pub fn new(
        facts: Facts,
        home: HomeAssistant,
        telemetry: Telemetry,
        options: AiTaskOptions,
    ) -> Self {
        Self {
            facts,
            home,
            telemetry,
            options,
            swept: OnceCell::new(),
            left: Left::default(),
        }
    }

    async fn once(&self, question: &Question) -> Result<Reply, ProviderError> {
        self.swept.get_or_try_init(|| self.sweep()).await?;
        drop(self.uploads(self.left.take()));
        let entity = self.entity().await?;
        self.check_home(&entity.entity).await?;
        let mut uploads = self.uploads(Vec::new());
        let attachments = self.attach(question, &mut uploads).await?;
        let generate = GenerateData {
            task_name: question.title.clone(),
            entity: Some(entity.entity.clone()),
            instructions: question.text.clone(),
            structure: Some(question.form.selectors()),
            attachments: attachments.clone(),
            timeout: self.facts.timeout,
        };
        let generated = self
            .home
            .generate_data(generate)
            .await
            .map_err(|e| asked(&e))?;
        let mut content = generated.data;
        let mut calls = 1;
        if let Some(request) = question.request.as_deref()
            && entity.evaluates
            && content.is_object()
        {
            calls = 2;
            self.evaluate(&entity.entity, question, request, attachments, &mut content)
                .await;
        }
        let images = u32::try_from(question.pictures.len()).unwrap_or(u32::MAX);
        Ok(Reply {
            content,
            usage: Some(Usage {
                calls,
                images: images.saturating_mul(calls),
                ..Usage::default()
            }),
            model: entity.entity.to_string(),
        })
    }

    /// Puts probabilities in the place of what the model wrote: the score, and whether each task is still there.
    /// Where that fails, what it wrote stands.
    async fn evaluate(
        &self,
        entity: &EntityId,
        question: &Question,
        request: &Request,
        attachments: Vec<Attachment>,
        content: &mut Value,
    ) {
        let evaluate = Evaluate {
            task_name: question.title.clone(),
            entity: entity.clone(),
            state: evaluation::state(request),
            attachments,
            questions: evaluation::questions(request),
            timeout: self.facts.timeout,
        };
        match self.home.evaluate(evaluate).await {
            Ok(answers) => evaluation::lay_over(&answers, request, content),
            Err(error) => self.telemetry.emit(&EvaluationFailed {
                reason: error.to_string(),
            }),
        }
    }

    /// `local only`: refuses an entity whose model may be elsewhere, before a picture leaves us.
    async fn check_home(&self, entity: &EntityId) -> Result<(), ProviderError> {
        if !self.options.must_stay_home {
            return Ok(());
        }
        let integration = self.home.integration_of(entity).await;
        match integration.map_err(|e| asked(&e))?.as_deref() {
            Some(LOCAL_INTEGRATION) => Ok(()),
            other => Err(ProviderError::unpaid(
                Fault::Missing(format!(
                    "{entity} may send pictures out of the house ({}), and the settings say local_only. If it stays at home, say `local: true` for the provider",
                    other.unwrap_or("its integration is not known")
                )),
                "",
            )),
        }
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

    async fn entity(&self) -> Result<Chosen, ProviderError> {
        let entities = self.home.ai_tasks().await.map_err(|e| asked(&e))?;
        let known = |wanted: &EntityId| {
            let known = entities.iter().find(|known| known.entity == *wanted);
            Chosen {
                entity: wanted.clone(),
                evaluates: known.is_some_and(home_assistant::AiTask::evaluates),
            }
        };
        if let Some(entity) = &self.options.entity {
            return Ok(known(entity));
        }
        if let Some(entity) = self.home.preferred_ai_task().await.map_err(|e| asked(&e))? {
            return Ok(known(&entity));
        }
        let found = entities.iter().find(|entity| entity.takes_pictures());
        found.map(|found| known(&found.entity)).ok_or_else(|| {
            let why = match entities.len() {
                0 => "Home Assistant has no AI Task entity",
                _ => "none of Home Assistant's AI Task entities takes pictures",
            };
            ProviderError::unpaid(Fault::Missing(why.to_owned()), "")
        })
    }

    async fn attach(
        &self,
        question: &Question,
        uploads: &mut Uploads,
    ) -> Result<Vec<Attachment>, ProviderError> {
        for picture in &question.pictures {
            match self
                .home
                .upload_image(&self.options.instance, picture.clone())
                .await
            {
                Ok(image) => uploads.images.push(image),
                Err(error @ HomeError::UploadRefused { .. }) => {
                    let cameras = question.request.as_deref().map(|request| {
                        let cameras = request.pictures.iter();
                        cameras
                            .map(|frame| Attachment::camera(&frame.camera))
                            .collect()
                    });
                    return cameras
                        .filter(|_| self.options.own_camera_source)
                        .ok_or_else(|| {
                            let details = error.details().unwrap_or_default().to_owned();
                            ProviderError::unpaid(Fault::Upload(error.to_string()), details)
                        });
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
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(self.once(question))
    }
}

/// The entity that is asked.
struct Chosen {
    entity: EntityId,
    evaluates: bool,
}

/// Home Assistant's fault as ours. Integrations hand their service's words on in many forms, so only what is
/// plain is taken for more than "failed".
fn asked(error: &HomeError) -> ProviderError {
    let charge = match error.may_have_happened() || matches!(error, HomeError::Refused { .. }) {
        true => Charge::Worst,
        false => Charge::Nothing,
    };
    let fault = match error {
        HomeError::TimedOut { after, .. } => Fault::Timeout(*after),
        HomeError::AnswerTooLarge { .. } => Fault::BadAnswer(error.to_string()),
        HomeError::Refused { message, .. } => {
            let lower = message.to_lowercase();
            if lower.contains("rate limit") || lower.contains("quota") || lower.contains("429") {
                Fault::RateLimited { retry_after: None }
            } else if lower.contains("overloaded") || lower.contains("maximum pending requests") {
                Fault::Overloaded { retry_after: None }
            } else {
                Fault::Failed(error.to_string())
            }
        }
        _ => Fault::Failed(error.to_string()),
    };
    ProviderError {
        fault,
        charge,
        details: error.details().unwrap_or_default().to_owned(),
    }
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

/// An uploaded picture could not be deleted. The next check tries again, and so does the next start.
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

/// Home Assistant could not answer with probabilities; the model's own words stand.
struct EvaluationFailed {
    reason: String,
}

impl Event for EvaluationFailed {
    const NAME: &'static str = "evaluation_failed";

    fn log(&self) {
        tracing::info!(
            reason = self.reason,
            "the AI Task entity gave no probabilities; its words are used"
        );
    }
}
