//! `/api/v1/zones/ID/last-request`: the exact pictures and text of a zone's last request to a provider, for
//! whoever wants to know what leaves the house. There are no keys in it.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::control::Queries;
use crate::router::Sent;

pub fn read() -> Router<Queries> {
    Router::new()
        .route("/api/v1/zones/{zone}/last-request", get(request))
        .route(
            "/api/v1/zones/{zone}/last-request/pictures/{picture}",
            get(picture),
        )
}

const PRIVATE: [(header::HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

async fn request(State(queries): State<Queries>, Path(zone): Path<String>) -> Response {
    let sent = queries.last_request(&zone);
    match sent {
        Some(sent) => (PRIVATE, Json(described(&sent))).into_response(),
        None => nothing(),
    }
}

async fn picture(
    State(queries): State<Queries>,
    Path((zone, picture)): Path<(String, String)>,
) -> Response {
    let index = picture
        .strip_suffix(".jpg")
        .and_then(|index| index.parse::<usize>().ok());
    let sent = queries.last_request(&zone);
    let jpeg = sent
        .zip(index)
        .and_then(|(sent, index)| sent.pictures.get(index).cloned());
    match jpeg {
        Some(jpeg) => {
            let kind = [(header::CONTENT_TYPE, "image/jpeg")];
            (PRIVATE, kind, jpeg).into_response()
        }
        None => nothing(),
    }
}

fn nothing() -> Response {
    let told = json!({"error": "Nothing was sent for this zone since the start."});
    (StatusCode::NOT_FOUND, Json(told)).into_response()
}

/// Addresses are relative: under ingress the page lives below a prefix.
fn described(sent: &Sent) -> Value {
    let pictures: Vec<_> = sent
        .pictures
        .iter()
        .enumerate()
        .map(|(index, jpeg)| {
            json!({"url": format!("last-request/pictures/{index}.jpg"), "bytes": jpeg.len()})
        })
        .collect();
    json!({
        "at": sent.at.to_string(),
        "provider": sent.provider,
        "model": sent.model,
        "text": sent.text,
        "pictures": pictures,
    })
}
