//! What Ollama asks of its settings, and how it is made of them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::client::{Ollama, OllamaOptions};
use crate::model::Price;
use crate::providers::entry::Entry;
use crate::providers::facts::Facts;
use crate::providers::http::SetupError;
use crate::providers::kind::{BuildContext, Kind, facts};
use crate::providers::provider::Provider;
use crate::settings::{
    DeclaredProvider, Faults, Pricing, ProviderCheck, ProviderKind, ProviderSettings, is_at_home,
};

/// The size of the context in tokens when none is declared.
pub const DEFAULT_CONTEXT: u32 = 8192;
const NAME: &str = "ollama";
const KNOWN: [&str; 7] = [
    "model",
    "base_url",
    "keep_alive",
    "context_tokens",
    "price_input",
    "price_output",
    "max_answer_tokens",
];
/// The most tokens of an answer: models at home are slow.
const MOST_TOKENS_OUT: u64 = 4096;

/// Ollama in the table of kinds.
pub const KIND: Kind = Kind {
    settings: ProviderKind {
        name: NAME,
        title: "Ollama",
        timeout: Duration::from_secs(300),
        // A model at home answers one after the other anyway.
        at_a_time: 1,
        pricing: Pricing::Tokens,
        asks_home_assistant: false,
        check,
    },
    build,
};

struct Read {
    model: String,
    base: Url,
    options: OllamaOptions,
}

fn read(mut entry: Entry<'_>) -> Option<Read> {
    entry.expect_only(NAME, &KNOWN);
    let model = entry.model("gemma3:4b");
    // Inside a container `localhost` is the container: the address must be said.
    let base = entry.base_url("", "http://192.168.1.5:11434");
    let (model, base) = (model?, base?);
    let context = entry.declared.context_tokens;
    Some(Read {
        model,
        base,
        options: OllamaOptions {
            keep_alive: keep_alive(&mut entry),
            context: context.map_or(DEFAULT_CONTEXT, |tokens| tokens.0),
        },
    })
}

fn keep_alive(entry: &mut Entry<'_>) -> String {
    let Some(text) = entry
        .declared
        .keep_alive
        .as_ref()
        .map(|text| text.0.clone())
    else {
        return "10m".to_owned();
    };
    let digits = text
        .trim_start_matches('-')
        .trim_end_matches(['s', 'm', 'h']);
    if digits.is_empty() || digits.len() > 9 || !digits.chars().all(|c| c.is_ascii_digit()) {
        entry.add_at("keep_alive", format!("found {text:?}, expected a duration such as 10m, 0 (unload at once) or -1 (for ever)"));
    }
    text
}

fn check(declared: &DeclaredProvider, path: &str, faults: &mut Faults) -> Option<ProviderCheck> {
    let read = read(Entry::new(declared, path, faults))?;
    // Ollama passes models of this name on to its makers' cloud (docs.ollama.com/cloud).
    let in_the_cloud = read.model.ends_with("-cloud") || read.model.ends_with(":cloud");
    let stays_home = (is_at_home(&read.base) || declared.local) && !in_the_cloud;
    Some(ProviderCheck {
        stays_home,
        price: stays_home.then_some(Price::FREE),
    })
}

fn build(
    provider: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn Provider>, SetupError> {
    let mut faults = Faults::default();
    let read =
        read(Entry::new(&provider.declared, "", &mut faults)).ok_or(SetupError::NotChecked)?;
    let service = context.service(&read.base, Vec::new())?;
    let facts = Facts {
        most_tokens_out: provider.most_tokens_out.map_or(MOST_TOKENS_OUT, u64::from),
        ..facts(provider, &read.model)
    };
    Ok(Arc::new(Ollama::new(facts, service, read.options)))
}
