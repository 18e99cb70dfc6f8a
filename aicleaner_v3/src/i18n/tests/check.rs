//! What each language lacks, and what is wrong in it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{declared, keys, parsed};
use crate::i18n::Language;

/// Keys of English that `source` lacks.
fn missing(source: &str) -> Vec<String> {
    let (english, other) = (parsed(Language::English.source()), parsed(source));
    let other = keys(&other);
    let all = keys(&english).into_keys();
    all.filter(|key| !other.contains_key(key)).collect()
}

/// What stands in `source` and should not.
fn wrong(source: &str) -> Vec<String> {
    let (english, other) = (parsed(Language::English.source()), parsed(source));
    let english = keys(&english);
    let mut wrong = Vec::new();
    for (key, used) in keys(&other) {
        match english.get(&key) {
            None => wrong.push(format!("{key} is no key of English")),
            Some(expected) if *expected != used => wrong.push(format!(
                "{key} uses {:?}, English {:?}",
                used.arguments, expected.arguments
            )),
            Some(_) => {}
        }
    }
    wrong
}

#[test]
fn every_language_has_keys_and_arguments_of_english_only() {
    for language in Language::ALL {
        let found = wrong(language.source());

        assert!(
            found.is_empty(),
            "locales/{}.ftl: {found:#?}",
            language.tag()
        );
    }
}

/// Fails for none: `make lint` shows what it prints.
#[test]
#[expect(clippy::print_stdout, reason = "it is a list for people")]
fn pending() {
    for language in &Language::ALL[..5] {
        let keys = missing(language.source());
        if !keys.is_empty() {
            let (tag, count) = (language.tag(), keys.len());
            println!(
                "locales/{tag}.ftl: {count} texts are read in English: {}",
                keys.join(" ")
            );
        }
    }
}

#[test]
fn the_languages_of_the_product_lack_nothing_that_was_translated() {
    let pending = ["aic-", "skip-", "refusal-", "page-", "notice-"];
    for language in &Language::ALL[..5] {
        let found: Vec<_> = missing(language.source())
            .into_iter()
            .filter(|key| !pending.iter().any(|start| key.starts_with(start)))
            .collect();

        assert!(
            found.is_empty(),
            "locales/{}.ftl lacks {found:?}",
            language.tag()
        );
    }
}

#[test]
fn a_new_language_is_told_which_keys_it_lacks_and_which_are_wrong() {
    let scratch = Language::English
        .source()
        .replace("entity-trend = Trend\n", "")
        .replace("and { $count } more", "and { $number } more")
        .replace(
            "notification-done = Done\n",
            "notification-done = Done\nnotification-dome = Dome\n",
        );

    assert_eq!(missing(&scratch), ["entity-trend"]);
    assert_eq!(
        wrong(&scratch),
        [
            "notification-dome is no key of English",
            r#"notification-more uses {"number"}, English {"count"}"#,
        ]
    );
}

#[test]
fn every_message_declares_what_it_uses_and_refers_to_no_other() {
    for language in Language::ALL {
        for (key, used) in keys(&parsed(language.source())) {
            assert!(used.others.is_empty(), "{key} refers to {:?}", used.others);
        }
    }
    let english = parsed(Language::English.source());
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, of_key) in keys(&english) {
        let id = key.split('.').next().unwrap_or_default();
        used.entry(id.to_owned())
            .or_default()
            .extend(of_key.arguments);
    }
    assert_eq!(used, declared(&english));
}
