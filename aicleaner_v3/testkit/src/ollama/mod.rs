//! A simulated Ollama server that speaks the real wire format and answers through a judge.
//! Every chat is kept as it arrived, so that tests see what really reached the model.

mod chat;
mod wire;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::KitError;
use crate::model::{Answer, Judge};
use crate::server::Server;

/// Requests kept; they carry pictures.
const REMEMBERED: usize = 128;
/// The largest body: several pictures in base64.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// The version it claims to be.
const VERSION: &str = "0.12.9";

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

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct Ollama {
    inner: Arc<Inner>,
    server: Server,
}

pub(crate) struct Inner {
    models: Vec<String>,
    judge: Mutex<Arc<dyn Judge>>,
    requests: Mutex<VecDeque<OllamaRequest>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("models", &self.models)
            .finish_non_exhaustive()
    }
}

impl Ollama {
    /// Starts a server on a free port that has one vision model, `gemma3:4b`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(judge: Arc<dyn Judge>) -> Result<Self, KitError> {
        Self::with_models(judge, &["gemma3:4b"]).await
    }

    /// Starts a server with these models.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn with_models(judge: Arc<dyn Judge>, models: &[&str]) -> Result<Self, KitError> {
        let inner = Arc::new(Inner {
            models: models.iter().map(|&model| model.to_owned()).collect(),
            judge: Mutex::new(judge),
            requests: Mutex::default(),
        });
        let server = Server::open(router(Arc::clone(&inner))).await?;
        Ok(Self { inner, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Has it answer through another judge from now on.
    pub fn set_judge(&self, judge: Arc<dyn Judge>) {
        *lock(&self.inner.judge) = judge;
    }

    /// A judge that always answers as this server does, so that a simulated home shares its model.
    #[must_use]
    pub fn as_judge(&self) -> Arc<dyn Judge> {
        Arc::clone(&self.inner) as Arc<dyn Judge>
    }

    /// The requests so far, oldest first; the last 128.
    #[must_use]
    pub fn requests(&self) -> Vec<OllamaRequest> {
        lock(&self.inner.requests).iter().cloned().collect()
    }

    /// Cuts every connection and refuses new ones.
    ///
    /// # Errors
    /// When the port cannot be held.
    pub async fn stop(&self) -> Result<(), KitError> {
        Ok(self.server.close().await?)
    }

    /// Serves again on the same port.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn resume(&self) -> Result<(), KitError> {
        Ok(self.server.reopen()?)
    }
}

impl Judge for Inner {
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer {
        self.judge().answer(instructions, structure, images)
    }
}

impl Inner {
    fn judge(&self) -> Arc<dyn Judge> {
        Arc::clone(&lock(&self.judge))
    }

    fn remember(&self, request: OllamaRequest) {
        let mut requests = lock(&self.requests);
        if requests.len() >= REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// The full name of a model asked for; `:latest` may be left out.
    fn model(&self, name: &str) -> Option<&str> {
        self.models
            .iter()
            .map(String::as_str)
            .find(|model| *model == name || model.strip_suffix(":latest") == Some(name))
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/", get(|| async { "Ollama is running" }))
        .route("/api/version", get(version))
        .route("/api/tags", get(tags))
        .route("/api/ps", get(running))
        .route("/api/show", post(show))
        .route("/api/chat", post(chat::chat))
        .route("/api/generate", post(chat::generate))
        .fallback(|| async { (StatusCode::NOT_FOUND, "404 page not found") })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(inner)
}

async fn version() -> Json<Value> {
    Json(json!({"version": VERSION}))
}

async fn tags(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let models: Vec<Value> = inner.models.iter().map(|name| wire::model(name)).collect();
    Json(json!({"models": models}))
}

async fn running(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let used: Vec<String> = lock(&inner.requests)
        .iter()
        .filter_map(|request| request.body["model"].as_str().map(str::to_owned))
        .collect();
    let models: Vec<Value> = inner
        .models
        .iter()
        .filter(|name| used.iter().any(|used| used == *name))
        .map(|name| wire::running(name))
        .collect();
    Json(json!({"models": models}))
}

async fn show(State(inner): State<Arc<Inner>>, body: axum::body::Bytes) -> Response {
    let body: Value = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(error) => return failure(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    // Older clients say `name` where newer ones say `model`.
    let name = body["model"].as_str().or(body["name"].as_str());
    let name = name.unwrap_or_default();
    match inner.model(name) {
        Some(_known) => Json(wire::details()).into_response(),
        None => failure(StatusCode::NOT_FOUND, &format!("model '{name}' not found")),
    }
}

pub(crate) fn failure(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

#[cfg(test)]
mod tests;
