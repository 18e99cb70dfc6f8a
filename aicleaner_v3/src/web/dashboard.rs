//! `POST /api/v1/dashboard`: makes or refreshes the dashboard in Home Assistant. It asks; the outputs do it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router, middleware};
use serde_json::json;

use super::answer::failed;
use super::api::json_only;
use crate::outputs::{Dashboard, DashboardError};

pub fn routes(dashboard: Dashboard) -> Router {
    Router::new()
        .route("/api/v1/dashboard", post(make))
        .layer(middleware::from_fn(json_only))
        .with_state(dashboard)
}

async fn make(State(dashboard): State<Dashboard>) -> Response {
    match dashboard.make().await {
        Ok(made) => {
            let status = match made.is_new {
                true => StatusCode::CREATED,
                false => StatusCode::OK,
            };
            (
                status,
                Json(json!({"url_path": made.url_path, "created": made.is_new})),
            )
                .into_response()
        }
        Err(error) => {
            let status = match &error {
                DashboardError::NoAdmin => StatusCode::FORBIDDEN,
                DashboardError::NotOurs(_) | DashboardError::Busy => StatusCode::CONFLICT,
                DashboardError::Home(_) => StatusCode::BAD_GATEWAY,
            };
            let code = error.code();
            failed(status, &error, code)
        }
    }
}
