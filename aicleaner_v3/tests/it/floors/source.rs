//! Reads a crate's source files into modules: what each file declares, imports and names.
//! Test code is left out, and nothing is resolved here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// One module: a file, or a block `mod x { … }` within one.
pub struct Module {
    /// The file, relative to the crate's source folder.
    pub file: String,
    /// The module's path from the crate's root; empty for the root.
    pub path: Vec<String>,
    /// Names that the module declares by itself.
    pub items: Vec<String>,
    /// Names that a `use` brings in, with what they stand for.
    pub imports: BTreeMap<String, Vec<String>>,
    /// Paths whose whole content a `use …::*` brings in.
    pub globs: Vec<Vec<String>>,
    /// Every path that the module's code names, `pub use` excepted.
    pub named: Vec<Vec<String>>,
}

/// The modules of a crate, by their paths.
pub type Modules = BTreeMap<Vec<String>, Module>;

/// Reads the crate whose root file is `root`.
pub fn read_crate(root: &Path) -> Modules {
    let folder = root.parent().unwrap();
    let mut modules = Modules::new();
    read_file(root, folder, folder, Vec::new(), &mut modules);
    modules
}

fn read_file(
    file: &Path,
    submodules: &Path,
    folder: &Path,
    path: Vec<String>,
    modules: &mut Modules,
) {
    let text = std::fs::read_to_string(file).unwrap();
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let name = file.strip_prefix(folder).unwrap().display().to_string();
    read_items(&parsed.items, &name, submodules, folder, path, modules);
}

fn read_items(
    items: &[Item],
    file: &str,
    submodules: &Path,
    folder: &Path,
    path: Vec<String>,
    modules: &mut Modules,
) {
    let mut module = Module {
        file: file.to_owned(),
        path: path.clone(),
        items: Vec::new(),
        imports: BTreeMap::new(),
        globs: Vec::new(),
        named: Vec::new(),
    };
    for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
        if let Item::Mod(inner) = item {
            let name = inner.ident.to_string();
            let mut inner_path = path.clone();
            inner_path.push(name.clone());
            let inner_folder = submodules.join(&name);
            if let Some((_, items)) = &inner.content {
                read_items(items, file, &inner_folder, folder, inner_path, modules);
            } else if let Some(file) = file_of(submodules, &name) {
                read_file(&file, &inner_folder, folder, inner_path, modules);
            }
            continue;
        }
        module.items.extend(declared(item));
        Names(&mut module).visit_item(item);
    }
    modules.insert(path, module);
}

fn file_of(folder: &Path, name: &str) -> Option<PathBuf> {
    if name == "tests" || name.ends_with("_tests") {
        return None;
    }
    [
        folder.join(format!("{name}.rs")),
        folder.join(name).join("mod.rs"),
    ]
    .into_iter()
    .find(|file| file.is_file())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item is compiled for tests only.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        let condition = list.tokens.to_string();
        list.path.is_ident("cfg")
            && condition
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == "test")
            && !condition.contains("not")
            && !condition.contains("any")
    })
}

fn declared(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Collects the paths that an item names.
struct Names<'a>(&'a mut Module);

impl Names<'_> {
    fn use_tree(&mut self, tree: &UseTree, before: &[String], public: bool) {
        let mut path = before.to_vec();
        match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                self.use_tree(&inner.tree, &path, public);
            }
            UseTree::Name(name) => {
                if name.ident != "self" {
                    path.push(name.ident.to_string());
                }
                self.import(path.last().cloned(), path, public);
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    path.push(rename.ident.to_string());
                }
                self.import(Some(rename.rename.to_string()), path, public);
            }
            UseTree::Glob(_) => self.0.globs.push(path),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before, public);
                }
            }
        }
    }

    fn import(&mut self, name: Option<String>, path: Vec<String>, public: bool) {
        if let Some(name) = name.filter(|name| name != "_") {
            self.0.imports.insert(name, path.clone());
        }
        if !public {
            self.0.named.push(path);
        }
    }

    /// Paths in what a macro is called with: `name::name`, and single names of types.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_of_path(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(point) if point.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end_of_path(&mut path);
                    self.tokens(group.stream());
                    colons = 0;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end_of_path(&mut path);
                    colons = 0;
                }
            }
        }
        self.end_of_path(&mut path);
    }

    fn end_of_path(&mut self, path: &mut Vec<String>) {
        let path = std::mem::take(path);
        let is_type = |name: &String| name.starts_with(char::is_uppercase);
        if path.len() > 1 || path.first().is_some_and(is_type) {
            self.0.named.push(path);
        }
    }

    /// Functions named in attributes, such as `#[serde(with = "super::seconds")]`.
    fn strings(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.strings(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let text = text.trim_matches('"');
                    if let Ok(path) = syn::parse_str::<syn::Path>(text)
                        && path.segments.len() > 1
                    {
                        self.visit_path(&path);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let public = !matches!(item.vis, Visibility::Inherited);
        self.use_tree(&item.tree, &[], public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        // A single lower-case name is a variable more often than not; calls are seen to below.
        if names.len() > 1 || names[0].starts_with(char::is_uppercase) {
            self.0.named.push(names);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(function) = &*call.func
            && let Some(name) = function.path.get_ident()
        {
            self.0.named.push(vec![name.to_string()]);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let names: Vec<_> = call
            .path
            .segments
            .iter()
            .map(|s| s.ident.to_string())
            .collect();
        self.0.named.push(names);
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.strings(list.tokens.clone());
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }
}
