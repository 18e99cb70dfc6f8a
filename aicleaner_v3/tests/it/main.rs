//! Integration tests of the library with real parts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../contract/mod.rs"]
mod contract;
mod floors;
mod home;
mod home_assistant;
mod mqtt;
mod occupancy;
mod on_the_simulated_home;
mod paraphrases;
mod people;
mod program;
mod providers;
mod spine;
mod store;
