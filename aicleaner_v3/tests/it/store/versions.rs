//! One version: `Cargo.toml` is the source, and every other place that names it says the same.

use std::path::{Path, PathBuf};

/// The places, below the repository's root.
const PLACES: [&str; 9] = [
    "aicleaner_v3/Cargo.toml",
    "aicleaner_v3/Cargo.lock",
    "aicleaner_v3/fuzz/Cargo.lock",
    "aicleaner_v3/config.yaml",
    "CHANGELOG.md",
    "aicleaner_v3/CHANGELOG.md",
    "README.md",
    "docs/installation.md",
    "aicleaner_v3/DOCS.md",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The text in quotes.
fn quoted(line: &str) -> Option<&str> {
    line.split('"').nth(1)
}

/// All versions that a file names for us.
fn named(place: &str, text: &str) -> Vec<String> {
    let versions: Vec<&str> = if place.ends_with(".lock") {
        let lines: Vec<_> = text.lines().collect();
        lines
            .windows(2)
            .filter(|two| {
                ["name = \"aicleaner\"", "name = \"aicleaner-testkit\""].contains(&two[0])
            })
            .filter_map(|two| quoted(two[1]))
            .collect()
    } else if place.ends_with("CHANGELOG.md") {
        text.lines()
            .filter_map(|line| line.strip_prefix("## "))
            .take(1)
            .collect()
    } else if place.ends_with(".toml") {
        text.lines()
            .filter(|line| line.starts_with("version = "))
            .filter_map(quoted)
            .take(1)
            .collect()
    } else if place.ends_with(".yaml") {
        text.lines()
            .filter(|line| line.starts_with("version: "))
            .filter_map(quoted)
            .collect()
    } else {
        text.split("aicleaner_v3:")
            .skip(1)
            .map(|rest| {
                rest.split(|c: char| !(c.is_ascii_digit() || c == '.'))
                    .next()
                    .unwrap_or_default()
            })
            .filter(|version| version.contains('.'))
            .collect()
    };
    versions.into_iter().map(str::to_owned).collect()
}

/// What is wrong below a root.
fn disagreements(root: &Path) -> Vec<String> {
    let read = |place: &str| {
        std::fs::read_to_string(root.join(place)).unwrap_or_else(|e| panic!("{place}: {e}"))
    };
    let source = named(PLACES[0], &read(PLACES[0]))
        .first()
        .cloned()
        .unwrap_or_default();
    let mut wrong = Vec::new();
    for place in PLACES {
        let found = named(place, &read(place));
        let may_be_silent = place.ends_with(".md") && !place.ends_with("CHANGELOG.md");
        if found.is_empty() && !may_be_silent {
            wrong.push(format!("{place} names no version, expected {source}"));
        }
        wrong.extend(
            found
                .iter()
                .filter(|version| **version != source)
                .map(|version| format!("{place} says {version}, expected {source}")),
        );
    }
    if read("CHANGELOG.md") != read("aicleaner_v3/CHANGELOG.md") {
        wrong.push("aicleaner_v3/CHANGELOG.md is no copy of CHANGELOG.md".to_owned());
    }
    wrong
}

#[test]
fn every_place_names_the_same_version() {
    let wrong = disagreements(&root());

    assert!(
        wrong.is_empty(),
        "let `make bump` set it:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_disagreement_in_any_place_is_noticed() {
    for changed in PLACES {
        let folder = tempfile::tempdir().unwrap();
        for place in PLACES {
            let file = folder.path().join(place);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::copy(root().join(place), &file).unwrap();
        }
        let file = folder.path().join(changed);
        let text = std::fs::read_to_string(&file).unwrap();
        let version = env!("CARGO_PKG_VERSION");
        if named(changed, &text).is_empty() {
            continue;
        }
        std::fs::write(&file, text.replace(version, "9.9.9")).unwrap();

        assert!(!disagreements(folder.path()).is_empty(), "{changed}");
    }
}

/// Home Assistant cuts the changelog at the literal heading `# 1.2.3`.
#[test]
fn the_changelogs_headings_are_bare_versions_newest_first() {
    let text = std::fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let headings: Vec<Vec<u32>> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| {
            heading
                .split('.')
                .map(|part| part.parse().unwrap_or_else(|_| panic!("{heading}")))
                .collect()
        })
        .collect();

    assert!(!headings.is_empty() && headings.iter().all(|version| version.len() == 3));
    assert!(
        headings.windows(2).all(|two| two[0] > two[1]),
        "{headings:?}"
    );
}
