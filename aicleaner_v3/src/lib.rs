//! AICleaner: notices the mess in a room and puts it on Home Assistant's to-do list.
//!
//! The modules are floors: each imports from lower floors only. `docs/architecture.md` draws the house.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::large_futures
    )
)]

pub mod app;
pub mod backoff;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod control;
pub mod engine;
pub mod entities;
#[cfg(feature = "fault-points")]
#[doc(hidden)]
pub mod fault_point;
#[cfg(not(feature = "fault-points"))]
mod fault_point;
pub mod health;
pub mod home_assistant;
pub mod i18n;
pub mod image_thread;
pub mod mqtt;
pub mod outputs;
#[cfg(target_os = "linux")]
pub mod privileges;
pub mod providers;
pub mod router;
pub mod settings;
pub mod setup;
pub mod store;
pub mod tasks;
pub mod telemetry;
pub mod tls;
pub mod web;

#[doc(no_inline)]
pub use aicleaner_model as model;
#[doc(no_inline)]
pub use aicleaner_vision as vision;
