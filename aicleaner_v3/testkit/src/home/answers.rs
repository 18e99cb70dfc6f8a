//! The plain answers of Home Assistant's REST interface to what it does not know or can't read.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(super) fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "404: Not Found").into_response()
}

pub(super) fn bad_request() -> Response {
    (StatusCode::BAD_REQUEST, "400: Bad Request").into_response()
}
