//! The spine, end to end: from the camera to the to-do list, through everything in between.

mod api;
mod bad_input;
mod commands;
mod first_room;
mod gate;
pub mod rig;
mod zones;
