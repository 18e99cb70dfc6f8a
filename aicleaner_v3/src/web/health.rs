//! Health: live says that the program runs; ready says that it can do its work, or names what is missing.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::control::Queries;
use crate::i18n::reason_in_english;

type Rendered = Arc<dyn Fn() -> String + Send + Sync>;

pub fn routes(queries: Queries, metrics: Rendered) -> Router {
    Router::new()
        .route(
            "/health/live",
            get(|| async { Json(json!({"live": true})) }),
        )
        .route("/health/ready", get(ready))
        .with_state(queries)
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

async fn ready(State(queries): State<Queries>) -> Response {
    let system = queries.system();
    let is_ready = system.is_ready();
    let missing: Vec<_> = system
        .blocking()
        .map(|condition| {
            let reason = &condition.reason;
            let dependency = condition.subject.dependency().map(|known| known.as_str());
            json!({
                "dependency": dependency,
                "code": reason.code.as_str(),
                "reason": reason_in_english(reason),
                "since": condition.since.to_string(),
            })
        })
        .collect();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({"ready": is_ready, "status": system.status.as_str(), "missing": missing, "version": system.version});
    (status, Json(body)).into_response()
}
