//! `PUT /api/v1/zones/ZONE/cameras/CAMERA/drawing`: masks and regions of a camera's picture. They replace those that
//! were drawn before.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::put;
use axum::{Extension, Json, Router};
use serde::Deserialize;

use super::super::answer::answered;
use crate::control::Control;
use crate::model::{Actor, Command, CommandRefusal, EntityId, Mask, Region, ZoneId};

pub fn write() -> Router<Control> {
    Router::new().route("/api/v1/zones/{zone}/cameras/{camera}/drawing", put(draw))
}

/// What is drawn on a camera's picture.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawing {
    #[serde(default)]
    masks: Vec<Mask>,
    #[serde(default)]
    regions: Vec<Region>,
}

async fn draw(
    State(control): State<Control>,
    Extension(actor): Extension<Actor>,
    Path((zone, camera)): Path<(String, String)>,
    Json(Drawing { masks, regions }): Json<Drawing>,
) -> Response {
    let Ok(zone) = ZoneId::parse(&zone) else {
        return answered(Err(CommandRefusal::UnknownZone));
    };
    let Ok(camera) = EntityId::parse(&camera) else {
        return answered(Err(CommandRefusal::UnknownCamera));
    };
    let command = Command::Draw {
        zone,
        camera,
        masks,
        regions,
    };
    answered(control.ask(actor, command).await)
}
