//! The schema of the settings, read from their types: the one source for the app's options, their English texts and the
//! configuration reference. Only in tests; it never decides what a setting may be.
//!
//! A new setting needs its comment in `declared.rs` (`/// # Name`, then what it does), `make generate`, and its texts in
//! the other languages of `translations/`. The tests here say what is missing.

mod app;
mod fields;
mod generated;
mod reference;
mod translations;

use serde_json::Value;

use super::declared::{
    Budget, Declared, Health, HomeAssistant, Mqtt, Notifications, Provider, Web, Zone,
};
use fields::fields;

/// One setting, as it is documented.
pub struct Setting {
    pub key: String,
    pub name: String,
    pub description: String,
    pub form: Form,
    /// Without it the settings are refused.
    pub is_required: bool,
    pub default: Option<Value>,
    /// Has no meaning in the app, so it is none of its options.
    pub is_standalone_only: bool,
}

/// The type of its value.
pub enum Form {
    Flag,
    Whole {
        least: i64,
        most: i64,
    },
    Number {
        least: i64,
        most: i64,
    },
    Text {
        longest: Option<u64>,
        pattern: Option<String>,
    },
    Secret,
    Choice(Vec<String>),
    List(Box<Form>),
    Group(Vec<Setting>),
}

/// All settings, in the order of their types.
pub fn settings() -> Vec<Setting> {
    let schema = schemars::generate::SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<Declared>();
    match form("", schema.as_value()) {
        Form::Group(settings) => settings,
        _ => panic!("the settings are no group"),
    }
}

/// The fields of the group at `path`, in the order in which its type has them.
fn order(path: &str) -> &'static [&'static str] {
    match path {
        "" => fields::<Declared>(),
        "zones" => fields::<Zone>(),
        "providers" => fields::<Provider>(),
        "budget" => fields::<Budget>(),
        "notifications" => fields::<Notifications>(),
        "mqtt" => fields::<Mqtt>(),
        "home_assistant" => fields::<HomeAssistant>(),
        "web" => fields::<Web>(),
        "health" => fields::<Health>(),
        _ => panic!(
            "`{path}` is a new group of settings: add its type to `order` in {}",
            file!()
        ),
    }
}

fn form(path: &str, schema: &Value) -> Form {
    if let Some(choices) = choices(schema) {
        return Form::Choice(choices);
    }
    let whole = |name: &str| schema[name].as_i64();
    match kind(schema) {
        "boolean" => Form::Flag,
        "integer" => Form::Whole {
            least: whole("minimum").unwrap_or_else(|| panic!("`{path}` has no least value")),
            most: whole("maximum").unwrap_or_else(|| panic!("`{path}` has no most value")),
        },
        "number" => Form::Number {
            least: whole("minimum").unwrap_or_else(|| panic!("`{path}` has no least value")),
            most: whole("maximum").unwrap_or_else(|| panic!("`{path}` has no most value")),
        },
        "string" if schema["format"] == "password" => Form::Secret,
        "string" => Form::Text {
            longest: schema["maxLength"].as_u64(),
            pattern: schema["pattern"].as_str().map(str::to_owned),
        },
        "array" => Form::List(Box::new(form(path, &schema["items"]))),
        "object" => Form::Group(
            order(path)
                .iter()
                .map(|key| setting(path, key, schema))
                .collect(),
        ),
        other => panic!("`{path}` has a type that this schema does not know: {other} {schema}"),
    }
}

/// The JSON type, apart from null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ => "",
    }
}

/// The words of an enumeration.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let words = |list: &Value, word: fn(&Value) -> Option<&str>| -> Option<Vec<String>> {
        list.as_array()?
            .iter()
            .filter(|choice| !choice.is_null())
            .map(|choice| word(choice).map(str::to_owned))
            .collect()
    };
    words(&schema["enum"], Value::as_str)
        .or_else(|| words(&schema["oneOf"], |choice| choice["const"].as_str()))
}

fn setting(parent: &str, key: &str, group: &Value) -> Setting {
    let path = if parent.is_empty() {
        key.to_owned()
    } else {
        format!("{parent}.{key}")
    };
    let own = &group["properties"][key];
    // An optional setting of a type with words of its own is either that type or null.
    let schema = own["anyOf"]
        .as_array()
        .and_then(|either| either.iter().find(|schema| schema["type"] != "null"))
        .unwrap_or(own);
    let text = |name: &str| {
        own[name].as_str().map(|text| text.replace('\n', " ")).unwrap_or_else(|| {
            panic!("`{path}` has no {name}: give its field in src/settings/declared.rs a comment of the form `/// # Name` and, below, what it does; then run `make generate`")
        })
    };
    Setting {
        key: key.to_owned(),
        name: text("title"),
        description: text("description"),
        form: form(&path, schema),
        is_required: group["required"]
            .as_array()
            .is_some_and(|required| required.iter().any(|name| name == key)),
        default: own
            .get("default")
            .filter(|default| !default.is_null())
            .cloned(),
        is_standalone_only: own["x-standalone"] == true,
    }
}
