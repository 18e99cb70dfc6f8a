//! The texts of the app's options in `translations/`: English is written from the settings, the other languages must
//! have the same options, each with a name and a description of its own.

use std::collections::BTreeMap;

use yaml_rust2::{Yaml, YamlLoader};

use super::app::{of_the_app, options};
use super::{Described, Form, paper};

const OTHERS: [&str; 4] = ["de", "es", "fr", "nl"];

/// The settings inside of one, if it is a group or a list of groups.
fn inner(setting: &Described) -> &[Described] {
    match &setting.form {
        Form::Group(group) => group,
        Form::List(inner) => match inner.as_ref() {
            Form::Group(group) => group,
            _ => &[],
        },
        _ => &[],
    }
}

/// JSON's quotes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn english(setting: &Described, indent: usize, out: &mut String) {
    let space = " ".repeat(indent);
    let (key, name, description) = (
        &setting.key,
        quoted(&setting.name),
        quoted(&setting.description),
    );
    out.push_str(&format!(
        "{space}{key}:\n{space}  name: {name}\n{space}  description: {description}\n"
    ));
    let mut fields = of_the_app(inner(setting)).peekable();
    if fields.peek().is_some() {
        out.push_str(&format!("{space}  fields:\n"));
        fields.for_each(|field| english(field, indent + 4, out));
    }
}

/// All texts of a file: path to name and description.
type Texts = BTreeMap<String, (String, String)>;

fn texts(node: &Yaml, parent: &str, out: &mut Texts) {
    for (key, node) in node.as_hash().into_iter().flatten() {
        let path = format!("{parent}{}", key.as_str().unwrap_or("?"));
        let text = |name: &str| node[name].as_str().unwrap_or_default().trim().to_owned();
        texts(&node["fields"], &format!("{path}.fields."), out);
        out.insert(path, (text("name"), text("description")));
    }
}

fn of_file(language: &str) -> Texts {
    let name = format!("translations/{language}.yaml");
    let documents = YamlLoader::load_from_str(&paper::read(&name))
        .unwrap_or_else(|e| panic!("{name} is no YAML: {e}"));
    let mut found = Texts::new();
    if let Some(document) = documents.first() {
        texts(&document["configuration"], "", &mut found);
    }
    found
}

#[test]
fn english_says_what_the_settings_say() {
    let mut text =
        "# Written by `make papers` from src/settings/declared.rs.\nconfiguration:\n".to_owned();
    options().for_each(|setting| english(&setting, 2, &mut text));

    paper::expect("translations/en.yaml", &text);
}

#[test]
fn every_language_has_every_option() {
    let mut wanted = Texts::new();
    let mut all = String::new();
    options().for_each(|setting| english(&setting, 2, &mut all));
    let document = YamlLoader::load_from_str(&all).unwrap();
    texts(&document[0], "", &mut wanted);
    let mut wrong = Vec::new();
    for language in OTHERS {
        let mut found = of_file(language);
        for (path, (_, english)) in &wanted {
            match found.remove(path) {
                None => wrong.push(format!("{language}: {path} is missing ({english})")),
                Some((name, description)) if name.is_empty() || description.is_empty() => {
                    wrong.push(format!("{language}: {path} needs a name and a description"));
                }
                Some((_, description)) if description == *english => {
                    wrong.push(format!(
                        "{language}: the description of {path} is still English"
                    ));
                }
                Some(_) => {}
            }
        }
        wrong.extend(
            found
                .into_keys()
                .map(|path| format!("{language}: {path} is no option of the app")),
        );
    }

    assert!(
        wrong.is_empty(),
        "put right in aicleaner_v3/translations/<language>.yaml, under `configuration:`:\n{}",
        wrong.join("\n")
    );
}
