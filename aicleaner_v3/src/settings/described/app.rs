//! The settings in Supervisor's words: the `options` and `schema` at the end of `config.yaml`.
//! What its language can't say is said here, and refused.

use super::{Described, Form, paper, settings};

const FILE: &str = "config.yaml";
const MARK: &str = "# From here on written by `make papers` from src/settings/declared.rs.\n";

/// The settings that are options of the app.
pub fn options() -> impl Iterator<Item = Described> {
    settings()
        .into_iter()
        .filter(|setting| !setting.is_standalone_only)
}

/// A group's settings that are options of the app.
pub fn of_the_app(group: &[Described]) -> impl Iterator<Item = &Described> {
    group.iter().filter(|setting| !setting.is_standalone_only)
}

/// Supervisor's word for a single value (its `apps/options.py`: `RE_SCHEMA_ELEMENT`).
fn word(form: &Form) -> Option<String> {
    Some(match form {
        Form::Flag => "bool".to_owned(),
        Form::Whole {
            least: 1,
            most: 65_535,
        } => "port".to_owned(),
        Form::Whole { least, most } => format!("int({least},{most})"),
        Form::Number { least, most } => format!("float({least},{most})"),
        Form::Text {
            pattern: Some(pattern),
            ..
        } => format!("match({pattern})"),
        Form::Text {
            longest: Some(longest),
            ..
        } => format!("str(,{longest})"),
        Form::Text { .. } => "str".to_owned(),
        Form::Secret => "password".to_owned(),
        Form::Choice(choices) => format!("list({})", choices.join("|")),
        Form::List(_) | Form::Group(_) => return None,
    })
}

fn schema(setting: &Described, indent: usize, out: &mut String) {
    let (key, space) = (&setting.key, " ".repeat(indent));
    // In a list, the single value says whether there may be none.
    let end = if setting.is_required { "" } else { "?" };
    match &setting.form {
        Form::List(inner) => {
            out.push_str(&format!("{space}{key}:\n"));
            match inner.as_ref() {
                Form::Group(group) => {
                    let mut first = true;
                    for setting in of_the_app(group) {
                        let mut lines = String::new();
                        schema(setting, indent + 4, &mut lines);
                        let lines = match std::mem::take(&mut first) {
                            true => {
                                lines.replacen(&" ".repeat(indent + 4), &format!("{space}  - "), 1)
                            }
                            false => lines,
                        };
                        out.push_str(&lines);
                    }
                }
                single => {
                    let word = word(single).unwrap_or_else(|| {
                        panic!("`{key}` is a list of lists: Supervisor's options have none")
                    });
                    out.push_str(&format!("{space}  - '{word}{end}'\n"));
                }
            }
        }
        Form::Group(group) => {
            out.push_str(&format!("{space}{key}:\n"));
            of_the_app(group).for_each(|setting| schema(setting, indent + 2, out));
        }
        single => {
            let word = word(single).unwrap_or_default();
            out.push_str(&format!("{space}{key}: '{word}{end}'\n"));
        }
    }
}

/// Groups and lists of groups count as given to Supervisor, so a new app starts with empty ones.
fn text() -> String {
    let mut text = "options:\n".to_owned();
    for setting in options() {
        match &setting.form {
            Form::Group(_) => text.push_str(&format!("  {}: {{}}\n", setting.key)),
            Form::List(inner) if matches!(**inner, Form::Group(_)) => {
                text.push_str(&format!("  {}: []\n", setting.key));
            }
            _ => {}
        }
    }
    text.push_str("schema:\n");
    options().for_each(|setting| schema(&setting, 2, &mut text));
    text
}

#[test]
fn the_apps_options_are_the_settings() {
    let file = paper::read(FILE);
    let head = file.split(MARK).next().unwrap_or_default();
    paper::expect(FILE, &format!("{head}{MARK}{}", text()));
}

/// Supervisor takes a group or a list of groups for required (`_check_missing_options`): inside a zone or a provider
/// every zone and provider would have to give it.
#[test]
fn zones_and_providers_have_no_groups_of_their_own() {
    for setting in options() {
        let Form::List(inner) = &setting.form else {
            continue;
        };
        let Form::Group(group) = inner.as_ref() else {
            continue;
        };
        for field in group {
            let is_flat = match &field.form {
                Form::List(inner) => word(inner).is_some(),
                form => word(form).is_some(),
            };
            assert!(
                is_flat,
                "{}[].{} is a group or a list of groups, which Supervisor would ask of every one of the {}: write its parts as settings of their own, such as {}_minutes beside {}",
                setting.key, field.key, setting.key, field.key, field.key
            );
        }
    }
}

/// Only these must be set by hand: a zone's name and its cameras.
#[test]
fn at_most_three_things_must_be_set() {
    let mut required = Vec::new();
    for setting in options() {
        let single = word(&setting.form).is_some();
        if setting.is_required && single {
            required.push(setting.key.clone());
        }
        if setting.key == "zones"
            && let Form::List(inner) = &setting.form
            && let Form::Group(group) = inner.as_ref()
        {
            required.extend(
                group
                    .iter()
                    .filter(|field| field.is_required)
                    .map(|field| field.key.clone()),
            );
        }
    }

    assert_eq!(required, ["name", "cameras"]);
}
