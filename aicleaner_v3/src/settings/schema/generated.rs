//! The files that are generated from the settings: compared with what they should be, or written when `make generate`
//! asks for it. It never writes in an ordinary test run.

use std::path::{Path, PathBuf};

/// A file of the app's folder.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The file's text.
pub fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_default()
}

/// Compares the file with what it should say, or writes it if `UPDATE_GENERATED` is set.
pub fn expect(name: &str, text: &str) {
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(path(name), text).unwrap();
        return;
    }
    let found = read(name);
    let differs = found
        .lines()
        .zip(text.lines())
        .position(|(found, expected)| found != expected)
        .unwrap_or_else(|| found.lines().count().min(text.lines().count()));
    assert!(
        found == text,
        "{name} is out of date with src/settings/declared.rs from line {}: run `make generate` and commit the result.\n  found    {:?}\n  expected {:?}",
        differs + 1,
        found.lines().nth(differs).unwrap_or_default(),
        text.lines().nth(differs).unwrap_or_default(),
    );
}
