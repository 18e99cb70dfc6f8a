//! What judges frames, as declared: checks what holds for all kinds of providers, and has each kind check its own. The
//! table of kinds is handed in, since the services stand above the settings.

use std::time::Duration;

use super::declared::Provider;
use super::fault::Faults;
use super::fields::{Dollars, Whole};
use super::provider::{ProviderKind, ProviderKinds, ProviderSettings};
use crate::model::{Caps, Price, Usd};

const MOST_PROVIDERS: usize = 20;

/// The providers as declared; one of the first kind if there are none.
pub fn check(
    declared: Vec<Provider>,
    local_only: bool,
    caps: &Caps,
    kinds: &dyn ProviderKinds,
    faults: &mut Faults,
) -> Vec<ProviderSettings> {
    let kinds = kinds.all();
    if declared.len() > MOST_PROVIDERS {
        let found = declared.len();
        faults.add(
            "providers",
            format!("found {found} providers, expected at most {MOST_PROVIDERS}"),
        );
    }
    if declared.is_empty() {
        return usual(&kinds, caps, faults);
    }
    let mut names: Vec<String> = Vec::new();
    let mut checked = Vec::new();
    for (at, provider) in declared.into_iter().enumerate().take(MOST_PROVIDERS) {
        let path = format!("providers[{at}]");
        let Some(kind) = kind(&provider, &kinds, &path, faults) else {
            continue;
        };
        let name = name(&provider, kind, &path, &names, faults);
        names.push(name.clone());
        let Some(check) = (kind.check)(&provider, &path, faults) else {
            continue;
        };
        if local_only && !check.stays_home {
            faults.add(path.as_str(), leaves_home(kind));
        }
        let price = price(&provider, check.price, &path, faults);
        if caps.on_money() && price.is_none() {
            let wanted = kind.pricing.settings();
            faults.add(
                path,
                format!("found no price, {NO_CALL_PRICE}: expected {wanted}; 0 is free"),
            );
        }
        checked.push(settings(name, kind, price, provider));
    }
    checked
}

/// What is used when nothing is declared.
fn usual(
    kinds: &[&'static ProviderKind],
    caps: &Caps,
    faults: &mut Faults,
) -> Vec<ProviderSettings> {
    let Some(kind) = kinds.first() else {
        return Vec::new();
    };
    if caps.on_money() {
        let ProviderKind { title, name, .. } = kind;
        let wanted = kind.pricing.settings();
        faults.add("providers", format!("found none, so {title} is used, {NO_CALL_PRICE}: add a provider of the kind {name} with {wanted}"));
    }
    let provider = Provider::of_kind(kind.name);
    vec![settings(kind.name.to_owned(), kind, None, provider)]
}

const NO_CALL_PRICE: &str = "and the budget limits money, but what a call of it costs is not known";

fn name(
    provider: &Provider,
    kind: &ProviderKind,
    path: &str,
    taken: &[String],
    faults: &mut Faults,
) -> String {
    let name = match &provider.name {
        Some(name) => name.0.clone(),
        None => kind.name.to_owned(),
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

/// The kind that a provider names.
fn kind(
    provider: &Provider,
    kinds: &[&'static ProviderKind],
    path: &str,
    faults: &mut Faults,
) -> Option<&'static ProviderKind> {
    let found = provider.kind.0.as_str();
    let kind = kinds.iter().find(|kind| kind.name == found);
    if kind.is_none() {
        let names: Vec<_> = kinds
            .iter()
            .map(|kind| format!("`{}`", kind.name))
            .collect();
        let found: String = found.chars().take(40).collect();
        faults.add(
            format!("{path}.kind"),
            format!(
                "unknown variant `{found}`, expected one of {}",
                names.join(", ")
            ),
        );
    }
    kind.copied()
}

fn settings(
    name: String,
    kind: &'static ProviderKind,
    price: Option<Price>,
    declared: Provider,
) -> ProviderSettings {
    ProviderSettings {
        name,
        kind,
        timeout: declared.timeout_seconds.map_or(kind.timeout, |seconds| {
            Duration::from_secs(seconds.0.into())
        }),
        max_side: declared.max_side.map(whole),
        quality: declared
            .quality
            .and_then(|quality| u8::try_from(quality.0).ok()),
        price,
        most_tokens_out: declared.max_answer_tokens.map(whole),
        per_minute: declared.requests_per_minute.map(whole),
        per_day: declared.requests_per_day.map(whole),
        at_a_time: declared
            .max_concurrent
            .and_then(|count| usize::try_from(count.0).ok())
            .unwrap_or(kind.at_a_time),
        declared,
    }
}

fn whole<const LEAST: u32, const MOST: u32>(number: Whole<LEAST, MOST>) -> u32 {
    number.0
}

/// What a person says that it costs, or what is `known`.
fn price(
    provider: &Provider,
    known: Option<Price>,
    path: &str,
    faults: &mut Faults,
) -> Option<Price> {
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

fn leaves_home(kind: &ProviderKind) -> String {
    format!(
        "found the kind {} at an address outside the house, expected a provider at home: local_only is on, and its pictures would leave the house",
        kind.name
    )
}
