//! The finder itself: planted circles and upward imports are found, a clean tree is clean.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::graph::Graph;
use super::upward_imports;

/// A crate with these files under its source folder.
fn crate_of(files: &[(&str, &str)]) -> (TempDir, Graph) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let graph = Graph::read(&folder.path().join("lib.rs"));
    (folder, graph)
}

fn circles(files: &[(&str, &str)]) -> Vec<BTreeSet<String>> {
    crate_of(files).1.circles()
}

fn circle(files: &[&str]) -> BTreeSet<String> {
    files.iter().map(|file| (*file).to_owned()).collect()
}

#[test]
fn files_that_import_each_other_are_a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "pub struct B; fn f(_: super::a::A) {}"),
    ];

    let (_folder, graph) = crate_of(&files);

    let found = graph.circles();
    assert_eq!(found, [circle(&["a.rs", "b.rs"])]);
    let description = graph.describe(&found[0]);
    assert!(description.contains("a.rs -> b.rs: B"), "{description}");
    assert!(description.contains("b.rs -> a.rs: A"), "{description}");
}

#[test]
fn a_circle_over_three_files_is_found() {
    let found = circles(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
    ]);

    assert_eq!(found, [circle(&["a.rs", "b.rs", "c.rs"])]);
}

#[test]
fn a_child_that_uses_its_parent_type_makes_a_circle_when_the_parent_uses_the_child() {
    let found = circles(&[
        ("lib.rs", "mod engine;"),
        (
            "engine/mod.rs",
            "mod worker; use worker::Worker; pub struct Engine(Worker);",
        ),
        (
            "engine/worker.rs",
            "use super::Engine; pub struct Worker; impl Engine {}",
        ),
    ]);

    assert_eq!(found, [circle(&["engine/mod.rs", "engine/worker.rs"])]);
}

#[test]
fn a_re_exported_name_belongs_to_the_file_that_defines_it() {
    let found = circles(&[
        ("lib.rs", "mod parts; pub use parts::*;"),
        (
            "parts.rs",
            "mod a; mod b; pub use a::A; pub use b::{B as Other};",
        ),
        ("parts/a.rs", "use super::Other; pub struct A;"),
        (
            "parts/b.rs",
            "fn f() { let _ = vec![crate::A]; } pub struct B;",
        ),
    ]);

    assert_eq!(found, [circle(&["parts/a.rs", "parts/b.rs"])]);
}

#[test]
fn names_through_an_imported_module_a_glob_and_an_attribute_are_followed() {
    let found = circles(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b; fn f() { b::make() }"),
        ("b.rs", "use super::c::*; pub fn make() { finish() }"),
        (
            "c.rs",
            "pub fn finish() {} #[serde(with = \"crate::a::f\")] struct C;",
        ),
    ]);

    assert_eq!(found, [circle(&["a.rs", "b.rs", "c.rs"])]);
}

#[test]
fn declarations_re_exports_and_tests_make_no_circle() {
    let found = circles(&[
        ("lib.rs", "mod a; mod b; pub use a::A;"),
        ("a.rs", "use std::fmt; use crate::b::B; pub struct A(B);"),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
        ),
    ]);

    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_import_from_above_or_from_the_same_floor_is_named() {
    let (_folder, graph) = crate_of(&[
        ("lib.rs", "mod store; mod engine; mod mqtt; mod odd;"),
        ("engine.rs", "use crate::store::Store; pub struct Engine;"),
        (
            "store.rs",
            "pub struct Store; fn f(_: crate::engine::Engine) {}",
        ),
        ("mqtt.rs", "use crate::store::Store;"),
        ("odd.rs", ""),
    ]);

    let wrong = upward_imports(&graph);

    let expected = [
        "mqtt.rs uses store",
        "odd stands on no floor",
        "store.rs uses engine",
    ];
    assert!(wrong.iter().eq(expected), "{wrong:?}");
}
