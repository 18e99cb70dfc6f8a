//! Health: live says that the program runs; ready says that it can do its work, or names what is missing.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use super::Shown;
use crate::model::SystemStatus;

type Rendered = Arc<dyn Fn() -> String + Send + Sync>;

pub fn routes(shown: Shown, metrics: Rendered) -> Router {
    Router::new()
        .route(
            "/health/live",
            get(|| async { Json(json!({"live": true})) }),
        )
        .route("/health/ready", get(ready))
        .with_state(shown)
        .route(
            "/metrics",
            get(move || async move {
                (
                    [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
                    metrics(),
                )
            }),
        )
}

async fn ready(State(shown): State<Shown>) -> Response {
    let system = shown.system.borrow().clone();
    let is_ready = system.status != SystemStatus::Waiting;
    let missing: Vec<_> = system
        .missing
        .iter()
        .map(|(what, why)| json!({"dependency": what.as_str(), "reason": why}))
        .collect();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({"ready": is_ready, "status": system.status.as_str(), "missing": missing, "version": system.version});
    (status, Json(body)).into_response()
}
