//! The order of the source: modules import from lower floors only, files make no circles and stay short, and no
//! other file takes the names by which Supervisor finds an app, a build or a repository.

mod graph;
mod limits;
mod source;
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use graph::Graph;

/// The floors of `docs/architecture.md`, low to high.
const FLOORS: [&[&str]; 12] = [
    &["model"],
    &[
        "telemetry",
        "texts",
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
    &["app", "cli"],
    &["commands"],
];

/// The root files of the crates.
const CRATES: [&str; 4] = [
    "src/lib.rs",
    "model/src/lib.rs",
    "vision/src/lib.rs",
    "testkit/src/lib.rs",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands on no floor, and what imports from its own floor or from above.
fn upward_imports(graph: &Graph) -> BTreeSet<String> {
    let floor = |module: &str| FLOORS.iter().position(|modules| modules.contains(&module));
    let mut wrong = BTreeSet::new();
    for file in graph.uses.keys().filter(|file| *file != "lib.rs") {
        let module = module_of(file);
        if floor(module).is_none() {
            wrong.insert(format!("{module} stands on no floor"));
        }
    }
    for (file, used) in &graph.floors {
        let module = module_of(file);
        let is_lower =
            matches!((floor(module), floor(used)), (Some(own), Some(other)) if other < own);
        if file != "lib.rs" && module != used && !is_lower {
            wrong.insert(format!("{file} uses {used}"));
        }
    }
    wrong
}

/// The module directly under the root that `file` belongs to.
fn module_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap();
    first.trim_end_matches(".rs")
}

#[test]
fn modules_import_from_lower_floors_only() {
    let graph = Graph::read(&root().join("src/lib.rs"));

    let wrong = upward_imports(&graph);

    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_make_no_circles() {
    let mut found = Vec::new();
    for crate_root in CRATES {
        let graph = Graph::read(&root().join(crate_root));
        let folder = crate_root.trim_end_matches("lib.rs");
        let circles = graph.circles();
        found.extend(
            circles
                .iter()
                .map(|circle| format!("{folder}: {}", graph.describe(circle))),
        );
    }

    assert!(found.is_empty(), "{}", found.join("\n"));
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
