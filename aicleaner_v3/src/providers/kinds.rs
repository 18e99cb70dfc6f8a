//! The table of kinds: one line each. Whoever adds a provider adds its folder and its line here. Decides nothing.

use super::kind::Kind;
use super::{ai_task, anthropic, gemini, ollama, openai, reference};
use crate::settings::{ProviderKind, ProviderKinds};

/// All kinds, in the order in which people are told of them. The first is used when no provider is declared.
static TABLE: &[Kind] = &[
    ai_task::KIND,
    gemini::KIND,
    openai::KIND,
    anthropic::KIND,
    ollama::KIND,
    reference::KIND,
];

/// The table, as the settings are checked with it.
#[derive(Debug, Clone, Copy)]
pub struct Kinds;

impl ProviderKinds for Kinds {
    fn all(&self) -> Vec<&'static ProviderKind> {
        TABLE.iter().map(|kind| &kind.settings).collect()
    }
}

/// The row that the settings were checked with.
pub fn row(kind: &ProviderKind) -> Option<&'static Kind> {
    TABLE.iter().find(|row| row.settings.name == kind.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_by_its_own_name() {
        for kind in Kinds.all() {
            let found = row(kind).map(|row| row.settings.name);
            assert_eq!(found, Some(kind.name));
            let same = Kinds.all().into_iter().filter(|k| k.name == kind.name);
            assert_eq!(same.count(), 1, "{}", kind.name);
        }
    }
}
