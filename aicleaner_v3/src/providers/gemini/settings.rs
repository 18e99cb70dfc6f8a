//! What Gemini asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;

use super::client::Gemini;
use crate::providers::facts::{Facts, QuotaDay, RateLimits};
use crate::providers::http::SetupError;
use crate::providers::keyed_service::KeyedKind;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings,
};

const SERVICE: KeyedKind = KeyedKind {
    name: "gemini",
    address: "https://generativelanguage.googleapis.com/v1beta",
    model: "gemini-2.5-flash-lite",
};

/// Gemini in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: SERVICE.name,
        title: "Google's Gemini",
        timeout: Duration::from_secs(90),
        at_a_time: 2,
        pricing: Pricing::Tokens,
        asks_home_assistant: false,
        check,
    },
    build,
};

fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    SERVICE.check(declared, path, faults)
}

fn build(
    provider: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    let declared = SERVICE.service(provider)?;
    let headers = vec![(HeaderName::from_static(Gemini::KEY_HEADER), &declared.key)];
    let service = context.service(&declared.base, headers)?;
    let facts = facts(provider, &declared.model);
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
