//! A simulated home for tests and the demo: Home Assistant, Supervisor's front, cameras that show
//! drawn rooms, a model that knows what lies in them, an Ollama server and an MQTT broker.
//! It must never depend on the product, so that the product cannot lean on it.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod broker;
pub mod camera;
#[cfg(test)]
mod client_for_tests;
#[cfg(test)]
mod contract;
mod error;
pub mod fixtures;
pub mod home;
mod http;
pub mod model;
pub mod ollama;
mod port;
pub mod providers;
pub mod real;
pub mod report;
pub mod scene;
mod server;
pub mod supervisor;
mod time;

pub use error::KitError;
