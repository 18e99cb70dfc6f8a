//! The integration `ai_task`: a prompt, a structure and attachments in, what the judge says out.
//! Attachments are resolved as Home Assistant resolves them, and every call is kept for tests.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::fields::{only_fields, required_text};
use super::inner::Inner;
use super::records::{AiTaskCall, Attachment};
use super::service_error::{ServiceError, Translation};
use super::states::Known;
use super::structure;
use super::world::{REMEMBERED_AI_CALLS, ulid};
use crate::time::{iso, now};

/// The AI Task entity of the simulated home.
pub const AI_TASK: &str = "ai_task.simulated";

/// What `generate_data` takes.
const FIELDS: [&str; 5] = [
    "task_name",
    "instructions",
    "entity_id",
    "structure",
    "attachments",
];

/// The entity's state and attributes before its first task.
pub(super) fn known() -> Known {
    let attributes = json!({"supported_features": 3, "friendly_name": "Simulated"});
    Known {
        state: "unknown".to_owned(),
        attributes: attributes.as_object().cloned().unwrap_or_default(),
        platform: "ollama",
    }
}

/// Runs a task and gives `{conversation_id, data}`.
pub(super) async fn generate_data(inner: &Arc<Inner>, data: &Value) -> Result<Value, ServiceError> {
    only_fields(data, &FIELDS)?;
    let task_name = required_text(data, "task_name")?;
    let instructions = required_text(data, "instructions")?;
    let wanted = data.get("structure").cloned();
    if let Some(structure) = &wanted {
        structure::check(structure)?;
    }
    let entity_id = find_entity(inner, data)?;
    let attachments = resolve(inner, data.get("attachments")).await?;
    let judge = {
        let mut world = inner.world();
        if world.ai_calls.len() >= REMEMBERED_AI_CALLS {
            world.ai_calls.pop_front();
        }
        world.ai_calls.push_back(AiTaskCall {
            task_name,
            entity_id: entity_id.clone(),
            instructions: instructions.clone(),
            structure: wanted.clone(),
            attachments: attachments.clone(),
            at: Instant::now(),
        });
        if let Some(mut known) = world.known.get(&entity_id).cloned() {
            known.state = iso(now());
            world.set_known(&entity_id, known);
        }
        Arc::clone(&world.judge)
    };
    let images: Vec<Vec<u8>> = attachments.into_iter().map(|file| file.bytes).collect();
    let structured = wanted.is_some();
    // Looking at pictures takes milliseconds: not on the threads that answer everybody else.
    let answer =
        tokio::task::spawn_blocking(move || judge.answer(&instructions, wanted.as_ref(), &images))
            .await
            .map_err(|error| ServiceError::Unexpected(error.to_string()))?;
    let text = answer
        .wait()
        .await
        .map_err(|(status, body)| ServiceError::Unexpected(failure_text(status, &body)))?;
    let data = if structured {
        serde_json::from_str(&text)
            .map_err(|_not_json| ServiceError::expected("Error with Ollama structured response"))?
    } else {
        Value::String(text)
    };
    Ok(json!({"conversation_id": ulid(), "data": data}))
}

/// What the `ollama` integration's client makes of an error of the model's server.
fn failure_text(status: u16, body: &str) -> String {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    let reason = parsed["error"].as_str().unwrap_or(body);
    format!("{reason} (status code: {status})")
}

pub(super) fn find_entity(inner: &Inner, data: &Value) -> Result<String, ServiceError> {
    let world = inner.world();
    let named = data.get("entity_id").and_then(Value::as_str);
    let entity_id = named
        .or(world.preferred_ai_task.as_deref())
        .ok_or_else(|| {
            ServiceError::validation(
                "ai_task",
                "no_entity",
                "No entity_id provided and no preferred entity set",
                Value::Null,
            )
        })?;
    if entity_id.starts_with("ai_task.") && world.loaded() && world.known.contains_key(entity_id) {
        return Ok(entity_id.to_owned());
    }
    Err(ServiceError::validation(
        "ai_task",
        "entity_not_found",
        &format!("AI Task entity {entity_id} not found"),
        json!({"entity_id": entity_id}),
    ))
}

/// One attachment or a list of them, each with an id and a type.
pub(super) async fn resolve(
    inner: &Arc<Inner>,
    attachments: Option<&Value>,
) -> Result<Vec<Attachment>, ServiceError> {
    let wanted: Vec<&Value> = match attachments {
        None => Vec::new(),
        Some(Value::Array(many)) => many.iter().collect(),
        Some(one) => vec![one],
    };
    let mut resolved = Vec::with_capacity(wanted.len());
    for attachment in wanted {
        let id = required_text(attachment, "media_content_id")?;
        let given_type = required_text(attachment, "media_content_type")?;
        resolved.push(resolve_one(inner, id, given_type).await?);
    }
    Ok(resolved)
}

async fn resolve_one(
    inner: &Arc<Inner>,
    id: String,
    given_type: String,
) -> Result<Attachment, ServiceError> {
    let unresolved =
        |name: &str| ServiceError::expected(format!("Could not resolve media item: {name}"));
    let (mime_type, bytes) = if let Some(upload) = id.strip_prefix("media-source://image_upload/") {
        let world = inner.world();
        if !world.image_upload_loaded {
            return Err(unknown_source(&id, "image_upload"));
        }
        let upload = world
            .uploads
            .get(upload)
            .ok_or_else(|| unresolved(upload))?;
        (given_type, upload.bytes.clone())
    } else if let Some(entity) = id.strip_prefix("media-source://camera/") {
        let camera = inner.world().cameras.get(entity).cloned();
        let camera = camera.ok_or_else(|| unresolved(entity))?;
        let bytes = camera.attachment().await;
        let bytes =
            bytes.ok_or_else(|| ServiceError::expected(format!("Camera {entity} is off")))?;
        ("image/jpeg".to_owned(), bytes)
    } else {
        let source = id.trim_start_matches("media-source://");
        return Err(unknown_source(
            &id,
            source.split('/').next().unwrap_or(source),
        ));
    };
    Ok(Attachment {
        media_content_id: id,
        mime_type,
        bytes,
    })
}

fn unknown_source(id: &str, domain: &str) -> ServiceError {
    let reason = format!("Unknown media source: {domain}");
    let placeholders = json!({"media_content_id": id, "error": reason});
    ServiceError::HomeAssistant {
        message: format!("Failed to resolve media with content ID {id}: {reason}"),
        translation: Some(Translation::new(
            "media_source",
            "resolve_media_failed",
            placeholders,
        )),
    }
}
