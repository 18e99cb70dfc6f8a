//! Home Assistant's REST interface: routes, the login, and the answers of its error cases.
//! Paths and bodies follow `components/api`, `camera`, `image_upload` and `helpers/http.py`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::answers::{bad_request, not_found};
use super::inner::Inner;
use super::service_error::ServiceError;
use super::services::{self, Wanted};
use super::{images, websocket};

/// The largest body of other requests, as aiohttp is set up by Home Assistant (16 MiB).
const MAX_BODY: usize = 1024 * 1024 * 16;
/// Room for the frame of a multipart form around a picture of the largest size.
const FORM_FRAME: usize = 4096;

type Home = State<Arc<Inner>>;
type Params = Query<BTreeMap<String, String>>;

/// All routes.
pub(super) fn router(inner: Arc<Inner>) -> Router {
    let upload = post(images::upload).layer(DefaultBodyLimit::max(images::MAX_SIZE + FORM_FRAME));
    let behind_login = Router::new()
        .route("/api/", get(running))
        .route("/api/config", get(config))
        .route("/api/core/state", get(core_state))
        .route("/api/states", get(states))
        .route("/api/states/{entity_id}", get(state))
        .route("/api/services/{domain}/{service}", post(call_service))
        .route("/api/camera_proxy/{entity_id}", get(camera))
        .route("/api/image/upload", upload)
        .route_layer(middleware::from_fn_with_state(Arc::clone(&inner), login))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    Router::new()
        .merge(behind_login)
        .route("/api/websocket", get(websocket::upgrade))
        .route("/api/image/serve/{id}/{name}", get(images::serve))
        .fallback(|| async { not_found() })
        .with_state(inner)
}

async fn login(State(inner): Home, request: Request, next: Next) -> Response {
    if bearer(request.headers()).is_some_and(|token| inner.knows_token(token)) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, "401: Unauthorized").into_response()
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

async fn running() -> Json<Value> {
    Json(json!({"message": "API running."}))
}

async fn config(State(inner): Home) -> Json<Value> {
    Json(inner.world().config())
}

async fn core_state(State(inner): Home) -> Json<Value> {
    let recorder = json!({"migration_in_progress": false, "migration_is_live": false});
    let state = inner.world().core.as_str();
    Json(json!({"state": state, "recorder_state": recorder}))
}

async fn states(State(inner): Home) -> Json<Value> {
    let world = inner.world();
    Json(
        world
            .states
            .values()
            .map(super::states::State::full)
            .collect(),
    )
}

async fn state(State(inner): Home, Path(entity_id): Path<String>) -> Response {
    match inner.world().states.get(&entity_id) {
        Some(state) => Json(state.full()).into_response(),
        None => message(StatusCode::NOT_FOUND, "Entity not found."),
    }
}

async fn camera(
    State(inner): Home,
    Path(entity_id): Path<String>,
    Query(params): Params,
) -> Response {
    let camera = {
        let world = inner.world();
        let camera = world.cameras.get(&entity_id).cloned();
        camera.filter(|_| world.loaded())
    };
    let Some(camera) = camera else {
        return not_found();
    };
    let side = |name: &str| params.get(name).and_then(|text| text.parse::<u32>().ok());
    camera.respond(side("width").zip(side("height"))).await
}

async fn call_service(
    State(inner): Home,
    Path((domain, service)): Path<(String, String)>,
    Query(params): Params,
    body: Bytes,
) -> Response {
    let data: Value = if body.is_empty() {
        json!({})
    } else {
        match serde_json::from_slice(&body) {
            Ok(data) => data,
            Err(_not_json) => {
                return message(StatusCode::BAD_REQUEST, "Data should be valid JSON.");
            }
        }
    };
    let wants_response = params.contains_key("return_response");
    {
        let world = inner.world();
        if !world.has_service(&domain, &service) {
            return bad_request();
        }
        let always = world.always_responds(&domain, &service);
        if always && !wants_response {
            let text = "Service call requires responses but caller did not ask for responses. Add ?return_response to query parameters.";
            return message(StatusCode::BAD_REQUEST, text);
        }
        if wants_response && !always {
            let text = "Service does not support responses. Remove return_response from request.";
            return message(StatusCode::BAD_REQUEST, text);
        }
    }
    let wanted = Wanted {
        domain,
        service,
        data,
        wants_response,
    };
    let (tell, told) = oneshot::channel();
    services::start(&inner, wanted, move |_inner, outcome| {
        // The client may be gone; then nobody waits for the answer.
        let _ = tell.send(outcome);
    });
    match told.await {
        Ok(outcome) => answer(outcome),
        Err(_home_is_gone) => trouble(),
    }
}

fn answer(outcome: Result<Option<Value>, ServiceError>) -> Response {
    match outcome {
        Ok(Some(response)) => {
            Json(json!({"changed_states": [], "service_response": response})).into_response()
        }
        Ok(None) => Json(json!([])).into_response(),
        Err(ServiceError::NotFound { .. } | ServiceError::Invalid(_)) => bad_request(),
        Err(ServiceError::Validation { message: text, .. }) => {
            message(StatusCode::BAD_REQUEST, &text)
        }
        Err(ServiceError::HomeAssistant { message: text, .. }) => {
            message(StatusCode::INTERNAL_SERVER_ERROR, &text)
        }
        Err(ServiceError::Unexpected(_hidden)) => trouble(),
    }
}

/// What aiohttp says of an exception nobody expected.
fn trouble() -> Response {
    let text = "500 Internal Server Error\n\nServer got itself in trouble";
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

fn message(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({"message": text}))).into_response()
}
