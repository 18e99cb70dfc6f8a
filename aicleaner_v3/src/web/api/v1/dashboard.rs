//! `POST /api/v1/dashboard`: makes or refreshes the dashboard in Home Assistant.

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};

use super::super::answer::answered;
use crate::control::Control;
use crate::model::{Actor, Command};

pub fn write() -> Router<Control> {
    Router::new().route("/api/v1/dashboard", post(make))
}

async fn make(State(control): State<Control>, Extension(actor): Extension<Actor>) -> Response {
    answered(control.ask(actor, Command::MakeDashboard).await)
}
