//! What Gemini asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::client::Gemini;
use crate::providers::entry::Entry;
use crate::providers::facts::{Facts, QuotaDay, RateLimits};
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::prices;
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings, is_at_home,
};

const NAME: &str = "gemini";
const ADDRESS: &str = "https://generativelanguage.googleapis.com/v1beta";
const KNOWN: [&str; 6] = [
    "api_key",
    "model",
    "base_url",
    "price_input",
    "price_output",
    "max_answer_tokens",
];

/// Gemini in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: NAME,
        title: "Google's Gemini",
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
    let model = entry.model("gemini-2.5-flash-lite");
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
    // Google's own service is elsewhere; something at home that speaks its API may hand on what it gets.
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
    let headers = vec![(HeaderName::from_static(Gemini::KEY_HEADER), &read.key)];
    let service = context.service(&read.base, headers)?;
    let facts = facts(provider, &read.model);
    let facts = Facts {
        tokens_per_picture: tokens_per_picture(facts.picture.longest_side),
        limits: RateLimits {
            day: QuotaDay::Pacific,
            ..facts.limits
        },
        ..facts
    };
    Ok(Arc::new(Gemini::new(facts, service)))
}

/// Tiles of at least 384 pixels at 258 tokens (ai.google.dev/gemini-api/docs/image-understanding); up to 2,240 for the
/// highest resolution of Gemini 3 (…/docs/media-resolution).
fn tokens_per_picture(longest_side: u32) -> u64 {
    let tiles = u64::from(longest_side.div_ceil(384));
    (tiles * tiles * 258).max(2_240)
}
