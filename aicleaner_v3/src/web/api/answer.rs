//! How the API answers commands and says no: one JSON shape for all of it.

use std::fmt::Display;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::control::Done;
use crate::i18n::{self, english, log_remedy};
use crate::model::CommandRefusal;
use crate::telemetry::Code;

/// A request that can't be taken, and why.
pub fn bad_request(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({"error": reason}))).into_response()
}

/// Something that failed: what happened, its code, and what to do.
pub fn failed(status: StatusCode, error: &impl Display, code: Code) -> Response {
    let body = json!({
        "error": error.to_string(),
        "code": code.as_str(),
        "remedy": log_remedy(code),
    });
    (status, Json(body)).into_response()
}

/// What came of a command: 200, or its refusal with a reason that never changes its spelling.
pub fn answered(answer: Result<Done, CommandRefusal>) -> Response {
    match answer {
        Ok(Done::Done) => (StatusCode::OK, Json(json!({"done": true}))).into_response(),
        Ok(Done::Dashboard(made)) => {
            let status = match made.is_new {
                true => StatusCode::CREATED,
                false => StatusCode::OK,
            };
            let body = json!({"url_path": made.url_path, "created": made.is_new});
            (status, Json(body)).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &CommandRefusal) -> Response {
    let (status, code) = match refusal {
        CommandRefusal::UnknownZone
        | CommandRefusal::UnknownCamera
        | CommandRefusal::UnknownTask => (StatusCode::NOT_FOUND, None),
        CommandRefusal::CheckForbidden(_) | CommandRefusal::DashboardNotOurs(_) => {
            (StatusCode::CONFLICT, None)
        }
        CommandRefusal::TooManyShapes => (StatusCode::UNPROCESSABLE_ENTITY, None),
        CommandRefusal::Busy | CommandRefusal::Stopping => (StatusCode::SERVICE_UNAVAILABLE, None),
        CommandRefusal::NotStored(code) => (StatusCode::SERVICE_UNAVAILABLE, Some(*code)),
        CommandRefusal::Failed {
            code: code @ Code::DashboardNotAllowed,
            ..
        } => (StatusCode::FORBIDDEN, Some(*code)),
        CommandRefusal::Failed { code, .. } => (StatusCode::BAD_GATEWAY, Some(*code)),
    };
    let mut body = json!({"error": english(&i18n::refusal(refusal)), "reason": refusal.as_str()});
    if let Some(code) = code {
        body["code"] = code.as_str().into();
        body["remedy"] = log_remedy(code).into();
    }
    (status, Json(body)).into_response()
}
