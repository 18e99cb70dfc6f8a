//! The local judge, with no AI: client and settings.

mod client;
mod settings;

#[cfg(test)]
mod tests;

pub use settings::KIND;
