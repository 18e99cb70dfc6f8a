//! Simulated model services that speak the real wire formats: Gemini, OpenAI, Anthropic, and Ollama's faults.
//! A judge answers; a script makes the next answers go wrong in one known way. Requests are kept as they came.

mod fault;
mod request;
mod wire;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::KitError;
use crate::model::{Answer, Judge};
use crate::server::Server;

pub use fault::Fault;
pub use request::ServiceRequest;
pub use wire::Api;

/// Requests kept; they carry pictures.
const REMEMBERED: usize = 256;
/// The largest body: several pictures in base64.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A running service. It stops when dropped.
#[derive(Debug)]
pub struct Service {
    inner: Arc<Inner>,
    server: Server,
}

struct Inner {
    api: Api,
    key: String,
    model: String,
    judge: Mutex<Arc<dyn Judge>>,
    script: Mutex<VecDeque<Fault>>,
    then: Mutex<Option<Fault>>,
    requests: Mutex<VecDeque<ServiceRequest>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Starts a service on a free port that takes `key` and has one model.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(
        api: Api,
        key: &str,
        model: &str,
        judge: Arc<dyn Judge>,
    ) -> Result<Self, KitError> {
        let inner = Arc::new(Inner {
            api,
            key: key.to_owned(),
            model: model.to_owned(),
            judge: Mutex::new(judge),
            script: Mutex::default(),
            then: Mutex::default(),
            requests: Mutex::default(),
        });
        let routes = Router::new()
            .fallback(serve)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(Arc::clone(&inner));
        let server = Server::open(routes).await?;
        Ok(Self { inner, server })
    }

    /// The base address as a person would write it into the settings.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.server.addr(), self.inner.api.prefix())
    }

    /// The next answer goes wrong like this; several queue up.
    pub fn fail_next(&self, fault: Fault) {
        lock(&self.inner.script).push_back(fault);
    }

    /// Every answer goes wrong like this from now on, or none any more.
    pub fn fail_always(&self, fault: Option<Fault>) {
        *lock(&self.inner.then) = fault;
    }

    /// Has it answer through another judge from now on.
    pub fn set_judge(&self, judge: Arc<dyn Judge>) {
        *lock(&self.inner.judge) = judge;
    }

    /// The requests so far, oldest first; the last 256.
    #[must_use]
    pub fn requests(&self) -> Vec<ServiceRequest> {
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

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(State(inner): State<Arc<Inner>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.to_string();
    let api = inner.api;
    if let Some(answer) = api.about_models(parts.uri.path(), &inner.model, &body) {
        return answer;
    }
    let read = match read(api, path, parts.headers, &body) {
        Ok(read) => read,
        Err(reason) => return api.error(StatusCode::BAD_REQUEST, "invalid_request", &reason),
    };
    {
        let mut requests = lock(&inner.requests);
        if requests.len() >= REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(read.clone());
    }
    let scripted = lock(&inner.script).pop_front();
    let fault = scripted.or_else(|| lock(&inner.then).clone());
    if let Some(fault) = &fault
        && let Some(response) = fault.response(api)
    {
        return response;
    }
    if !api.knows(&read.headers, &inner.key) {
        return Fault::BadKey
            .response(api)
            .unwrap_or_else(|| StatusCode::UNAUTHORIZED.into_response());
    }
    if !api.names(&read, &inner.model) {
        return Fault::NoSuchModel
            .response(api)
            .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
    }
    if let Some(text) = fault.as_ref().and_then(Fault::text) {
        return api.answer(&inner.model, &text, read.images.len());
    }
    let judge = Arc::clone(&lock(&inner.judge));
    let images = read.images.len();
    // Looking at pictures takes milliseconds: not on the threads that answer everybody else.
    let judged = tokio::task::spawn_blocking(move || {
        judge.answer(&read.text, api.schema(&read.body), &read.images)
    });
    match judged.await {
        Ok(answer) => match answer.wait().await {
            Ok(text) => api.answer(&inner.model, &text, images),
            Err((status, body)) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                api.error(status, "api_error", &body)
            }
        },
        Err(error) => api.error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "api_error",
            &error.to_string(),
        ),
    }
}

fn read(
    api: Api,
    path: String,
    headers: HeaderMap,
    body: &Bytes,
) -> Result<ServiceRequest, String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    api.check(&path, &body)?;
    let (text, images) = api.content(&body)?;
    Ok(ServiceRequest {
        path,
        headers,
        body,
        images,
        text,
    })
}

/// Answers the same text to everything.
#[derive(Debug, Clone)]
pub struct Says(pub String);

impl Judge for Says {
    fn answer(&self, _: &str, _: Option<&Value>, _: &[Vec<u8>]) -> Answer {
        Answer::Text(self.0.clone())
    }
}
