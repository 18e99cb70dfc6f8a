//! What OpenAI, and all that speak its API, ask of their settings, and how they are made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};

use super::client::OpenAi;
use crate::providers::entry::Entry;
use crate::providers::facts::Facts;
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::prices;
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings, is_at_home,
};

const NAME: &str = "openai";
const ADDRESS: &str = "https://api.openai.com/v1";
const KNOWN: [&str; 6] = [
    "api_key",
    "model",
    "base_url",
    "price_input",
    "price_output",
    "max_answer_tokens",
];

/// What speaks OpenAI's API in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: NAME,
        title: "OpenAI, or what speaks its API",
        timeout: Duration::from_secs(90),
        at_a_time: 2,
        pricing: Pricing::Tokens,
        asks_home_assistant: false,
        check,
    },
    build,
};

struct Read {
    /// Servers at home often want none.
    key: Option<SecretString>,
    model: String,
    base: Url,
    /// Whether it is OpenAI's own service.
    is_original: bool,
}

fn read(mut entry: Entry<'_>) -> Option<Read> {
    entry.expect_only(NAME, &KNOWN);
    let is_original = entry.declared.base_url.is_none();
    let model = entry.model("gpt-5-mini");
    let base = entry.base_url(ADDRESS, "http://192.168.1.5:1234/v1");
    let key = match is_original {
        true => Some(entry.expect_api_key()?),
        false => entry.api_key(),
    };
    Some(Read {
        key,
        model: model?,
        base: base?,
        is_original,
    })
}

fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    let read = read(Entry::new(declared, path, faults))?;
    let stays_home = is_at_home(&read.base) || declared.local;
    Some(ProviderCheck {
        stays_home,
        price: prices::known(NAME, &read.model, read.is_original, stays_home),
    })
}

fn build(
    provider: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    let mut faults = Faults::default();
    let read =
        read(Entry::new(&provider.declared, "", &mut faults)).ok_or(SetupError::NotChecked)?;
    let bearer = read
        .key
        .as_ref()
        .map(|key| SecretString::from(format!("Bearer {}", key.expose_secret())));
    let headers = bearer.iter().map(|bearer| (AUTHORIZATION, bearer));
    let service = context.service(&read.base, headers.collect())?;
    if let Some(key) = &read.key {
        service.hide(key);
    }
    let facts = facts(provider, &read.model);
    let facts = match read.model.contains("4o-mini") {
        // At most eight tiles at 5,667 and 2,833 more (developers.openai.com/api/docs/guides/images-vision).
        true => Facts {
            tokens_per_picture: 48_200,
            ..facts
        },
        false => facts,
    };
    Ok(Arc::new(OpenAi::new(facts, service, read.is_original)))
}
