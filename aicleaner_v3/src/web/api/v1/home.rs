//! `GET /api/v1/home`: what the home has that a zone could use, and a proposal of zones from it. Only tells.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::super::answer::failed;
use crate::control::Queries;
use crate::home_assistant::Thing;
use crate::setup::{as_yaml, propose};

pub fn read() -> Router<Queries> {
    Router::new().route("/api/v1/home", get(home))
}

async fn home(State(queries): State<Queries>) -> Response {
    let inventory = match queries.inventory().await {
        Ok(Some(inventory)) => inventory,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return failed(StatusCode::SERVICE_UNAVAILABLE, &error, error.code()),
    };
    let zones = propose(&inventory);
    let area_name = |id: &str| {
        let area = inventory.areas.iter().find(|area| area.id == id);
        area.map(|area| area.name.clone())
    };
    let things = |things: &[Thing]| -> Value {
        things
            .iter()
            .map(|thing| {
                json!({
                    "entity_id": thing.entity,
                    "name": thing.name,
                    "area_id": thing.area,
                    "area": thing.area.as_deref().and_then(area_name),
                    "available": thing.is_available,
                })
            })
            .collect()
    };
    let areas: Vec<_> = inventory
        .areas
        .iter()
        .map(|area| json!({"area_id": area.id, "name": area.name}))
        .collect();
    let proposed: Vec<_> = zones
        .iter()
        .map(|zone| {
            let mut shown = json!({"name": zone.name, "cameras": zone.cameras});
            if let Some(id) = &zone.id {
                shown["id"] = json!(id);
            }
            if let Some(list) = &zone.todo_list {
                shown["todo_list"] = json!(list);
            }
            if !zone.occupancy.is_empty() {
                shown["occupancy_entities"] = json!(zone.occupancy);
            }
            shown
        })
        .collect();
    Json(json!({
        "areas": areas,
        "cameras": things(&inventory.cameras),
        "todo_lists": things(&inventory.todo_lists),
        "ai_tasks": things(&inventory.ai_tasks),
        "occupancy_sensors": things(&inventory.occupancy),
        "vacuums": things(&inventory.vacuums),
        "proposal": {"zones": proposed, "yaml": as_yaml(&zones)},
    }))
    .into_response()
}
