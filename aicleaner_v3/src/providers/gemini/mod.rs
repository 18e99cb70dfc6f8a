//! Google's Gemini: client and settings.

mod client;
mod settings;

pub use settings::KIND;
