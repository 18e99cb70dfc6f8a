//! What judges frames, as declared and checked: which service, with which key and model, at which price, and
//! whether pictures leave the house for it.

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::check::Faults;
use super::declared::{Provider, ProviderKind};
use super::fields::{Dollars, Whole};
use super::locality::{is_at_home, stays_home};
use super::prices;
use crate::model::{Caps, EntityId, Price, Usd};

const AT_HOME_TIMEOUT: Duration = Duration::from_secs(300);
const CLOUD_TIMEOUT: Duration = Duration::from_secs(90);
pub const DEFAULT_CONTEXT: u32 = 8192;
const MOST_PROVIDERS: usize = 20;

/// One provider, checked.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Unique; the kind's word unless a person chose another.
    pub name: String,
    /// Which service.
    pub service: ServiceSettings,
    /// How long an answer may take.
    pub timeout: Duration,
    /// The longest side of pictures for it, in pixels; none is the usual one.
    pub max_side: Option<u32>,
    /// JPEG quality of pictures for it, 1 to 100; none is the usual one.
    pub quality: Option<u8>,
    /// What it costs; none if nobody knows.
    pub price: Option<Price>,
    /// The most tokens of an answer; none is the usual number.
    pub most_tokens_out: Option<u32>,
    /// Calls a minute; none is no limit.
    pub per_minute: Option<u32>,
    /// Calls a day; none is no limit.
    pub per_day: Option<u32>,
    /// Calls at the same time.
    pub at_a_time: usize,
    /// Whether a person says that pictures stay in the house.
    pub local: bool,
}

/// Which service, and how it is reached.
#[derive(Debug, Clone)]
pub enum ServiceSettings {
    /// Home Assistant's AI Task.
    AiTask {
        /// Which entity; none takes the home's preferred one, or the first that takes pictures.
        entity: Option<EntityId>,
        /// Whether Home Assistant may take its own picture when ours can't be uploaded.
        own_camera_source: bool,
    },
    /// The room against its own tidy self, locally, with no AI.
    Reference,
    /// Google's Gemini.
    Gemini {
        /// The key.
        key: SecretString,
        /// The model.
        model: String,
        /// Up to and with `/v1beta`.
        base: Url,
    },
    /// OpenAI, or what speaks its API.
    OpenAi {
        /// The key; servers at home often want none.
        key: Option<SecretString>,
        /// The model.
        model: String,
        /// Up to and with `/v1`.
        base: Url,
        /// Whether it is OpenAI's own service.
        is_original: bool,
    },
    /// Anthropic's Claude.
    Anthropic {
        /// The key.
        key: SecretString,
        /// The model.
        model: String,
        /// Up to and with `/v1`.
        base: Url,
    },
    /// Ollama.
    Ollama {
        /// The model.
        model: String,
        /// The server.
        base: Url,
        /// How long the model stays loaded.
        keep_alive: String,
        /// The size of the context in tokens.
        context: u32,
    },
}

impl ProviderSettings {
    /// The key, if it has one.
    pub fn key(&self) -> Option<&SecretString> {
        match &self.service {
            ServiceSettings::Gemini { key, .. } | ServiceSettings::Anthropic { key, .. } => {
                Some(key)
            }
            ServiceSettings::OpenAi { key, .. } => key.as_ref(),
            ServiceSettings::AiTask { .. }
            | ServiceSettings::Reference
            | ServiceSettings::Ollama { .. } => None,
        }
    }
}

impl ProviderKind {
    fn word(self) -> &'static str {
        match self {
            Self::AiTask => "ai_task",
            Self::Reference => "reference",
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Self::AiTask | Self::Reference => "",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            // Inside a container `localhost` is the container: the address must be said.
            Self::Ollama => "",
        }
    }

    fn wants_key(self) -> bool {
        matches!(self, Self::Gemini | Self::Anthropic)
    }
}

/// The providers as declared; Home Assistant's AI Task if there are none.
pub fn check(
    declared: Vec<Provider>,
    local_only: bool,
    caps: &Caps,
    faults: &mut Faults,
) -> Vec<ProviderSettings> {
    if declared.len() > MOST_PROVIDERS {
        let found = declared.len();
        faults.add(
            "providers",
            format!("found {found} providers, expected at most {MOST_PROVIDERS}"),
        );
    }
    let mut names: Vec<String> = Vec::new();
    let mut checked = Vec::new();
    for (at, provider) in declared.into_iter().enumerate().take(MOST_PROVIDERS) {
        let path = format!("providers[{at}]");
        let name = name(&provider, &path, &names, faults);
        names.push(name.clone());
        checked.extend(one(&provider, name, &path, local_only, caps, faults));
    }
    if checked.is_empty() && names.is_empty() {
        checked.push(usual(caps, faults));
    }
    checked
}

/// What is used when nothing is declared.
fn usual(caps: &Caps, faults: &mut Faults) -> ProviderSettings {
    if caps.on_money() {
        faults.add("providers", format!("found none, so Home Assistant's AI Task is used, {NO_CALL_PRICE}: add a provider of the kind ai_task with price_per_call"));
    }
    ProviderSettings {
        name: ProviderKind::AiTask.word().to_owned(),
        service: ServiceSettings::AiTask {
            entity: None,
            own_camera_source: false,
        },
        timeout: AT_HOME_TIMEOUT,
        max_side: None,
        quality: None,
        price: None,
        most_tokens_out: None,
        per_minute: None,
        per_day: None,
        at_a_time: 1,
        local: false,
    }
}

const NO_CALL_PRICE: &str = "and the budget limits money, but what a call of it costs is not known";

fn name(provider: &Provider, path: &str, taken: &[String], faults: &mut Faults) -> String {
    let name = match &provider.name {
        Some(name) => name.0.clone(),
        None => provider.kind.word().to_owned(),
    };
    if name.is_empty() || name.contains(char::is_control) {
        faults.add(
            format!("{path}.name"),
            "found no name, expected one line of text",
        );
    }
    if taken.contains(&name) {
        faults.add(
            format!("{path}.name"),
            format!("found {name:?} twice, expected a `name` of its own for each provider"),
        );
    }
    name
}

fn one(
    provider: &Provider,
    name: String,
    path: &str,
    local_only: bool,
    caps: &Caps,
    faults: &mut Faults,
) -> Option<ProviderSettings> {
    let kind = provider.kind;
    if kind == ProviderKind::Reference {
        return Some(reference(provider, name, path, faults));
    }
    refuse_what_does_not_fit(provider, path, faults);
    let service = service(provider, path, faults)?;
    let at_home = stays_home(&service, provider.local);
    if local_only && !at_home {
        faults.add(path, leaves_home(kind));
    }
    let price = price(provider, &service, at_home, path, faults);
    if caps.on_money() && price.is_none() {
        let wanted = match kind {
            ProviderKind::AiTask => "price_per_call",
            _ => "price_input and price_output (US dollars for a million tokens)",
        };
        faults.add(
            path,
            format!("found no price, {NO_CALL_PRICE}: expected {wanted}; 0 is free"),
        );
    }
    let default_timeout = match kind {
        ProviderKind::AiTask | ProviderKind::Ollama => AT_HOME_TIMEOUT,
        _ => CLOUD_TIMEOUT,
    };
    Some(ProviderSettings {
        name,
        timeout: provider.timeout_seconds.map_or(default_timeout, |seconds| {
            Duration::from_secs(seconds.0.into())
        }),
        max_side: provider.max_side.map(whole),
        quality: provider
            .quality
            .and_then(|quality| u8::try_from(quality.0).ok()),
        price,
        most_tokens_out: provider.max_answer_tokens.map(whole),
        per_minute: provider.requests_per_minute.map(whole),
        per_day: provider.requests_per_day.map(whole),
        at_a_time: provider
            .max_concurrent
            .and_then(|count| usize::try_from(count.0).ok())
            .unwrap_or(match kind {
                // A model at home answers one after the other anyway.
                ProviderKind::AiTask | ProviderKind::Ollama => 1,
                _ => 2,
            }),
        local: provider.local,
        service,
    })
}

/// The local judge works with the pictures alone.
fn reference(
    provider: &Provider,
    name: String,
    path: &str,
    faults: &mut Faults,
) -> ProviderSettings {
    let more = [
        provider.api_key.is_some(),
        provider.model.is_some(),
        provider.base_url.is_some(),
        provider.entity.is_some(),
        provider.own_camera_source,
        provider.timeout_seconds.is_some(),
        provider.max_side.is_some(),
        provider.quality.is_some(),
        provider.price_input.is_some(),
        provider.price_output.is_some(),
        provider.price_per_call.is_some(),
        provider.keep_alive.is_some(),
        provider.context_tokens.is_some(),
    ];
    if more.contains(&true) {
        faults.add(path, "found more than `kind: reference`, expected nothing else: it works with the pictures alone");
    }
    ProviderSettings {
        service: ServiceSettings::Reference,
        name,
        timeout: AT_HOME_TIMEOUT,
        max_side: None,
        quality: None,
        price: Some(Price::FREE),
        most_tokens_out: None,
        per_minute: None,
        per_day: None,
        at_a_time: 1,
        local: true,
    }
}

fn whole<const LEAST: u32, const MOST: u32>(number: Whole<LEAST, MOST>) -> u32 {
    number.0
}

/// A field that the kind does not know would be passed over in silence.
fn refuse_what_does_not_fit(provider: &Provider, path: &str, faults: &mut Faults) {
    let kind = provider.kind;
    let is_task = kind == ProviderKind::AiTask;
    let is_ollama = kind == ProviderKind::Ollama;
    let given = [
        ("api_key", provider.api_key.is_some(), is_task || is_ollama),
        ("model", provider.model.is_some(), is_task),
        ("base_url", provider.base_url.is_some(), is_task),
        ("entity", provider.entity.is_some(), !is_task),
        ("own_camera_source", provider.own_camera_source, !is_task),
        ("keep_alive", provider.keep_alive.is_some(), !is_ollama),
        (
            "context_tokens",
            provider.context_tokens.is_some(),
            !is_ollama,
        ),
        ("price_input", provider.price_input.is_some(), is_task),
        ("price_output", provider.price_output.is_some(), is_task),
        (
            "max_answer_tokens",
            provider.max_answer_tokens.is_some(),
            is_task,
        ),
    ];
    for (field, is_given, is_foreign) in given {
        if is_given && is_foreign {
            faults.add(
                format!("{path}.{field}"),
                format!(
                    "found a value, expected none: the kind {} has no such setting",
                    kind.word()
                ),
            );
        }
    }
}

fn service(provider: &Provider, path: &str, faults: &mut Faults) -> Option<ServiceSettings> {
    let kind = provider.kind;
    if kind == ProviderKind::AiTask {
        if let Some(entity) = &provider.entity {
            faults.expect_domain(format!("{path}.entity"), entity, "ai_task");
        }
        return Some(ServiceSettings::AiTask {
            entity: provider.entity.clone(),
            own_camera_source: provider.own_camera_source,
        });
    }
    let model = model(provider, path, faults);
    let base = base(provider, path, faults);
    let key = provider.api_key.as_ref().map(|key| key.0.clone());
    let is_original = provider.base_url.is_none();
    if key.is_none() && (kind.wants_key() || kind == ProviderKind::OpenAi && is_original) {
        faults.add(
            format!("{path}.api_key"),
            "found nothing, expected the service's key",
        );
        return None;
    }
    let (model, base) = (model?, base?);
    Some(match (kind, key) {
        (ProviderKind::Gemini, Some(key)) => ServiceSettings::Gemini { key, model, base },
        (ProviderKind::Anthropic, Some(key)) => ServiceSettings::Anthropic { key, model, base },
        (ProviderKind::Ollama, _) => ServiceSettings::Ollama {
            model,
            base,
            keep_alive: keep_alive(provider, path, faults),
            context: provider.context_tokens.map_or(DEFAULT_CONTEXT, whole),
        },
        (_, key) => ServiceSettings::OpenAi {
            key,
            model,
            base,
            is_original,
        },
    })
}

fn model(provider: &Provider, path: &str, faults: &mut Faults) -> Option<String> {
    let model = provider.model.as_ref().map(|model| model.0.clone());
    let good = |model: &String| {
        let known = |c: char| c.is_ascii_alphanumeric() || "-._:/@+".contains(c);
        !model.is_empty() && model.chars().all(known) && !model.contains("..")
    };
    let found = match &model {
        None => "nothing".to_owned(),
        Some(model) if good(model) => return Some(model.clone()),
        Some(model) => format!("{model:?}"),
    };
    let example = match provider.kind {
        ProviderKind::Gemini => "gemini-2.5-flash-lite",
        ProviderKind::Anthropic => "claude-haiku-4-5",
        ProviderKind::Ollama => "gemma3:4b",
        ProviderKind::OpenAi | ProviderKind::AiTask | ProviderKind::Reference => "gpt-5-mini",
    };
    faults.add(
        format!("{path}.model"),
        format!(
            "found {found}, expected the name of a model that takes pictures, such as {example}"
        ),
    );
    None
}

fn base(provider: &Provider, path: &str, faults: &mut Faults) -> Option<Url> {
    let text = provider
        .base_url
        .as_ref()
        .map_or(provider.kind.address(), |url| url.0.as_str());
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let Some(url) = url else {
        faults.add(
            format!("{path}.base_url"),
            format!("found {text:?}, expected http:// or https://, a host, and the path up to the version, such as {}", match provider.kind {
                ProviderKind::Ollama => "http://192.168.1.5:11434",
                _ => "http://192.168.1.5:1234/v1",
            }),
        );
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        faults.add(
            format!("{path}.base_url"),
            "found a user name or a password in the URL, expected it without: use api_key",
        );
        return None;
    }
    if url.scheme() == "http" && !is_at_home(&url) {
        faults.add(
            format!("{path}.base_url"),
            format!("found {text:?}, expected https://: pictures and key would cross the internet for all to read"),
        );
    }
    Some(url)
}

fn keep_alive(provider: &Provider, path: &str, faults: &mut Faults) -> String {
    let Some(text) = provider.keep_alive.as_ref().map(|text| text.0.clone()) else {
        return "10m".to_owned();
    };
    let digits = text
        .trim_start_matches('-')
        .trim_end_matches(['s', 'm', 'h']);
    if digits.is_empty() || digits.len() > 9 || !digits.chars().all(|c| c.is_ascii_digit()) {
        faults.add(
            format!("{path}.keep_alive"),
            format!("found {text:?}, expected a duration such as 10m, 0 (unload at once) or -1 (for ever)"),
        );
    }
    text
}

fn price(
    provider: &Provider,
    service: &ServiceSettings,
    at_home: bool,
    path: &str,
    faults: &mut Faults,
) -> Option<Price> {
    let known = match service {
        ServiceSettings::AiTask { .. } => None,
        ServiceSettings::Reference => Some(Price::FREE),
        ServiceSettings::Gemini { model, .. } if provider.base_url.is_none() => {
            prices::price("gemini", model)
        }
        ServiceSettings::OpenAi { model, .. } if provider.base_url.is_none() => {
            prices::price("openai", model)
        }
        ServiceSettings::Anthropic { model, .. } if provider.base_url.is_none() => {
            prices::price("anthropic", model)
        }
        _ if at_home => Some(Price::FREE),
        _ => None,
    };
    let usd = |amount: Option<Dollars>| amount.map(|amount| amount.0);
    let (input, output) = (usd(provider.price_input), usd(provider.price_output));
    let call = usd(provider.price_per_call);
    if input.is_some() != output.is_some() {
        faults.add(
            path,
            "found one of price_input and price_output, expected both",
        );
    }
    match (input, output, call) {
        (None, None, None) => known,
        (None, None, Some(call)) => Some(Price::per_call(call)),
        _ => Some(Price {
            input: input.unwrap_or(Usd::ZERO),
            output: output.unwrap_or(Usd::ZERO),
            call: call.unwrap_or(Usd::ZERO),
        }),
    }
}

fn leaves_home(kind: ProviderKind) -> String {
    format!(
        "found the kind {} at an address outside the house, expected a provider at home: local_only is on, and its pictures would leave the house",
        kind.word()
    )
}
