//! Supervisor's own answers: `{"result": "ok", "data": …}` or `{"result": "error", "message": …}`.
//! Only what an app of the default role may ask.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::state::{Inner, MqttService};
use crate::home::bearer;

type Shared = State<Arc<Inner>>;

pub(super) async fn login(State(inner): Shared, request: Request, next: Next) -> Response {
    if bearer(request.headers()) == Some(inner.token.as_str()) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, "401: Unauthorized").into_response()
}

fn ok(data: &Value) -> Response {
    Json(json!({"result": "ok", "data": data})).into_response()
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"result": "error", "message": message}))).into_response()
}

pub(super) async fn forbidden() -> Response {
    (StatusCode::FORBIDDEN, "403: Forbidden").into_response()
}

pub(super) async fn mqtt(State(inner): Shared) -> Response {
    let mqtt = inner.state().mqtt.clone();
    match mqtt {
        MqttService::Broker {
            host,
            port,
            username,
            password,
        } => ok(&json!({
            "addon": "core_mosquitto",
            "host": host,
            "port": port,
            "ssl": false,
            "username": username,
            "password": password,
            "protocol": "3.1.1",
        })),
        MqttService::NotEnabled => error(StatusCode::BAD_REQUEST, "Service not enabled"),
        MqttService::Forbidden => error(StatusCode::FORBIDDEN, "No access to mqtt service!"),
    }
}

pub(super) async fn app_info(State(inner): Shared) -> Response {
    let options = inner.state().options.clone();
    ok(&json!({
        "name": "AICleaner",
        "slug": "a0d7b954_aicleaner_v3",
        "hostname": "a0d7b954-aicleaner-v3",
        "state": "started",
        "version": "0.1.0",
        "version_latest": "0.1.0",
        "update_available": false,
        "options": options,
        "ingress": true,
        "ingress_entry": "/api/hassio_ingress/simulated",
        "ingress_url": "/api/hassio_ingress/simulated/",
        "ingress_port": 8099,
        "ip_address": "172.30.33.2",
        "boot": "auto",
        "watchdog": false,
    }))
}

pub(super) async fn options(State(inner): Shared) -> Response {
    let options = inner.state().options.clone();
    ok(&options)
}

pub(super) async fn set_options(State(inner): Shared, body: axum::body::Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(options) = body.get("options").filter(|options| options.is_object()) else {
        return error(
            StatusCode::BAD_REQUEST,
            "required key not provided @ data['options']. Got None",
        );
    };
    inner.state().options = options.clone();
    ok(&json!({}))
}

pub(super) async fn restart(State(inner): Shared) -> Response {
    inner.state().restarts += 1;
    ok(&json!({}))
}

pub(super) async fn info(State(inner): Shared) -> Response {
    let config = inner.home.world().config.clone();
    ok(&json!({
        "supervisor": "2026.08.0",
        "homeassistant": config.version,
        "hassos": "18.0",
        "docker": "28.3.3",
        "hostname": "homeassistant",
        "operating_system": "Home Assistant OS 18.0",
        "machine": "generic-x86-64",
        "arch": "amd64",
        "supported_arch": ["amd64"],
        "supported": true,
        "channel": "stable",
        "logging": "info",
        "state": "running",
        "timezone": config.time_zone,
    }))
}

pub(super) async fn core_info(State(inner): Shared) -> Response {
    let version = inner.home.world().config.version.clone();
    ok(&json!({
        "version": version,
        "version_latest": version,
        "update_available": false,
        "machine": "generic-x86-64",
        "ip_address": "172.30.32.1",
        "arch": "amd64",
        "port": inner.home_addr.port(),
        "ssl": false,
        "boot": true,
    }))
}
