//! Home Assistant's AI Task: client and settings.

mod client;
mod evaluation;
mod settings;

pub use client::{AiTask, AiTaskOptions};
pub use settings::KIND;
