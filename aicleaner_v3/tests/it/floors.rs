//! The house stays in order: modules import from lower floors only, and no other file takes the names by
//! which Supervisor finds an app, a build or a repository.

use std::path::{Path, PathBuf};

/// The floors of `docs/architecture.md`, low to high.
const FLOORS: [&[&str]; 11] = [
    &["model"],
    &[
        "telemetry",
        "i18n",
        "i18n",
        "clock",
        "tls",
        "backoff",
        "image_thread",
        "fault_point",
    ],
    &["vision", "tasks", "settings", "privileges"],
    &["store", "home_assistant", "mqtt"],
    &["providers"],
    &["router"],
    &["engine"],
    &["entities", "outputs", "health", "setup"],
    &["control"],
    &["web"],
    &["app", "commands", "cli"],
];

/// Imports within a floor.
const EXCEPTIONS: [(&str, &str); 6] = [
    // The words of the product stand below everything.
    ("telemetry", "model"),
    ("i18n", "model"),
    ("commands", "app"),
    ("commands", "cli"),
    // The system's view tells which lists can't be used.
    ("health", "outputs"),
    ("health", "setup"),
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn module_of(path: &Path, src: &Path) -> String {
    let first = path.strip_prefix(src).unwrap().components().next().unwrap();
    first
        .as_os_str()
        .to_str()
        .unwrap()
        .trim_end_matches(".rs")
        .to_owned()
}

#[test]
fn modules_import_from_lower_floors_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for path in sources(&src) {
        let module = module_of(&path, &src);
        if module == "main" || module == "lib" {
            continue;
        }
        let Some(own) = floor(&module) else {
            wrong.push(format!("{module} stands on no floor"));
            continue;
        };
        let text = std::fs::read_to_string(&path).unwrap();
        for rest in text.split("crate::").skip(1) {
            let used: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            let Some(other) = floor(&used).filter(|_| used != module) else {
                continue;
            };
            let allowed = other < own || EXCEPTIONS.contains(&(module.as_str(), used.as_str()));
            if !allowed {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_other_file_is_named_like_an_app_a_build_or_a_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = std::process::Command::new("git")
        .args(["ls-files"])
        .current_dir(root)
        .output()
        .unwrap();
    let files = String::from_utf8(output.stdout).unwrap();
    let ours = [
        "aicleaner_v3/config.yaml",
        "aicleaner_v3/build.yaml",
        "repository.json",
    ];
    let wrong: Vec<_> = files
        .lines()
        .filter(|file| !ours.contains(file) && !file.starts_with('.'))
        .filter(|file| {
            let name = file.rsplit('/').next().unwrap_or_default();
            let is_data = [".yaml", ".yml", ".json"]
                .iter()
                .any(|end| name.ends_with(end));
            is_data
                && ["config.", "build.", "repository."]
                    .iter()
                    .any(|start| name.starts_with(start))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
