//! Makes the providers that the settings name, with what is known of each: prices, limits, the size of
//! pictures. Asks nobody.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret as _, SecretString};

use crate::clock::Clock;
use crate::home_assistant::HomeAssistant;
use crate::model::{EntityId, InstanceName};
use crate::providers::{
    Access, AiTask, AiTaskOptions, Anthropic, Day, Facts, Gemini, Limits, Ollama, OllamaOptions,
    OpenAi, PictureForm, Provider, Service, SetupError, TidyReference,
};
use crate::settings::{ProviderSettings, ServiceSettings, Settings};
use crate::telemetry::Telemetry;
use crate::tls::{self, TlsError};

/// The most tokens of an answer. 50 findings have about 4,000; models that think need the rest.
const CLOUD_TOKENS: u64 = 8192;
const HOME_TOKENS: u64 = 4096;

/// What providers are made with.
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
    settings
        .providers
        .iter()
        .map(|provider| {
            let must_stay_home = settings.local_only && !provider.local;
            let maker = Maker {
                provider,
                options,
                tls: &tls,
                instance: &settings.instance,
                must_stay_home,
            };
            maker.make().map_err(|reason| BuildError::Provider {
                provider: provider.name.clone(),
                reason,
            })
        })
        .collect()
}

struct Maker<'a> {
    provider: &'a ProviderSettings,
    options: &'a BuildOptions<'a>,
    tls: &'a Arc<rustls::ClientConfig>,
    instance: &'a InstanceName,
    must_stay_home: bool,
}

impl Maker<'_> {
    fn make(&self) -> Result<Arc<dyn Provider>, SetupError> {
        Ok(match &self.provider.service {
            ServiceSettings::AiTask {
                entity,
                own_camera_source,
            } => self.ai_task(entity.clone(), *own_camera_source),
            ServiceSettings::Reference => Arc::new(TidyReference::new(self.provider.name.clone())),
            ServiceSettings::Gemini { key, model, base } => {
                let header = HeaderName::from_static(Gemini::KEY_HEADER);
                let service = self.service(base, vec![(header, key)])?;
                Arc::new(Gemini::new(self.facts("gemini", model), service))
            }
            ServiceSettings::OpenAi {
                key,
                model,
                base,
                is_original,
            } => {
                let bearer = key
                    .as_ref()
                    .map(|key| SecretString::from(format!("Bearer {}", key.expose_secret())));
                let headers = bearer.iter().map(|bearer| (AUTHORIZATION, bearer));
                let service = self.service(base, headers.collect())?;
                if let Some(key) = key {
                    service.hide(key);
                }
                let facts = self.facts("openai", model);
                Arc::new(OpenAi::new(facts, service, *is_original))
            }
            ServiceSettings::Anthropic { key, model, base } => {
                let version = SecretString::from(Anthropic::VERSION);
                let headers = vec![
                    (HeaderName::from_static(Anthropic::KEY_HEADER), key),
                    (HeaderName::from_static(Anthropic::VERSION_HEADER), &version),
                ];
                let service = self.service(base, headers)?;
                Arc::new(Anthropic::new(self.facts("anthropic", model), service))
            }
            ServiceSettings::Ollama {
                model,
                base,
                keep_alive,
                context,
            } => {
                let options = OllamaOptions {
                    keep_alive: keep_alive.clone(),
                    context: *context,
                };
                let service = self.service(base, Vec::new())?;
                Arc::new(Ollama::new(self.facts("ollama", model), service, options))
            }
        })
    }

    fn ai_task(&self, entity: Option<EntityId>, own_camera_source: bool) -> Arc<dyn Provider> {
        let name = entity.as_ref().map_or("preferred", EntityId::as_str);
        let facts = Facts {
            // One to generate data, one to evaluate where the entity can.
            calls_per_question: 2,
            most_tokens_out: 0,
            tokens_per_picture: 0,
            ..self.facts("ai_task", name)
        };
        let options = AiTaskOptions {
            instance: self.instance.clone(),
            entity,
            own_camera_source,
            must_stay_home: self.must_stay_home,
        };
        let (home, telemetry) = (self.options.home.clone(), self.options.telemetry.clone());
        Arc::new(AiTask::new(facts, home, telemetry, options))
    }

    fn service(
        &self,
        base: &Url,
        headers: Vec<(HeaderName, &SecretString)>,
    ) -> Result<Service, SetupError> {
        Service::new(Access {
            base: base.clone(),
            headers,
            tls: self.tls,
            clock: self.options.clock,
        })
    }

    fn facts(&self, kind: &'static str, model: &str) -> Facts {
        let provider = self.provider;
        let usual = PictureForm::USUAL;
        let picture = PictureForm {
            longest_side: provider.max_side.unwrap_or(usual.longest_side),
            quality: provider.quality.unwrap_or(usual.quality),
        };
        Facts {
            name: provider.name.clone(),
            kind,
            model: model.to_owned(),
            timeout: provider.timeout,
            picture,
            price: provider.price,
            tokens_per_picture: tokens_per_picture(kind, model, picture.longest_side),
            most_tokens_out: provider.most_tokens_out.map_or(
                match kind {
                    "ollama" => HOME_TOKENS,
                    _ => CLOUD_TOKENS,
                },
                u64::from,
            ),
            calls_per_question: 1,
            limits: Limits {
                per_minute: provider.per_minute,
                per_day: provider.per_day,
                day: match kind {
                    "gemini" => Day::Pacific,
                    _ => Day::Utc,
                },
                at_a_time: provider.at_a_time,
            },
            frames_wanted: 1,
            asks_a_model: true,
        }
    }
}

/// The most tokens that a picture can count for, rounded up from what the services document.
fn tokens_per_picture(kind: &str, model: &str, longest_side: u32) -> u64 {
    match kind {
        // Tiles of at least 384 pixels at 258 tokens (ai.google.dev/gemini-api/docs/image-understanding); up to 2,240
        // for the highest resolution of Gemini 3 (…/docs/media-resolution).
        "gemini" => {
            let tiles = u64::from(longest_side.div_ceil(384));
            (tiles * tiles * 258).max(2_240)
        }
        // At most eight tiles at 5,667 and 2,833 more (developers.openai.com/api/docs/guides/images-vision).
        "openai" if model.contains("4o-mini") => 48_200,
        // About 4,784 for the largest pictures (platform.claude.com/docs/en/build-with-claude/vision).
        "anthropic" => 5_000,
        _ => 10_000,
    }
}
