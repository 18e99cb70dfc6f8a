//! Declared settings: what a person wrote, merged (defaults < file < environment), typed strictly, validated.
//! Nothing may run with settings that were not validated here.

mod check;
mod checked;
mod connections;
mod declared;
mod defaults;
mod fault;
mod fields;
mod listeners;
mod load;
mod locality;
mod log_level;
mod merge;
mod notifications;
mod provider;
mod providers;
mod sections;
mod state;
mod tone;
mod triggers;
mod zones;

pub use checked::{Items, Settings};
pub use connections::{BrokerSettings, HomeAssistantAccess, MqttSettings, WebSettings};
pub use declared::Provider as DeclaredProvider;
pub use fault::{Fault, Faults, SettingsError};
pub use listeners::Listeners;
pub use locality::is_at_home;
pub use log_level::LogLevel;
pub use merge::ENVIRONMENT_PREFIX;
pub use notifications::{Hours, Notifications};
pub use provider::{Pricing, ProviderCheck, ProviderKind, ProviderKinds, ProviderSettings};
pub use sections::Sections;
pub use state::DeclaredState;
pub use tone::Tone;

pub use crate::model::Deployment;

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
