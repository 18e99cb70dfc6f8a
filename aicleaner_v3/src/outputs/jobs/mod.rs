//! The runner of jobs: all stored effects on the home other than on to-do lists.

mod decision;
mod events;
mod runner;

pub use runner::{JobParts, jobs};
