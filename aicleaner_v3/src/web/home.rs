//! `GET /api/v1/home`: what the home has that a zone could use, and a proposal of zones from it. Only tells.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::answer::failed;
use crate::home_assistant::Thing;
use crate::operations::{HouseSource, as_yaml, propose};

pub fn routes(house: HouseSource) -> Router {
    Router::new()
        .route("/api/v1/home", get(home))
        .with_state(house)
}

async fn home(State(source): State<HouseSource>) -> Response {
    let house = match source.house().await {
        Ok(house) => house,
        Err(error) => return failed(StatusCode::SERVICE_UNAVAILABLE, &error, error.code()),
    };
    let zones = propose(&house);
    let area_name = |id: &str| {
        let area = house.areas.iter().find(|area| area.id == id);
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
    let areas: Vec<_> = house
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
        "cameras": things(&house.cameras),
        "todo_lists": things(&house.todo_lists),
        "ai_tasks": things(&house.ai_tasks),
        "occupancy_sensors": things(&house.occupancy),
        "vacuums": things(&house.vacuums),
        "proposal": {"zones": proposed, "yaml": as_yaml(&zones)},
    }))
    .into_response()
}
