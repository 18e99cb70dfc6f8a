//! One kind of provider: what the settings must know of it, and how it is made. Asks nobody.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::facts::{Facts, PictureForm, QuotaDay, RateLimits};
use super::http::{Access, Service, SetupError};
use super::provider::Provider;
use crate::clock::Clock;
use crate::home_assistant::HomeAssistant;
use crate::model::InstanceName;
use crate::settings::{ProviderKind, ProviderSettings};
use crate::telemetry::Telemetry;

/// The most tokens of an answer. 50 findings have about 4,000; models that think need the rest.
const MOST_TOKENS_OUT: u64 = 8192;
/// The most tokens that one picture counts for with services that do not say.
const TOKENS_PER_PICTURE: u64 = 10_000;

/// Makes a provider of its settings.
pub type Build = fn(&ProviderSettings, &BuildContext<'_>) -> Result<Arc<dyn Provider>, SetupError>;

/// A row of the table of kinds.
pub struct Kind {
    /// Its name, its usual values and the check of its settings.
    pub settings: ProviderKind,
    /// Makes a provider of it. Asks nobody.
    pub build: Build,
}

/// What providers are made with.
pub struct BuildContext<'a> {
    /// The home, for AI Task.
    pub home: &'a HomeAssistant,
    /// Where events go.
    pub telemetry: &'a Telemetry,
    /// The time.
    pub clock: Clock,
    /// For `https`.
    pub tls: &'a Arc<rustls::ClientConfig>,
    /// Marks what we upload.
    pub instance: &'a InstanceName,
    /// Whether no picture may leave the house.
    pub local_only: bool,
}

impl BuildContext<'_> {
    /// The service at `base`, asked with `headers`.
    ///
    /// # Errors
    /// When a key can't stand in a header.
    pub fn service(
        &self,
        base: &Url,
        headers: Vec<(HeaderName, &SecretString)>,
    ) -> Result<Service, SetupError> {
        Service::new(Access {
            base: base.clone(),
            headers,
            tls: self.tls,
            clock: self.clock,
        })
    }
}

/// What is known of a provider by its settings; the rest is as cautious as for a service that nobody knows.
pub fn facts(provider: &ProviderSettings, model: &str) -> Facts {
    let usual = PictureForm::USUAL;
    Facts {
        name: provider.name.clone(),
        kind: provider.kind.name,
        model: model.to_owned(),
        timeout: provider.timeout,
        picture: PictureForm {
            longest_side: provider.max_side.unwrap_or(usual.longest_side),
            quality: provider.quality.unwrap_or(usual.quality),
        },
        price: provider.price,
        tokens_per_picture: TOKENS_PER_PICTURE,
        most_tokens_out: provider.most_tokens_out.map_or(MOST_TOKENS_OUT, u64::from),
        calls_per_question: 1,
        limits: RateLimits {
            per_minute: provider.per_minute,
            per_day: provider.per_day,
            day: QuotaDay::Utc,
            at_a_time: provider.at_a_time,
        },
        frames_wanted: 1,
        asks_a_model: true,
    }
}
