//! The engine: one worker a zone, each the only owner of its zone's state. Others ask by message and read
//! immutable views; nothing here knows MQTT or the page.
//!
//! # The way of a trigger
//!
//! Whatever wants a check *requests* it, and every request ends in the one pending check of its zone:
//!
//! 1. **Sources.** A person or an automation: [`Engine::command`]. Another part of the program: [`Engine::request_check`].
//!    A state, an event or the home's clock: `triggers/` (a flood of changes is one request, `triggers/burst.rs`). The
//!    interval, a recheck, a retry: `schedule.rs`. A room that is clear again: `occupancy.rs`.
//! 2. **Worker.** `worker.rs` waits for all of them. Commands and other requests reach it as a `Message`; what is due by
//!    time comes with `Worker::request_due`.
//! 3. **Request.** `Schedule::request` keeps the strongest trigger: a person's beats an event's, which beats the
//!    schedule's. While a check runs, it stays pending.
//! 4. **Start.** `Worker::start_next` takes what is pending and asks `check/allowed.rs`. If it is forbidden, the check is
//!    skipped with a reason, and `Worker::on_skip` plans what may come later; a command is answered with the reason.
//! 5. **Check.** Else `check/run.rs` runs as a child task: capture, gate, judgement. Its result comes back to
//!    `Worker::on_finished`, is reconciled and stored by `state/`, and may plan the next request.

mod check;
mod command;
mod configuration;
mod delays;
mod description;
mod effects;
mod event_bus;
mod events;
#[cfg(test)]
mod fixtures;
mod handle;
mod jobs;
mod message;
mod occupancy;
mod pause;
mod running;
mod schedule;
mod services;
mod state;
mod throttle;
mod triggers;
mod worker;
mod zones;

pub use command::{EngineCommand, ZoneCommand};
pub use configuration::Configuration;
pub use delays::after_passing;
pub use event_bus::ZoneEvent;
pub use events::{
    AllTidy, CheckFailed, CheckSkipped, MessFound, SnapshotTaken, TaskEnded, TaskOpened,
    TidyRemembered, ZoneAssessed,
};
#[cfg(test)]
pub(crate) use fixtures::sample;
pub use handle::Engine;
pub use services::Services;
pub use zones::{Applied, ZoneViews};
