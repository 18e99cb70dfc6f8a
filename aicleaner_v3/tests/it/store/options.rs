//! The options' schema is in Supervisor's language, the options that a new app starts with pass it, and what passes
//! is what our settings take.

use std::collections::BTreeMap;

use aicleaner::settings::{Deployment, Settings};
use yaml_rust2::{Yaml, YamlLoader};

use super::{keys, yaml};

/// `RE_SCHEMA_ELEMENT` of Supervisor's apps/options.py, in words.
fn is_a_word_of_the_schema(text: &str) -> bool {
    let text = text.strip_suffix('?').unwrap_or(text);
    let (name, range) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(range) => (name, Some(range)),
            None => return false,
        },
    };
    let numbers = |range: &str| {
        range.split_once(',').is_some_and(|(least, most)| {
            [least, most]
                .iter()
                .all(|end| end.is_empty() || end.parse::<f64>().is_ok())
        })
    };
    match (name, range) {
        ("bool" | "email" | "url" | "port" | "str" | "password" | "int" | "float", None) => true,
        ("str" | "password" | "int" | "float", Some(range)) => numbers(range),
        ("match" | "list", Some(inner)) => !inner.is_empty(),
        _ => false,
    }
}

fn check_schema(path: &str, node: &Yaml, in_list: bool) {
    match node {
        Yaml::String(word) => assert!(is_a_word_of_the_schema(word), "{path}: {word}"),
        Yaml::Array(list) => {
            assert!(!in_list, "{path}: a list in a list");
            assert_eq!(list.len(), 1, "{path}: a list of one element");
            check_schema(&format!("{path}[]"), &list[0], true);
        }
        Yaml::Hash(_) => keys(node)
            .into_iter()
            .for_each(|key| check_schema(&format!("{path}.{key}"), &node[key], false)),
        other => panic!("{path}: {other:?}"),
    }
}

/// What Supervisor asks for when options are saved: `_check_missing_options`.
fn missing(schema: &Yaml, options: &Yaml, path: &str, found: &mut Vec<String>) {
    for key in keys(schema) {
        let wanted = &schema[key];
        let word = wanted
            .as_vec()
            .and_then(|list| list.first())
            .unwrap_or(wanted);
        let is_optional = word.as_str().is_some_and(|word| word.ends_with('?'));
        match &options[key] {
            Yaml::BadValue if is_optional => {}
            Yaml::BadValue => found.push(format!("{path}{key}")),
            given @ Yaml::Hash(_) => missing(wanted, given, &format!("{path}{key}."), found),
            Yaml::Array(list) if matches!(word, Yaml::Hash(_)) => list
                .iter()
                .for_each(|given| missing(word, given, &format!("{path}{key}[]."), found)),
            _ => {}
        }
    }
}

#[test]
fn the_schema_is_in_supervisors_language() {
    let manifest = yaml("config.yaml");

    check_schema("schema", &manifest["schema"], false);
    for key in keys(&manifest["options"]) {
        assert!(
            !manifest["schema"][key].is_badvalue(),
            "{key} has no schema"
        );
    }
}

#[test]
fn a_new_app_starts_with_no_zones_and_nothing_missing() {
    let manifest = yaml("config.yaml");
    let mut found = Vec::new();

    missing(&manifest["schema"], &manifest["options"], "", &mut found);

    assert_eq!(found, Vec::<String>::new());
    assert_eq!(manifest["options"]["zones"].as_vec().map(Vec::len), Some(0));
}

#[test]
fn a_zone_needs_its_name_and_its_cameras_only() {
    let schema = &yaml("config.yaml")["schema"];
    let options = YamlLoader::load_from_str(
        "{zones: [{}], providers: [{}], budget: {}, notifications: {}, mqtt: {}}",
    )
    .unwrap();
    let mut found = Vec::new();

    missing(schema, &options[0], "", &mut found);

    assert_eq!(
        found,
        ["zones[].name", "zones[].cameras", "providers[].kind"]
    );
}

/// As Supervisor writes them to `/data/options.json`.
#[test]
fn the_options_of_a_new_app_are_good_settings() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("options.json");
    std::fs::write(
        &file,
        r#"{"zones": [], "providers": [], "budget": {}, "notifications": {}, "mqtt": {}}"#,
    )
    .unwrap();

    let settings = Settings::load(
        Some(&file),
        &BTreeMap::new(),
        Deployment::App,
        &aicleaner::providers::Kinds,
    )
    .unwrap();

    assert!(settings.zones.is_empty());
    assert_eq!(settings.providers.len(), 1);
}
