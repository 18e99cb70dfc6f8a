//! AI Task: which entities can judge pictures, and asking one
//! (`homeassistant/components/ai_task/services.py`, `http.py`, `const.py`).

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::model::EntityId;

use super::error::{HomeError, Refusal};
use super::handle::{AnswerLimits, HomeAssistant};
use super::images::ImageId;
use super::states::{EntityState, States, StatesEvent};

const GENERATE_DATA: u64 = 1;
const SUPPORT_ATTACHMENTS: u64 = 2;
const EVALUATE: u64 = 8;
/// The most bytes that a model's answer may have.
const LARGEST_ANSWER: usize = 1 << 20;

/// An AI Task entity.
#[derive(Debug, Clone, PartialEq)]
pub struct AiTask {
    /// The entity.
    pub entity: EntityId,
    /// Its state and name.
    pub state: EntityState,
}

impl AiTask {
    /// Whether it says that it can answer questions about pictures.
    pub fn takes_pictures(&self) -> bool {
        let needed = GENERATE_DATA | SUPPORT_ATTACHMENTS;
        self.state.supported_features() & needed == needed
    }

    /// Whether it answers typed questions with probabilities (`ai_task.evaluate`).
    pub fn evaluates(&self) -> bool {
        self.state.supported_features() & EVALUATE == EVALUATE
    }
}

/// Something that goes along with the instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A media source such as `media-source://camera/camera.kitchen`.
    pub media_content_id: String,
    /// Its type. Always `image/jpeg` for cameras: a stream's type has broken vision before (core issue 170375).
    pub media_content_type: String,
}

impl Attachment {
    /// A picture that was uploaded.
    pub fn uploaded_jpeg(image: &ImageId) -> Self {
        Self {
            media_content_id: image.media_source(),
            media_content_type: "image/jpeg".to_owned(),
        }
    }

    /// A fresh picture that Home Assistant takes itself.
    pub fn camera(camera: &EntityId) -> Self {
        Self {
            media_content_id: format!("media-source://camera/{camera}"),
            media_content_type: "image/jpeg".to_owned(),
        }
    }
}

/// A question to an AI Task entity.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerateData {
    /// A name for Home Assistant's log.
    pub task_name: String,
    /// The entity; the home's preferred one if none is named.
    pub entity: Option<EntityId>,
    /// What to do.
    pub instructions: String,
    /// The form of the answer: field to `{selector, description, required}`, in Home Assistant's selectors.
    pub structure: Option<Map<String, Value>>,
    /// Pictures.
    pub attachments: Vec<Attachment>,
    /// How long the model may take.
    pub timeout: Duration,
}

/// Typed questions to an AI Task entity (`homeassistant/components/ai_task/evaluation.py`).
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluate {
    /// A name for Home Assistant's log.
    pub task_name: String,
    /// The entity; it must have the feature.
    pub entity: EntityId,
    /// What is known: any JSON.
    pub state: Value,
    /// Pictures.
    pub attachments: Vec<Attachment>,
    /// Question id to `{type: "noul", instructions}` or `{type: "score", instructions, criteria}`.
    pub questions: Map<String, Value>,
    /// How long the model may take.
    pub timeout: Duration,
}

/// The answer of an AI Task entity.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Generated {
    /// Home Assistant's id for the conversation.
    #[serde(default)]
    pub conversation_id: Option<String>,
    /// The answer: an object of the structure, or a text where there was no structure. Not to be trusted.
    pub data: Value,
}

#[derive(Deserialize)]
struct Registered {
    platform: String,
}

#[derive(Deserialize)]
struct Preferences {
    gen_data_entity_id: Option<String>,
}

impl HomeAssistant {
    /// The entities of a domain as they are now, in the order of their ids.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn entities_of(
        &self,
        domain: &str,
    ) -> Result<Vec<(EntityId, EntityState)>, HomeError> {
        let event: Value = self
            .first_event(json!({"type": "subscribe_entities", "include": {"domains": [domain]}}))
            .await?;
        let event: StatesEvent<'_> = Deserialize::deserialize(&event)
            .map_err(|e| HomeError::unreadable("subscribe_entities", &e))?;
        let mut states = States::new();
        event.apply(&mut states);
        let mut entities: Vec<_> = states
            .into_iter()
            .filter(|(entity, _)| entity.domain() == domain)
            .collect();
        entities.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entities)
    }

    /// The home's AI Task entities.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn ai_tasks(&self) -> Result<Vec<AiTask>, HomeError> {
        let entities = self.entities_of("ai_task").await?;
        Ok(entities
            .into_iter()
            .map(|(entity, state)| AiTask { entity, state })
            .collect())
    }

    /// The entity that the home prefers for data, if it named one.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses. A home without AI Task is no error.
    pub async fn preferred_ai_task(&self) -> Result<Option<EntityId>, HomeError> {
        let what = "ai_task/preferences/get";
        let answer = match self.command(json!({"type": what})).await {
            Ok(answer) => answer,
            Err(HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
            }) => return Ok(None),
            Err(e) => return Err(e),
        };
        let preferences: Preferences =
            serde_json::from_value(answer).map_err(|e| HomeError::unreadable(what, &e))?;
        Ok(preferences
            .gen_data_entity_id
            .and_then(|entity| EntityId::parse(&entity).ok()))
    }

    /// Asks an AI Task entity. The answer may have at most 1 MiB.
    ///
    /// # Errors
    /// When Home Assistant is away, the entity refuses or fails, or the answer is late or too large.
    pub async fn generate_data(&self, question: GenerateData) -> Result<Generated, HomeError> {
        let limits = AnswerLimits {
            timeout: question.timeout,
            bytes: LARGEST_ANSWER,
        };
        let data = service_data(question);
        let answer = self
            .call_service_within("ai_task", "generate_data", data, true, limits)
            .await?;
        serde_json::from_value(answer)
            .map_err(|e| HomeError::unreadable("ai_task.generate_data", &e))
    }
}

impl HomeAssistant {
    /// Asks typed questions. The answers are by question id: `{noul}` or `{score, probabilities}`. Not to be trusted.
    ///
    /// # Errors
    /// When Home Assistant is away, the entity refuses or fails, or the answer is late or too large.
    pub async fn evaluate(&self, evaluate: Evaluate) -> Result<Map<String, Value>, HomeError> {
        let limits = AnswerLimits {
            timeout: evaluate.timeout,
            bytes: LARGEST_ANSWER,
        };
        let mut data = Map::new();
        data.insert("task_name".to_owned(), evaluate.task_name.into());
        data.insert("entity_id".to_owned(), evaluate.entity.as_str().into());
        data.insert("state".to_owned(), evaluate.state);
        data.insert("questions".to_owned(), evaluate.questions.into());
        if !evaluate.attachments.is_empty() {
            data.insert("attachments".to_owned(), attached(evaluate.attachments));
        }
        let mut answer = self
            .call_service_within("ai_task", "evaluate", data.into(), true, limits)
            .await?;
        match answer.get_mut("answers").map(Value::take) {
            Some(Value::Object(answers)) => Ok(answers),
            _ => Ok(Map::new()),
        }
    }

    /// Which integration an entity belongs to, such as `ollama`; none if the registry does not know the entity.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn integration_of(&self, entity: &EntityId) -> Result<Option<String>, HomeError> {
        let what = "config/entity_registry/get";
        let answer = match self
            .command(json!({"type": what, "entity_id": entity.as_str()}))
            .await
        {
            Ok(answer) => answer,
            Err(HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
            }) => return Ok(None),
            Err(e) => return Err(e),
        };
        let registered: Registered =
            serde_json::from_value(answer).map_err(|e| HomeError::unreadable(what, &e))?;
        Ok(Some(registered.platform))
    }
}

fn attached(attachments: Vec<Attachment>) -> Value {
    attachments
        .into_iter()
        .map(|it| {
            json!({
                "media_content_id": it.media_content_id,
                "media_content_type": it.media_content_type,
            })
        })
        .collect()
}

fn service_data(question: GenerateData) -> Value {
    let mut data = Map::new();
    data.insert("task_name".to_owned(), question.task_name.into());
    data.insert("instructions".to_owned(), question.instructions.into());
    if let Some(entity) = question.entity {
        data.insert("entity_id".to_owned(), entity.as_str().into());
    }
    if let Some(structure) = question.structure {
        data.insert("structure".to_owned(), structure.into());
    }
    if !question.attachments.is_empty() {
        data.insert("attachments".to_owned(), attached(question.attachments));
    }
    data.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_names_only_what_it_has() {
        let camera = EntityId::parse("camera.kitchen").unwrap();
        let mut question = GenerateData {
            task_name: "Judge".into(),
            entity: None,
            instructions: "Look".into(),
            structure: None,
            attachments: Vec::new(),
            timeout: Duration::from_secs(1),
        };
        assert_eq!(
            service_data(question.clone()),
            json!({"task_name": "Judge", "instructions": "Look"})
        );

        question.entity = Some(EntityId::parse("ai_task.eyes").unwrap());
        question.attachments.push(Attachment::camera(&camera));

        assert_eq!(
            service_data(question),
            json!({
                "task_name": "Judge",
                "instructions": "Look",
                "entity_id": "ai_task.eyes",
                "attachments": [{
                    "media_content_id": "media-source://camera/camera.kitchen",
                    "media_content_type": "image/jpeg",
                }],
            })
        );
    }
}
