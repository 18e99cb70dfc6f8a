//! Ollama, a model at home: client and settings.

mod client;
mod settings;

pub use settings::KIND;

#[cfg(test)]
pub use settings::DEFAULT_CONTEXT;
