//! A zone's state: what is stored and shown of it, and what changes it. Each change is stored first, with its effects,
//! and then taken over; when the store refuses, nothing has changed. Knows no times to come and starts no check.

mod assess;
mod commands;
mod user_actions;
mod zone_state;

pub use zone_state::{ChangeError, ZoneState};
