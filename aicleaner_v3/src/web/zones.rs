//! `GET /api/v1/zones`: how the zones stand, and what happened to their tasks and why. Only tells.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shown;
use super::answer::{failed, refused};
use crate::model::{Task, ZoneId, ZoneView};
use crate::store::{Store, TaskEvent};

/// The most of a zone's history that is told at once.
const MOST_EVENTS: u32 = 200;

pub fn routes(shown: Shown, store: Store) -> Router {
    Router::new()
        .route("/api/v1/zones", get(zones))
        .route("/api/v1/zones/{zone}", get(zone))
        .with_state(shown)
        .merge(
            Router::new()
                .route("/api/v1/zones/{zone}/history", get(history))
                .with_state(store),
        )
}

async fn zones(State(shown): State<Shown>) -> Response {
    let zones: Vec<Value> = shown.views().iter().map(|view| described(view)).collect();
    Json(json!({"zones": zones})).into_response()
}

async fn zone(State(shown): State<Shown>, Path(zone): Path<String>) -> Response {
    let views = shown.views();
    match views.iter().find(|view| view.zone.id.as_str() == zone) {
        Some(view) => Json(described(view)).into_response(),
        None => unknown(),
    }
}

async fn history(State(store): State<Store>, Path(zone): Path<String>) -> Response {
    let Ok(zone) = ZoneId::parse(&zone) else {
        return unknown();
    };
    match store.zone_history(zone, MOST_EVENTS).await {
        Ok(events) => {
            let events: Vec<Value> = events.iter().map(told).collect();
            Json(json!({"history": events})).into_response()
        }
        Err(error) => failed(StatusCode::SERVICE_UNAVAILABLE, &error, error.code()),
    }
}

fn unknown() -> Response {
    refused(StatusCode::NOT_FOUND, "there is no such zone")
}

fn described(view: &ZoneView) -> Value {
    json!({
        "id": view.zone.id,
        "name": view.zone.name,
        "watching": view.watching,
        "cleanliness": view.score.map(|score| score.get()),
        "needs_cleaning": view.needs_cleaning,
        "summary": view.summary,
        "last_assessed": view.last_assessed,
        "last_skip": view.last_skip.map(|reason| reason.as_str()),
        "last_failure": view.last_failure,
        "open_tasks": view.open_tasks.iter().map(task).collect::<Vec<_>>(),
    })
}

fn task(task: &Task) -> Value {
    json!({
        "id": task.id,
        "title": task.title(),
        "location": task.finding.location,
        "priority": task.finding.priority,
        "minutes": task.finding.minutes,
        "opened_at": task.opened_at,
    })
}

fn told(event: &TaskEvent) -> Value {
    json!({
        "at": event.entry.at,
        "task": event.entry.task,
        "title": event.title,
        "what": event.entry.what,
        "why": event.entry.why,
    })
}
