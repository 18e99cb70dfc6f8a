//! Version 1 of the API: one file a resource. It asks `control` and acts on nothing by itself.

mod dashboard;
mod drawing;
mod home;
mod last_request;
mod zones;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;

use super::json_only::json_only;
use crate::control::{Control, Queries};

/// The largest body, in bytes: far more than 64 shapes of 64 corners.
const LARGEST_BODY: usize = 512 * 1024;

/// The routes below `/api/v1`; without `control` there is nothing to command.
pub fn routes(queries: Queries, control: Option<Control>) -> Router {
    let read = Router::new()
        .merge(zones::read())
        .merge(home::read())
        .merge(last_request::read())
        .with_state(queries);
    let Some(control) = control else { return read };
    let write = Router::new()
        .merge(zones::write())
        .merge(drawing::write())
        .merge(dashboard::write())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(json_only))
        .with_state(control);
    read.merge(write)
}
