//! Integration tests of the library with real parts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod home_assistant;
mod mqtt;
mod providers;
mod spine;
