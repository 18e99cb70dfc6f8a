//! What the handlers of the simulated Ollama server share: its models, its judge and the requests it got.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::model::{Answer, Judge};

/// Requests kept; they carry pictures.
const REMEMBERED: usize = 128;

/// A chat or generate request as it arrived.
#[derive(Clone, Debug)]
pub struct OllamaRequest {
    /// `/api/chat` or `/api/generate`.
    pub path: &'static str,
    /// The whole body.
    pub body: Value,
    /// The pictures, decoded from base64.
    pub images: Vec<Vec<u8>>,
    /// The text of system and user messages, joined by line breaks.
    pub instructions: String,
    /// When it arrived.
    pub at: Instant,
}

pub(crate) struct Inner {
    pub(super) models: Vec<String>,
    pub(super) judge: Mutex<Arc<dyn Judge>>,
    pub(super) requests: Mutex<VecDeque<OllamaRequest>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("models", &self.models)
            .finish_non_exhaustive()
    }
}

impl Judge for Inner {
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer {
        self.judge().answer(instructions, structure, images)
    }
}

impl Inner {
    pub(super) fn judge(&self) -> Arc<dyn Judge> {
        Arc::clone(&lock(&self.judge))
    }

    pub(super) fn remember(&self, request: OllamaRequest) {
        let mut requests = lock(&self.requests);
        if requests.len() >= REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// The full name of a model asked for; `:latest` may be left out.
    pub(super) fn model(&self, name: &str) -> Option<&str> {
        self.models
            .iter()
            .map(String::as_str)
            .find(|model| *model == name || model.strip_suffix(":latest") == Some(name))
    }
}

pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn failure(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}
