//! What of Home Assistant and of the clock requests checks of a zone: states, events, a cron expression. Pure.

mod burst;
mod home;
mod states;
mod timetable;

pub use home::HomeTriggers;
