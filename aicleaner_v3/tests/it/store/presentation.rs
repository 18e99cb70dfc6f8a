//! What people see of the app in the store: its texts, its pictures, its repository.

use serde_json::Value;
use yaml_rust2::Yaml;

use super::{app, keys, text, yaml};

/// Width and height of a PNG (its IHDR chunk, at byte 16).
fn size(name: &str) -> (u32, u32) {
    let bytes = std::fs::read(app().join(name)).unwrap();
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{name} is a PNG");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn icon_and_logo_have_the_stores_sizes_and_their_sources_are_here() {
    assert_eq!(size("icon.png"), (128, 128));
    assert_eq!(size("logo.png"), (250, 100));
    for source in ["art/icon.svg", "art/logo.svg"] {
        assert!(text(source).contains("<svg"), "{source}");
    }
}

#[test]
fn the_store_finds_all_texts() {
    for name in ["README.md", "DOCS.md", "CHANGELOG.md"] {
        assert!(text(name).len() > 200, "{name} says something");
    }
}

#[test]
fn all_links_lead_to_one_repository() {
    let manifest = yaml("config.yaml");
    let url = manifest["url"].as_str().unwrap();
    let (_, place) = url.split_once("github.com/").unwrap();
    let repository: Value = serde_json::from_str(&text("../repository.json")).unwrap();

    assert_eq!(repository["url"], url);
    assert!(repository["name"].is_string() && repository["maintainer"].is_string());
    assert_eq!(
        manifest["image"].as_str().unwrap(),
        format!("ghcr.io/{}", place.to_lowercase())
    );
    for name in [
        "Cargo.toml",
        "Dockerfile",
        "README.md",
        "../README.md",
        "../docs/installation.md",
    ] {
        let text = text(name);
        let strange = text
            .split("github.com/")
            .skip(1)
            .filter(|rest| rest.contains("aicleaner") && rest.find("aicleaner").unwrap() < 40)
            .find(|rest| !rest.starts_with(place));
        assert_eq!(
            strange.map(|rest| rest.chars().take(40).collect::<String>()),
            None,
            "{name}"
        );
    }
}

/// `SCHEMA_TRANSLATION_CONFIGURATION` of Supervisor's apps/validate.py.
fn check_texts(path: &str, node: &Yaml) {
    for key in keys(node) {
        let option = &node[key];
        let path = format!("{path}.{key}");
        assert!(
            option["name"].as_str().is_some_and(|name| !name.is_empty()),
            "{path} has a name"
        );
        assert!(
            option["description"].as_str().is_some(),
            "{path} has a description"
        );
        for known in keys(option) {
            assert!(
                ["name", "description", "fields"].contains(&known),
                "{path}.{known}"
            );
        }
        check_texts(&path, &option["fields"]);
    }
}

#[test]
fn the_texts_of_the_options_are_of_supervisors_form() {
    for language in ["de", "en", "es", "fr", "nl"] {
        let name = format!("translations/{language}.yaml");
        let texts = yaml(&name);

        assert_eq!(keys(&texts), ["configuration"], "{name}");
        check_texts(&name, &texts["configuration"]);
    }
}
