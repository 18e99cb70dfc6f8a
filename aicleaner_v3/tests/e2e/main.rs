//! End-to-end tests: the built program against a real Home Assistant, a real mosquitto, and a simulated Ollama behind
//! Home Assistant's own integration. They share one house; each has its own rooms, list and instance in it. Run them
//! with `make e2e`, one at a time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

mod blueprints;
mod checks;
#[path = "../contract/mod.rs"]
mod contract;
mod controls;
mod dashboard;
mod entities;
mod flat;
mod gate;
mod interruptions;
mod killing;
mod lists;
mod on_the_real_home;
mod program;
mod shared_home;
mod staying;
mod stopping;
