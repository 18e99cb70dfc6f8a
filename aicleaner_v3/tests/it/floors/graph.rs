//! Which file uses which: resolves the names in a crate's modules to the files that define them.
//! A name that a `pub use` passes on belongs to the file that defines it, not to the one that passes it on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::source::{Module, Modules, read_crate};

/// How many re-exports are followed before a name is given up as not ours.
const DEPTH: usize = 16;

/// The files of a crate, and the names by which each uses the others.
#[derive(Default)]
pub struct Graph {
    /// user -> used -> names.
    pub uses: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// (file, module directly under the root that it names).
    pub floors: BTreeSet<(String, String)>,
}

/// What a path leads to.
enum Found {
    Module(Vec<String>),
    Item { file: String, name: String },
}

impl Graph {
    /// Reads the crate whose root file is `root`.
    pub fn read(root: &Path) -> Self {
        let modules = read_crate(root);
        let mut graph = Self::default();
        for module in modules.values() {
            graph.uses.entry(module.file.clone()).or_default();
            for path in &module.named {
                let mut passed = BTreeSet::new();
                let found = resolve(&modules, module, path, DEPTH, &mut passed);
                for first in passed {
                    graph.floors.insert((module.file.clone(), first));
                }
                if let Some(Found::Item { file, name }) = found
                    && file != module.file
                {
                    let used = graph.uses.entry(module.file.clone()).or_default();
                    used.entry(file).or_default().insert(name);
                }
            }
        }
        graph
    }

    /// The groups of files that use each other, directly or through others.
    pub fn circles(&self) -> Vec<BTreeSet<String>> {
        let reached: BTreeMap<_, _> = self.uses.keys().map(|f| (f, self.reach(f))).collect();
        let mut circles = BTreeSet::new();
        for (file, others) in &reached {
            if others.contains(*file) {
                let circle: BTreeSet<_> = others
                    .iter()
                    .filter(|other| reached[*other].contains(*file))
                    .cloned()
                    .collect();
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    fn reach(&self, file: &String) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut next = vec![file];
        while let Some(file) = next.pop() {
            for used in self.uses.get(file).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(used.clone()) {
                    next.push(used);
                }
            }
        }
        reached
    }

    /// A circle as lines: which of its files uses which, by which names.
    pub fn describe(&self, circle: &BTreeSet<String>) -> String {
        let mut lines = vec![format!("a circle of {} files:", circle.len())];
        for user in circle {
            for (used, names) in self.uses[user].iter().filter(|(f, _)| circle.contains(*f)) {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                lines.push(format!("  {user} -> {used}: {}", names.join(", ")));
            }
        }
        lines.join("\n")
    }
}

/// Follows `path`, as `module` names it. `passed` takes the modules under the root that it goes through.
fn resolve(
    modules: &Modules,
    module: &Module,
    path: &[String],
    depth: usize,
    passed: &mut BTreeSet<String>,
) -> Option<Found> {
    if depth == 0 {
        return None;
    }
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.path.clone(),
        "super" => parent(&module.path)?,
        name => match lookup(modules, module, name, rest.is_empty(), depth, passed)? {
            Found::Module(path) => path,
            found @ Found::Item { .. } => return Some(found),
        },
    };
    while let Some((name, after)) = rest.split_first() {
        if name == "super" {
            at = parent(&at)?;
            rest = after;
            continue;
        }
        if name == "self" {
            rest = after;
            continue;
        }
        let here = modules.get(&at)?;
        match lookup(modules, here, name, after.is_empty(), depth, passed) {
            Some(Found::Module(path)) => at = path,
            found @ Some(Found::Item { .. }) => return found,
            // Something from another crate, or a name that a macro makes here.
            None if here.imports.contains_key(name) => return None,
            None => return Some(item_of(here, name)),
        }
        rest = after;
    }
    Some(Found::Module(at))
}

/// What `name` stands for within `module`.
fn lookup(
    modules: &Modules,
    module: &Module,
    name: &str,
    is_last: bool,
    depth: usize,
    passed: &mut BTreeSet<String>,
) -> Option<Found> {
    let mut inner = module.path.clone();
    inner.push(name.to_owned());
    let is_item = module.items.iter().any(|item| item == name);
    if modules.contains_key(&inner) && !(is_item && is_last) {
        if inner.len() == 1 {
            passed.insert(name.to_owned());
        }
        return Some(Found::Module(inner));
    }
    if is_item {
        return Some(item_of(module, name));
    }
    if let Some(path) = module.imports.get(name) {
        // Crates of our own that the root shows under a name stand on floors too.
        if module.path.is_empty() {
            passed.insert(name.to_owned());
        }
        // `use name;` of another crate is no circle of ours.
        if path.len() == 1 && path[0] == name {
            return None;
        }
        return resolve(modules, module, path, depth - 1, passed);
    }
    module.globs.iter().find_map(|glob| {
        let mut unseen = BTreeSet::new();
        match resolve(modules, module, glob, depth - 1, &mut unseen)? {
            Found::Module(path) if path != module.path => {
                let other = modules.get(&path)?;
                lookup(modules, other, name, is_last, depth - 1, passed)
            }
            Found::Module(_) | Found::Item { .. } => None,
        }
    })
}

fn parent(path: &[String]) -> Option<Vec<String>> {
    path.split_last().map(|(_, before)| before.to_vec())
}

fn item_of(module: &Module, name: &str) -> Found {
    Found::Item {
        file: module.file.clone(),
        name: name.to_owned(),
    }
}
