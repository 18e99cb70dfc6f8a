//! What the local judge asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use super::client::TidyReference;
use crate::model::Price;
use crate::providers::entry::Entry;
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind};
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings,
};

/// The local judge in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: TidyReference::KIND,
        title: "the comparison with a reference",
        timeout: Duration::from_secs(300),
        at_a_time: 1,
        pricing: Pricing::Calls,
        asks_home_assistant: false,
        check,
    },
    build,
};

/// The local judge works with the pictures alone.
fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    let more = [
        declared.api_key.is_some(),
        declared.model.is_some(),
        declared.base_url.is_some(),
        declared.entity.is_some(),
        declared.own_camera_source,
        declared.timeout_seconds.is_some(),
        declared.max_side.is_some(),
        declared.quality.is_some(),
        declared.price_input.is_some(),
        declared.price_output.is_some(),
        declared.price_per_call.is_some(),
        declared.keep_alive.is_some(),
        declared.context_tokens.is_some(),
    ];
    if more.contains(&true) {
        let mut entry = Entry::new(declared, path, faults);
        entry.add("found more than `kind: reference`, expected nothing else: it works with the pictures alone");
    }
    Some(ProviderCheck {
        stays_home: true,
        price: Some(Price::FREE),
    })
}

fn build(
    provider: &ProviderSettings,
    _: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    Ok(Arc::new(TidyReference::new(provider.name.clone())))
}
