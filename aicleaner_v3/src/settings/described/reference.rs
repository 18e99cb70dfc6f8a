//! `docs/configuration.md`: every setting, what may stand there, and what it does.

use serde_json::Value;

use super::{Described, Form, paper, settings};

const INTRODUCTION: &str = "\
# Configuration

<!-- Written by `make papers` from aicleaner_v3/src/settings/declared.rs. -->

Every setting has a default but a zone's name and its cameras. There are three places for them; the later one counts:

1. defaults,
2. the app's options (Configuration tab), or a YAML or JSON file when it runs by itself (`--settings FILE`),
3. environment variables: `AICLEANER__` and the path in capitals with two underscores between, numbers for places in a
   list: `AICLEANER__MQTT__HOST`, `AICLEANER__ZONES__0__NAME`.

`aicleaner check --settings FILE` says what is wrong with them: the path, what was found, what is allowed.

Settings marked ¹ are for AICleaner that runs by itself; in the app, Supervisor sees to them. Masks, regions and
references are drawn on AICleaner's page, not written here.

```yaml
zones:
  - name: Kitchen
    cameras: [camera.kitchen]
    todo_list: todo.chores
    purpose: People cook here. Dishes belong in the dishwasher.
```
";

/// What may stand there, for people.
fn allowed(form: &Form) -> String {
    match form {
        Form::Flag => "`true` or `false`".to_owned(),
        Form::Whole { least, most } => format!("whole number, {least} to {most}"),
        Form::Number { least, most } => format!("number, {least} to {most}"),
        Form::Text {
            pattern: Some(pattern),
            ..
        } => {
            let domain = pattern
                .trim_start_matches('^')
                .split(r"\.")
                .next()
                .unwrap_or_default();
            match domain.contains('[') {
                false => format!("entity such as `{domain}.…`"),
                true if pattern.contains(r"\.") => "entity".to_owned(),
                true => "lower case letters, digits and `_`".to_owned(),
            }
        }
        Form::Text {
            longest: Some(longest),
            ..
        } => format!("text, at most {longest} characters"),
        Form::Text { .. } => "text".to_owned(),
        Form::Secret => "secret".to_owned(),
        Form::Choice(choices) => choices
            .iter()
            .map(|choice| format!("`{choice}`"))
            .collect::<Vec<_>>()
            .join(", "),
        Form::List(inner) => match inner.as_ref() {
            Form::Group(_) => "list, see below".to_owned(),
            single => format!("list: {}", allowed(single)),
        },
        Form::Group(_) => "see below".to_owned(),
    }
}

fn default(setting: &Described) -> String {
    match &setting.default {
        _ if setting.is_required => "**required**".to_owned(),
        None => String::new(),
        Some(Value::String(text)) if text.is_empty() => String::new(),
        Some(Value::Array(list)) if list.is_empty() => String::new(),
        Some(Value::Object(_)) => String::new(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(value) => format!("`{value}`"),
    }
}

fn table(group: &[Described], out: &mut String) {
    out.push_str("\n| setting | value | default | what it does |\n| --- | --- | --- | --- |\n");
    for setting in group {
        let mark = if setting.is_standalone_only { "¹" } else { "" };
        out.push_str(&format!(
            "| `{}`{mark} | {} | {} | {} |\n",
            setting.key,
            allowed(&setting.form),
            default(setting),
            setting.description
        ));
    }
}

#[test]
fn the_reference_names_every_setting() {
    let settings = settings();
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\n## All settings\n");
    table(&settings, &mut text);
    for setting in &settings {
        let (group, path) = match &setting.form {
            Form::Group(group) => (group, setting.key.clone()),
            Form::List(inner) => match inner.as_ref() {
                Form::Group(group) => (group, format!("{}[]", setting.key)),
                _ => continue,
            },
            _ => continue,
        };
        let mark = if setting.is_standalone_only {
            " ¹"
        } else {
            ""
        };
        text.push_str(&format!("\n## `{path}`{mark}\n\n{}\n", setting.description));
        table(group, &mut text);
    }

    paper::expect("../docs/configuration.md", &text);
}
