//! `/api/chat` and `/api/generate`: the request read, judged, and answered whole or in pieces.
//! Streamed answers are NDJSON: one object a line, the last with `done: true`.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use serde_json::Value;

use super::state::{Inner, OllamaRequest, failure};
use super::wire::{self, Kind};

/// Characters in a piece of a streamed answer.
const PIECE: usize = 48;

/// `POST /api/chat`.
pub(super) async fn chat(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    answer(&inner, Kind::Chat, &body).await
}

/// `POST /api/generate`.
pub(super) async fn generate(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    answer(&inner, Kind::Generate, &body).await
}

async fn answer(inner: &Arc<Inner>, kind: Kind, body: &[u8]) -> Response {
    let request = match read(kind, body) {
        Ok(request) => request,
        Err(reason) => return failure(StatusCode::BAD_REQUEST, &reason),
    };
    let name = request.body["model"].as_str().unwrap_or_default();
    if name.is_empty() {
        return failure(StatusCode::BAD_REQUEST, "model is required");
    }
    let Some(model) = inner.model(name).map(str::to_owned) else {
        return failure(StatusCode::NOT_FOUND, &format!("model '{name}' not found"));
    };
    inner.remember(request.clone());
    let streamed = request.body["stream"].as_bool().unwrap_or(true);
    let prompt = request.instructions.len();
    // Without anything to say Ollama only loads the model.
    if prompt == 0 && request.images.is_empty() {
        return Json(wire::last_piece(kind, &model, "", 0, 0)).into_response();
    }
    let judge = inner.judge();
    // Looking at pictures takes milliseconds: not on the threads that answer everybody else.
    let judged = tokio::task::spawn_blocking(move || {
        let format = request
            .body
            .get("format")
            .filter(|format| format.is_object());
        judge.answer(&request.instructions, format, &request.images)
    });
    let text = match judged.await {
        Ok(answer) => answer.wait().await,
        Err(error) => Err((500, error.to_string())),
    };
    match text {
        Ok(text) if streamed => pieces(kind, &model, &text, prompt),
        Ok(text) => Json(wire::last_piece(kind, &model, &text, prompt, text.len())).into_response(),
        Err((status, body)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, body).into_response()
        }
    }
}

fn pieces(kind: Kind, model: &str, text: &str, prompt: usize) -> Response {
    let characters: Vec<char> = text.chars().collect();
    let mut lines: Vec<String> = characters
        .chunks(PIECE)
        .map(|piece| wire::piece(kind, model, &piece.iter().collect::<String>()).to_string() + "\n")
        .collect();
    lines.push(wire::last_piece(kind, model, "", prompt, text.len()).to_string() + "\n");
    let lines = lines.into_iter().map(Ok::<_, std::io::Error>);
    let mut response = Response::new(Body::from_stream(stream::iter(lines)));
    let ndjson = HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, ndjson);
    response
}

fn read(kind: Kind, body: &[u8]) -> Result<OllamaRequest, String> {
    if body.is_empty() {
        return Err("missing request body".to_owned());
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let mut texts: Vec<&str> = Vec::new();
    let mut encoded: Vec<&Value> = Vec::new();
    match kind {
        Kind::Chat => {
            for message in body["messages"].as_array().into_iter().flatten() {
                if matches!(message["role"].as_str(), Some("system" | "user")) {
                    texts.extend(message["content"].as_str());
                }
                encoded.extend(message["images"].as_array().into_iter().flatten());
            }
        }
        Kind::Generate => {
            texts.extend(body["system"].as_str());
            texts.extend(body["prompt"].as_str());
            encoded.extend(body["images"].as_array().into_iter().flatten());
        }
    }
    let instructions = texts.join("\n");
    let images = encoded
        .into_iter()
        .map(|image| {
            let text = image.as_str().unwrap_or_default();
            STANDARD
                .decode(text)
                .map_err(|_bad| "illegal base64 data at input byte 0".to_owned())
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(OllamaRequest {
        path: match kind {
            Kind::Chat => "/api/chat",
            Kind::Generate => "/api/generate",
        },
        body,
        images,
        instructions,
        at: Instant::now(),
    })
}
