//! The service `ai_task.evaluate`: typed questions in, probabilities out (`components/ai_task/evaluation.py`).
//! The judge is asked as in `generate_data`; its words are turned into numbers.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::ai_task::{find_entity, resolve};
use super::fields::{only_fields, required_text};
use super::inner::Inner;
use super::service_error::ServiceError;

const FIELDS: [&str; 5] = [
    "task_name",
    "entity_id",
    "state",
    "questions",
    "attachments",
];
const EVALUATE: u64 = 8;

/// Runs an evaluation and gives `{answers}`.
pub(super) async fn evaluate(inner: &Arc<Inner>, data: &Value) -> Result<Value, ServiceError> {
    only_fields(data, &FIELDS)?;
    required_text(data, "task_name")?;
    let entity_id = find_entity(inner, data)?;
    let (can, judge) = {
        let world = inner.world();
        let known = world.known.get(&entity_id);
        let features = known.and_then(|known| known.attributes.get("supported_features")?.as_u64());
        (
            features.unwrap_or(0) & EVALUATE != 0,
            Arc::clone(&world.judge),
        )
    };
    if !can {
        let told = format!("AI Task entity {entity_id} does not support evaluation");
        return Err(ServiceError::expected(told));
    }
    let questions = data["questions"].as_object().cloned().unwrap_or_default();
    if questions.is_empty() {
        let told = "length of value must be at least 1 for dictionary value @ data['questions']";
        return Err(ServiceError::Invalid(told.to_owned()));
    }
    for (id, question) in &questions {
        check(id, question)?;
    }
    let attachments = resolve(inner, data.get("attachments")).await?;
    let images: Vec<Vec<u8>> = attachments.into_iter().map(|file| file.bytes).collect();
    let prompt = prompt(&questions);
    // Looking at pictures takes milliseconds: not on the threads that answer everybody else.
    let answer = tokio::task::spawn_blocking(move || judge.answer(&prompt, None, &images))
        .await
        .map_err(|error| ServiceError::Unexpected(error.to_string()))?;
    let text = answer
        .wait()
        .await
        .map_err(|(_, body)| ServiceError::Unexpected(body))?;
    let verdict: Value = serde_json::from_str(&text)
        .map_err(|_not_json| ServiceError::expected("Error with structured response"))?;
    let answers: Map<String, Value> = questions
        .iter()
        .map(|(id, question)| (id.clone(), answered(id, question, &verdict)))
        .collect();
    Ok(json!({"answers": answers}))
}

fn check(id: &str, question: &Value) -> Result<(), ServiceError> {
    let levels = question["criteria"].as_array().map_or(0, Vec::len);
    let good = match question["type"].as_str() {
        Some("noul") => question.get("criteria").is_none(),
        Some("score") => levels >= 2,
        _ => false,
    };
    let told = question["instructions"]
        .as_str()
        .is_some_and(|text| !text.is_empty());
    match good && told {
        true => Ok(()),
        false => Err(ServiceError::Invalid(format!(
            "invalid question @ data['questions']['{id}']"
        ))),
    }
}

/// The questions about tasks, in the form in which the judge reads open tasks.
fn prompt(questions: &Map<String, Value>) -> String {
    let tasks: String = questions
        .iter()
        .filter_map(|(id, question)| {
            let text = question["instructions"].as_str()?;
            let (_, rest) = text.split_once("in the picture: ")?;
            let (task, _) = rest.split_once("? If")?;
            Some(format!("- {id}: {task}\n"))
        })
        .collect();
    format!("Evaluate.\nOpen tasks:\n{tasks}")
}

fn answered(id: &str, question: &Value, verdict: &Value) -> Value {
    if let Some(levels) = question["criteria"].as_array() {
        let highest = levels.len().saturating_sub(1);
        let score = verdict["score"].as_f64().unwrap_or(0.0) / 100.0;
        let level = score * f64::from(u32::try_from(highest).unwrap_or(0));
        return json!({"type": "score", "score": level, "probabilities": []});
    }
    let state = verdict["tasks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|task| task["id"] == id)
        .map_or("unclear", |task| {
            task["state"].as_str().unwrap_or("unclear")
        });
    let probability = match state {
        "present" => 0.97,
        "gone" => 0.03,
        _ => 0.5,
    };
    json!({"type": "noul", "noul": probability})
}
