//! The program as it is started: exit codes, signals, the health check, and what a `kill -9` leaves.

mod assess;
mod exits;
mod killed;
pub mod process;
mod providers;
mod secrets;
mod under_supervisor;
