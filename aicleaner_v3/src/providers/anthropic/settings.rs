//! What Claude asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::client::Anthropic;
use crate::providers::entry::Entry;
use crate::providers::facts::Facts;
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::prices;
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings, is_at_home,
};

const NAME: &str = "anthropic";
const ADDRESS: &str = "https://api.anthropic.com/v1";
const KNOWN: [&str; 6] = [
    "api_key",
    "model",
    "base_url",
    "price_input",
    "price_output",
    "max_answer_tokens",
];
/// About 4,784 for the largest pictures (platform.claude.com/docs/en/build-with-claude/vision).
const TOKENS_PER_PICTURE: u64 = 5_000;

/// Claude in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: NAME,
        title: "Anthropic's Claude",
        timeout: Duration::from_secs(90),
        at_a_time: 2,
        pricing: Pricing::Tokens,
        asks_home_assistant: false,
        check,
    },
    build,
};

struct Read {
    key: SecretString,
    model: String,
    base: Url,
}

fn read(mut entry: Entry<'_>) -> Option<Read> {
    entry.expect_only(NAME, &KNOWN);
    let model = entry.model("claude-haiku-4-5");
    let base = entry.base_url(ADDRESS, "http://192.168.1.5:1234/v1");
    let key = entry.expect_api_key()?;
    Some(Read {
        key,
        model: model?,
        base: base?,
    })
}

fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    let read = read(Entry::new(declared, path, faults))?;
    let is_original = declared.base_url.is_none();
    // Anthropic's own service is elsewhere; something at home that speaks its API may hand on what it gets.
    let stays_home = is_at_home(&read.base) && declared.local;
    Some(ProviderCheck {
        stays_home,
        price: prices::known(NAME, &read.model, is_original, stays_home),
    })
}

fn build(
    provider: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    let mut faults = Faults::default();
    let read =
        read(Entry::new(&provider.declared, "", &mut faults)).ok_or(SetupError::NotChecked)?;
    let version = SecretString::from(Anthropic::VERSION);
    let headers = vec![
        (HeaderName::from_static(Anthropic::KEY_HEADER), &read.key),
        (HeaderName::from_static(Anthropic::VERSION_HEADER), &version),
    ];
    let service = context.service(&read.base, headers)?;
    let facts = Facts {
        tokens_per_picture: TOKENS_PER_PICTURE,
        ..facts(provider, &read.model)
    };
    Ok(Arc::new(Anthropic::new(facts, service)))
}
