//! What the store and Supervisor ask of the app's folder, checked by code of our own. The rules are facts from
//! home-assistant/supervisor (apps/validate.py, apps/options.py, apps/utils.py) and frenck/action-addon-linter.

mod earlier_versions;
mod files;
mod manifest;
mod options;
mod presentation;
mod versions;

use std::path::PathBuf;

use yaml_rust2::{Yaml, YamlLoader};

/// The app's folder.
fn app() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    let path = app().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn yaml(name: &str) -> Yaml {
    let mut documents =
        YamlLoader::load_from_str(&text(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(documents.len(), 1, "{name} is one document");
    documents.remove(0)
}

/// A mapping's keys.
fn keys(node: &Yaml) -> Vec<&str> {
    node.as_hash()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str().unwrap_or_else(|| panic!("{key:?} is no text")))
        .collect()
}
