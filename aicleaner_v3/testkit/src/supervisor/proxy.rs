//! `/core/api/…`: requests passed on to the home with the home's token instead of the app's.
//! 502 while Home Assistant is not RUNNING; only GET, POST and DELETE pass.

use std::sync::Arc;

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::state::Inner;
use crate::home::bearer;

pub(super) async fn root(
    state: State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    api(state, method, uri, headers, body).await
}

pub(super) async fn api(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if ![Method::GET, Method::POST, Method::DELETE].contains(&method) {
        let text = "405: Method Not Allowed";
        return (StatusCode::METHOD_NOT_ALLOWED, text).into_response();
    }
    if bearer(&headers) != Some(inner.token.as_str()) {
        return (StatusCode::UNAUTHORIZED, "401: Unauthorized").into_response();
    }
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let target = target.trim_start_matches("/core");
    if target.starts_with("/api/hassio") {
        return (StatusCode::FORBIDDEN, "403: Forbidden").into_response();
    }
    if !inner.core_is_ready() {
        return bad_gateway();
    }
    pass(&inner, method, target, &headers, body)
        .await
        .unwrap_or_else(|_unreachable| bad_gateway())
}

/// 502, as Supervisor writes it.
pub(super) fn bad_gateway() -> Response {
    (StatusCode::BAD_GATEWAY, "502: Bad Gateway").into_response()
}

async fn pass(
    inner: &Inner,
    method: Method,
    target: &str,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, reqwest::Error> {
    let token = inner.home.world().token.clone().unwrap_or_default();
    let url = format!("http://{}{target}", inner.home_addr);
    let mut request = inner
        .client
        .request(method, url)
        .bearer_auth(token)
        .body(body);
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let answer = request.send().await?;
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
    *response.status_mut() = status;
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}
