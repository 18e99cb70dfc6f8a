//! What a home was asked and what it answered, without what differs by nature: times, ids, contexts.
//! It must never blot out anything that a client could rely on.

use serde_json::{Map, Value, json};

/// What was asked and answered, in order.
#[derive(Default)]
pub(super) struct Transcript {
    pub(super) entries: Vec<(String, Value)>,
    blots: Vec<(String, &'static str)>,
}

impl Transcript {
    pub(super) fn blot(&mut self, text: &str, with: &'static str) {
        if !text.is_empty() {
            self.blots.push((text.to_owned(), with));
        }
    }

    pub(super) fn note(&mut self, what: &str, answer: &Value) {
        let mut text = blotted(answer, "").to_string();
        for (secret, with) in &self.blots {
            text = text.replace(secret, with);
        }
        let answer = serde_json::from_str(&text).unwrap();
        self.entries.push((what.to_owned(), answer));
    }
}

/// The value without what differs by nature.
fn blotted(value: &Value, key: &str) -> Value {
    match (key, value) {
        ("c", Value::String(_) | Value::Object(_)) if is_context(value) => json!("CONTEXT"),
        ("context", _) => json!("CONTEXT"),
        ("lc" | "lu" | "last_changed" | "last_updated" | "last_reported", _)
        | ("created_at" | "uploaded_at" | "completed" | "time_fired", Value::String(_)) => {
            json!("TIME")
        }
        ("conversation_id", _) => json!("ULID"),
        (_, Value::Object(fields)) => fields
            .iter()
            .map(|(key, value)| (key.clone(), blotted(value, key)))
            .collect::<Map<_, _>>()
            .into(),
        (_, Value::Array(items)) => items.iter().map(|item| blotted(item, "")).collect(),
        _ => value.clone(),
    }
}

/// A context as an id or in full; not the changes of `subscribe_entities`, which share its key.
fn is_context(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(fields) => fields.contains_key("user_id"),
        _ => false,
    }
}
