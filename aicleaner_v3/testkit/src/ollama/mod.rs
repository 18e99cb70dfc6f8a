//! A simulated Ollama server that speaks the real wire format and answers through a judge.
//! Every chat is kept as it arrived, so that tests see what really reached the model.

mod chat;
mod state;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::KitError;
use crate::model::Judge;
use crate::server::Server;
use state::{Inner, failure, lock};

pub use state::OllamaRequest;

/// The largest body: several pictures in base64.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// The version it claims to be.
const VERSION: &str = "0.12.9";

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct Ollama {
    inner: Arc<Inner>,
    server: Server,
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

#[cfg(test)]
mod tests;
