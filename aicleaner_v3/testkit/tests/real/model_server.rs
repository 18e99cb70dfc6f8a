//! The least of an Ollama server: lists one model, answers every chat with the same JSON, keeps what it was asked.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;

pub const MODEL: &str = "llava:latest";
pub const ANSWER: &str = r#"{"score": 62}"#;

pub struct ModelServer {
    pub url: String,
    chats: Arc<Mutex<Vec<Value>>>,
    server: AbortHandle,
}

impl ModelServer {
    pub async fn start() -> Self {
        let chats = Arc::default();
        let router = Router::new()
            .route(
                "/api/tags",
                get(|| async { Json(json!({"models": [{"name": MODEL, "model": MODEL}]})) }),
            )
            .route("/api/chat", post(chat))
            .layer(axum::extract::DefaultBodyLimit::max(64 * 1024 * 1024))
            .with_state(Arc::clone(&chats));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
            .abort_handle();
        Self { url, chats, server }
    }

    /// The bodies of all chats so far.
    pub async fn chats(&self) -> Vec<Value> {
        self.chats.lock().await.clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn chat(
    State(chats): State<Arc<Mutex<Vec<Value>>>>,
    body: String,
) -> ([(&'static str, &'static str); 1], String) {
    chats
        .lock()
        .await
        .push(serde_json::from_str(&body).unwrap());
    let said = json!({"model": MODEL, "created_at": "2026-11-20T00:00:00Z", "message": {"role": "assistant", "content": ANSWER}, "done": false});
    let done = json!({"model": MODEL, "created_at": "2026-11-20T00:00:00Z", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop"});
    (
        [("content-type", "application/x-ndjson")],
        format!("{said}\n{done}\n"),
    )
}
