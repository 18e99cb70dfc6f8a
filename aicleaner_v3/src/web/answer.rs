//! How the API says no: one JSON shape for all of it.

use std::fmt::Display;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::i18n::log_remedy;
use crate::telemetry::Code;

/// A request that can't be taken, and why.
pub fn refused(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({"error": reason}))).into_response()
}

/// Something that failed: what happened, its code, and what to do.
pub fn failed(status: StatusCode, error: &impl Display, code: Code) -> Response {
    let told = json!({
        "error": error.to_string(),
        "code": code.as_str(),
        "remedy": log_remedy(code),
    });
    (status, Json(told)).into_response()
}
