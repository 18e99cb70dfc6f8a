//! The JSON API for what people do: look now, call a zone tidy, draw masks and regions. It asks the engine; it acts on
//! nothing by itself. Bodies are JSON and say so, which no form of a foreign page can.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use axum::{Json, extract::Request};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::Shown;
use super::answer::refused;
use crate::model::{Command, EntityId, Mask, Region, Trigger, Zone, ZoneId};

/// The largest body, in bytes: far more than 64 shapes of 64 corners.
const LARGEST_BODY: usize = 512 * 1024;
const MOST_SHAPES: usize = 64;

#[derive(Clone)]
struct Api {
    shown: Shown,
    commands: mpsc::Sender<Command>,
}

pub fn routes(shown: Shown, commands: mpsc::Sender<Command>) -> Router {
    Router::new()
        .route("/api/v1/zones/{zone}/assess", post(assess))
        .route("/api/v1/zones/{zone}/tidy", post(tidy))
        .route("/api/v1/zones/{zone}/cameras/{camera}/drawing", put(draw))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(json_only))
        .with_state(Api { shown, commands })
}

/// What is drawn on a camera's picture. It replaces what was drawn before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawing {
    #[serde(default)]
    masks: Vec<Mask>,
    #[serde(default)]
    regions: Vec<Region>,
}

pub async fn json_only(headers: HeaderMap, request: Request, next: Next) -> Response {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.split(';').next() == Some("application/json") {
        next.run(request).await
    } else {
        refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send the header Content-Type: application/json",
        )
    }
}

async fn assess(State(api): State<Api>, Path(zone): Path<String>) -> Response {
    api.ask(&zone, |zone| {
        Ok(Command::AssessNow {
            zone: zone.id,
            trigger: Trigger::Api,
        })
    })
}

async fn tidy(State(api): State<Api>, Path(zone): Path<String>) -> Response {
    api.ask(&zone, |zone| Ok(Command::TidyNow { zone: zone.id }))
}

async fn draw(
    State(api): State<Api>,
    Path((zone, camera)): Path<(String, String)>,
    body: Json<Drawing>,
) -> Response {
    api.ask(&zone, |zone| {
        let known = EntityId::parse(&camera)
            .ok()
            .filter(|camera| zone.cameras.contains(camera));
        let Some(camera) = known else {
            return Err((StatusCode::NOT_FOUND, "the zone has no such camera"));
        };
        let Json(Drawing { masks, regions }) = body;
        if masks.len() > MOST_SHAPES || regions.len() > MOST_SHAPES {
            return Err((
                StatusCode::UNPROCESSABLE_ENTITY,
                "at most 64 masks and 64 regions can be drawn",
            ));
        }
        Ok(Command::Draw {
            zone: zone.id,
            camera,
            masks,
            regions,
        })
    })
}

/// Why a command can't be made of a request.
type Refusal = (StatusCode, &'static str);

impl Api {
    /// Hands a command for a known zone in, and says that it was taken.
    fn ask(&self, zone: &str, command: impl FnOnce(Zone) -> Result<Command, Refusal>) -> Response {
        let known = ZoneId::parse(zone).ok().and_then(|id| {
            self.shown
                .views()
                .iter()
                .map(|view| view.zone.clone())
                .find(|zone| zone.id == id)
        });
        let Some(zone) = known else {
            return refused(StatusCode::NOT_FOUND, "there is no such zone");
        };
        match command(zone).map(|command| self.commands.try_send(command)) {
            Ok(Ok(())) => (StatusCode::ACCEPTED, Json(json!({"accepted": true}))).into_response(),
            Ok(Err(_)) => refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "too much is being asked at once; try again",
            ),
            Err((status, reason)) => refused(status, reason),
        }
    }
}
