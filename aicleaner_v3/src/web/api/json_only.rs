//! Lets only requests in that say that they carry JSON.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::bad_request;

/// A form of a foreign page can't send this content type without being asked first.
pub async fn json_only(headers: HeaderMap, request: Request, next: Next) -> Response {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.split(';').next() == Some("application/json") {
        next.run(request).await
    } else {
        bad_request(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send the header Content-Type: application/json",
        )
    }
}
