//! What Claude asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;
use secrecy::SecretString;

use super::client::Anthropic;
use crate::providers::facts::Facts;
use crate::providers::http::SetupError;
use crate::providers::keyed_service::KeyedKind;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings,
};

const SERVICE: KeyedKind = KeyedKind {
    name: "anthropic",
    address: "https://api.anthropic.com/v1",
    model: "claude-haiku-4-5",
};
/// About 4,784 for the largest pictures (platform.claude.com/docs/en/build-with-claude/vision).
const TOKENS_PER_PICTURE: u64 = 5_000;

/// Claude in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: SERVICE.name,
        title: "Anthropic's Claude",
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
    let version = SecretString::from(Anthropic::VERSION);
    let headers = vec![
        (
            HeaderName::from_static(Anthropic::KEY_HEADER),
            &declared.key,
        ),
        (HeaderName::from_static(Anthropic::VERSION_HEADER), &version),
    ];
    let service = context.service(&declared.base, headers)?;
    let facts = Facts {
        tokens_per_picture: TOKENS_PER_PICTURE,
        ..facts(provider, &declared.model)
    };
    Ok(Arc::new(Anthropic::new(facts, service)))
}
