//! Merging: defaults < file < environment. The `config` crate reads; the typing afterwards is strict and
//! ours, because `config` turns numbers into texts and fractions into whole numbers when asked for them.

use std::collections::BTreeMap;
use std::path::Path;

use config::{Config, File, FileFormat, FileStoredFormat as _};
use serde_json::Value;

use super::declared::Declared;
use super::fault::{Fault, SettingsError};

/// Environment variables of this prefix set single values: `AICLEANER__MQTT__HOST`, `AICLEANER__ZONES__0__NAME`.
pub const ENVIRONMENT_PREFIX: &str = "AICLEANER__";

/// The largest settings file that is read, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

/// The merged tree, and which of its values came from the environment: those are texts whose type is not known yet.
pub struct Tree {
    root: Value,
    from_environment: Vec<Variable>,
}

impl Tree {
    pub fn root(&self) -> &Value {
        &self.root
    }
}

struct Variable {
    name: String,
    path: Vec<Step>,
    text: String,
}

#[derive(Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Reads the file and lays the environment over it.
pub fn merge(
    file: Option<&Path>,
    environment: &BTreeMap<String, String>,
) -> Result<Tree, SettingsError> {
    let unreadable = |reason: String| SettingsError::Unreadable(Fault::new("", reason));
    let root = match file {
        None => Value::Object(serde_json::Map::new()),
        Some(path) => {
            let text = read(path).map_err(|e| unreadable(format!("{}: {e}", path.display())))?;
            parse(path, &text).map_err(|e| unreadable(format!("{}: {e}", path.display())))?
        }
    };
    lay_over(root, environment)
}

/// Lays the environment over a tree.
pub fn lay_over(
    mut root: Value,
    environment: &BTreeMap<String, String>,
) -> Result<Tree, SettingsError> {
    if root.is_null() {
        root = Value::Object(serde_json::Map::new());
    }
    let from_environment = variables(environment)?;
    for variable in &from_environment {
        set(&mut root, &variable.path, Value::String(variable.text.clone())).map_err(|()| {
            SettingsError::Invalid(vec![Fault::new(
                shown(&variable.path),
                format!("the environment variable {} does not fit the settings' shape (lists are filled in order, from 0)", variable.name),
            )])
        })?;
    }
    Ok(Tree {
        root,
        from_environment,
    })
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > LARGEST_FILE {
        return Err(format!(
            "found a file of {size} bytes, expected at most {LARGEST_FILE}"
        ));
    }
    std::fs::read_to_string(path).map_err(|e| e.to_string())
}

fn parse(path: &Path, text: &str) -> Result<Value, String> {
    let json = path.extension().is_some_and(|extension| {
        FileFormat::Json
            .file_extensions()
            .iter()
            .any(|known| extension == *known)
    });
    let format = if json {
        FileFormat::Json
    } else {
        FileFormat::Yaml
    };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    Config::builder()
        .add_source(File::from_str(text, format))
        .build()
        .and_then(Config::try_deserialize)
        .map_err(|e| e.to_string())
}

fn variables(environment: &BTreeMap<String, String>) -> Result<Vec<Variable>, SettingsError> {
    let mut found = Vec::new();
    for (name, text) in environment {
        let Some(rest) = name.strip_prefix(ENVIRONMENT_PREFIX) else {
            continue;
        };
        let path: Vec<_> = rest
            .split("__")
            .map(|part| match part.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(part.to_ascii_lowercase()),
            })
            .collect();
        if path
            .iter()
            .any(|step| matches!(step, Step::Key(key) if key.is_empty()))
        {
            return Err(SettingsError::Invalid(vec![Fault::new(
                "",
                format!("the environment variable {name} names no setting"),
            )]));
        }
        found.push(Variable {
            name: name.clone(),
            path,
            text: text.clone(),
        });
    }
    found.sort_by(|a, b| order(&a.path).cmp(&order(&b.path)));
    Ok(found)
}

/// Indices in the order of numbers, so that lists fill from 0.
fn order(path: &[Step]) -> Vec<(usize, &str)> {
    path.iter()
        .map(|step| match step {
            Step::Key(key) => (0, key.as_str()),
            Step::Index(index) => (*index, ""),
        })
        .collect()
}

fn set(node: &mut Value, path: &[Step], value: Value) -> Result<(), ()> {
    let Some((first, rest)) = path.split_first() else {
        *node = value;
        return Ok(());
    };
    if node.is_null() {
        *node = match first {
            Step::Key(_) => Value::Object(serde_json::Map::new()),
            Step::Index(_) => Value::Array(Vec::new()),
        };
    }
    match (first, node) {
        (Step::Key(key), Value::Object(map)) => {
            set(map.entry(key.clone()).or_insert(Value::Null), rest, value)
        }
        (Step::Index(index), Value::Array(list)) => {
            if *index == list.len() {
                list.push(Value::Null);
            }
            set(list.get_mut(*index).ok_or(())?, rest, value)
        }
        _ => Err(()),
    }
}

fn get_mut<'a>(node: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(node, |node, step| match step {
        Step::Key(key) => node.get_mut(key),
        Step::Index(index) => node.get_mut(index),
    })
}

fn shown(path: &[Step]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.push_str(&format!(".{key}")),
        }
        text
    })
}

/// The tree as typed settings. A text from the environment that is no text to its field is taken as the
/// number or the `true`/`false` that it spells.
pub fn typed(tree: Tree) -> Result<Declared, SettingsError> {
    let Tree {
        mut root,
        mut from_environment,
    } = tree;
    loop {
        let fault = match serde_path_to_error::deserialize::<_, Declared>(&root) {
            Ok(declared) => return Ok(declared),
            Err(fault) => fault,
        };
        let path = fault.path().to_string();
        let spelled = from_environment
            .iter()
            .position(|variable| shown(&variable.path) == path)
            .and_then(|at| {
                let variable = from_environment.swap_remove(at);
                let value = serde_json::from_str::<Value>(&variable.text).ok()?;
                (value.is_number() || value.is_boolean()).then_some((variable.path, value))
            });
        match spelled.and_then(|(path, value)| get_mut(&mut root, &path).map(|node| (node, value)))
        {
            Some((node, value)) => *node = value,
            None => {
                let path = if path == "." { String::new() } else { path };
                return Err(SettingsError::Invalid(vec![Fault::new(
                    path,
                    fault.into_inner().to_string(),
                )]));
            }
        }
    }
}
