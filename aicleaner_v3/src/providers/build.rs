//! Makes the providers that the settings name, in their order. Asks nobody.

use std::sync::Arc;

use super::http::SetupError;
use super::kind::BuildContext;
use super::kinds;
use super::provider::Provider;
use crate::clock::Clock;
use crate::home_assistant::HomeAssistant;
use crate::settings::Settings;
use crate::telemetry::Telemetry;
use crate::tls::{self, TlsError};

/// What providers are made with, besides their settings.
pub struct BuildOptions<'a> {
    /// The home, for AI Task.
    pub home: &'a HomeAssistant,
    /// Where events go.
    pub telemetry: &'a Telemetry,
    /// The time.
    pub clock: Clock,
}

/// Why a provider can't be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// TLS can't be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A key can't be sent.
    #[error("provider {provider}: {reason}")]
    Provider {
        /// Its name.
        provider: String,
        /// Why.
        reason: SetupError,
    },
}

/// The providers of `settings`, in their order.
///
/// # Errors
/// When a key can't stand in a header, or TLS can't be set up.
pub fn build(
    settings: &Settings,
    options: &BuildOptions<'_>,
) -> Result<Vec<Arc<dyn Provider>>, BuildError> {
    let tls = tls::client_config(settings.own_ca.as_deref().map(str::as_bytes))?;
    let context = BuildContext {
        home: options.home,
        telemetry: options.telemetry,
        clock: options.clock,
        tls: &tls,
        instance: &settings.instance,
        local_only: settings.local_only,
    };
    settings
        .providers
        .iter()
        .map(|provider| {
            let row = kinds::row(provider.kind).ok_or(SetupError::NotChecked);
            row.and_then(|row| (row.build)(provider, &context))
                .map_err(|reason| BuildError::Provider {
                    provider: provider.name.clone(),
                    reason,
                })
        })
        .collect()
}
