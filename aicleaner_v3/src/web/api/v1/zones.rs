//! `/api/v1/zones`: how the zones stand, what happened to their tasks and why, and a person's wish for a check or a
//! reference.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::super::answer::{answered, bad_request, failed};
use crate::control::{Control, Queries};
use crate::i18n::reason_in_english;
use crate::model::{Actor, Command, CommandRefusal, Task, Trigger, ZoneId, ZoneView};
use crate::store::TaskEvent;

pub fn read() -> Router<Queries> {
    Router::new()
        .route("/api/v1/zones", get(zones))
        .route("/api/v1/zones/{zone}", get(zone))
        .route("/api/v1/zones/{zone}/history", get(history))
}

pub fn write() -> Router<Control> {
    Router::new()
        .route("/api/v1/zones/{zone}/assess", post(assess))
        .route("/api/v1/zones/{zone}/tidy", post(tidy))
}

async fn zones(State(queries): State<Queries>) -> Response {
    let zones: Vec<Value> = queries.zones().iter().map(|view| described(view)).collect();
    Json(json!({"zones": zones})).into_response()
}

async fn zone(State(queries): State<Queries>, Path(zone): Path<String>) -> Response {
    match queries.zone(&zone) {
        Some(view) => Json(described(&view)).into_response(),
        None => unknown(),
    }
}

async fn history(State(queries): State<Queries>, Path(zone): Path<String>) -> Response {
    let Ok(zone) = ZoneId::parse(&zone) else {
        return unknown();
    };
    match queries.history(zone).await {
        Ok(events) => {
            let events: Vec<Value> = events.iter().map(entry).collect();
            Json(json!({"history": events})).into_response()
        }
        Err(error) => failed(StatusCode::SERVICE_UNAVAILABLE, &error, error.code()),
    }
}

async fn assess(
    State(control): State<Control>,
    Extension(actor): Extension<Actor>,
    Path(zone): Path<String>,
) -> Response {
    ask(&control, actor, &zone, |zone| Command::AssessNow {
        zone,
        trigger: Trigger::Api,
    })
    .await
}

async fn tidy(
    State(control): State<Control>,
    Extension(actor): Extension<Actor>,
    Path(zone): Path<String>,
) -> Response {
    ask(&control, actor, &zone, |zone| Command::TidyNow { zone }).await
}

async fn ask(
    control: &Control,
    actor: Actor,
    zone: &str,
    command: impl FnOnce(ZoneId) -> Command,
) -> Response {
    match ZoneId::parse(zone) {
        Ok(zone) => answered(control.ask(actor, command(zone)).await),
        Err(_) => answered(Err(CommandRefusal::UnknownZone)),
    }
}

fn unknown() -> Response {
    bad_request(StatusCode::NOT_FOUND, "there is no such zone")
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
        "last_failure": view.last_failure.as_ref().map(reason_in_english),
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

fn entry(event: &TaskEvent) -> Value {
    json!({
        "at": event.entry.at,
        "task": event.entry.task,
        "title": event.title,
        "what": event.entry.what,
        "why": event.entry.why,
    })
}
