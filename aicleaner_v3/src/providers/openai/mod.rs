//! OpenAI, and all that speak its API: client and settings.

mod client;
mod settings;

pub use settings::KIND;
