//! The size of the source: how long files and functions are. Prints the figures, and leaves functions of tests out.

use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use super::root;
use super::source::is_for_tests;

/// A source file has fewer lines.
const LINES_OF_FILE: usize = 600;
/// A function should have at most so many lines.
const LINES_OF_FUNCTION: usize = 60;
/// Of all functions, the share that may be longer, in percent.
const LONG_FUNCTIONS_PERCENT: usize = 1;

/// One function and how many lines it has.
struct Function {
    name: String,
    lines: usize,
}

/// Collects the functions of a file; those within a function count as part of it, too.
#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn of(text: &str) -> Vec<Function> {
        let file = syn::parse_file(text).unwrap();
        let mut functions = Self::default();
        functions.visit_file(&file);
        functions.0
    }

    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.fn_token.span.start().line;
        let last = block.brace_token.span.close().end().line;
        self.0.push(Function {
            name: signature.ident.to_string(),
            lines: last - first + 1,
        });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_for_tests(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
            visit::visit_trait_item_fn(self, function);
        }
    }
}

/// The Rust files below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether a file holds nothing but tests.
fn holds_tests(file: &Path) -> bool {
    file.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        let name = name.trim_end_matches(".rs");
        name == "tests" || name.ends_with("_tests")
    })
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
#[expect(clippy::print_stdout, reason = "prints the figure")]
fn files_are_short() {
    let mut sizes: Vec<(usize, String)> = ["src", "model", "vision", "testkit"]
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            (text.lines().count(), shown(&file))
        })
        .collect();
    sizes.sort();

    let (lines, file) = sizes.last().unwrap();
    println!(
        "{} files, the longest is {file} with {lines} lines",
        sizes.len()
    );
    let long: Vec<_> = sizes
        .iter()
        .filter(|(lines, _)| *lines >= LINES_OF_FILE)
        .collect();
    assert!(
        long.is_empty(),
        "expected fewer than {LINES_OF_FILE} lines: {long:?}"
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "prints the figures")]
fn functions_are_short() {
    let mut count = 0;
    let mut long = Vec::new();
    let sources = ["src", "model/src", "vision/src"]
        .iter()
        .flat_map(|folder| files(&root().join(folder)))
        .filter(|file| !holds_tests(file.strip_prefix(root()).unwrap()));
    for file in sources {
        let functions = Functions::of(&std::fs::read_to_string(&file).unwrap());
        count += functions.len();
        let own = functions
            .into_iter()
            .filter(|function| function.lines > LINES_OF_FUNCTION)
            .map(|function| format!("{}: {} ({})", function.lines, function.name, shown(&file)));
        long.extend(own);
    }

    println!(
        "{} of {count} functions have more than {LINES_OF_FUNCTION} lines:\n{}",
        long.len(),
        long.join("\n")
    );
    assert!(
        long.len() * 100 <= count * LONG_FUNCTIONS_PERCENT,
        "expected at most {LONG_FUNCTIONS_PERCENT} %: {long:?}"
    );
}

#[test]
fn functions_are_counted_with_their_lines_and_without_tests() {
    let text = "fn one() {\n}\nstruct A;\nimpl A {\n    fn two(\n        &self,\n    ) {\n    }\n}\n#[cfg(test)]\nmod tests {\n    fn three() {}\n}\n";

    let found: Vec<_> = Functions::of(text)
        .into_iter()
        .map(|function| (function.name, function.lines))
        .collect();

    assert_eq!(found, [("one".to_owned(), 2), ("two".to_owned(), 4)]);
}
