//! Integration tests of the library with real parts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod floors;
mod home_assistant;
mod mqtt;
mod program;
mod spine;
