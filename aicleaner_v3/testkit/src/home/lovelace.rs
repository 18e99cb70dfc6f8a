//! Dashboards that are kept in storage: listed, made, saved, read, as `components/lovelace` does it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A dashboard: what it is, and its config once it was saved.
#[derive(Clone, Debug, Default)]
pub(super) struct Dashboards(pub(super) BTreeMap<String, (Value, Option<Value>)>);

/// The commands that only administrators may use.
pub(super) const OF_ADMINS: [&str; 2] = ["lovelace/dashboards/create", "lovelace/config/save"];

/// Answers one command, or says why not: code and message.
pub(super) fn answer(
    dashboards: &mut Dashboards,
    kind: &str,
    message: &Value,
) -> Result<Value, (&'static str, String)> {
    let url_path = message["url_path"].as_str().unwrap_or_default();
    match kind {
        "lovelace/dashboards/list" => Ok(dashboards
            .0
            .values()
            .map(|(dashboard, _)| dashboard.clone())
            .collect()),
        "lovelace/dashboards/create" => {
            if !url_path.contains('-') {
                let text = "Url path needs to contain a hyphen (-)";
                return Err(("invalid_format", text.to_owned()));
            }
            if dashboards.0.contains_key(url_path) {
                let text = format!("The URL \"{url_path}\" is already in use.");
                return Err(("home_assistant_error", text));
            }
            let dashboard = json!({
                "id": url_path.replace('-', "_"),
                "url_path": url_path,
                "title": message["title"],
                "icon": message["icon"],
                "mode": "storage",
                "require_admin": message["require_admin"],
                "show_in_sidebar": message["show_in_sidebar"],
            });
            let made = (dashboard.clone(), None);
            dashboards.0.insert(url_path.to_owned(), made);
            Ok(dashboard)
        }
        _ => {
            let Some((_, config)) = dashboards.0.get_mut(url_path) else {
                let text = format!("Unknown config specified: {url_path}");
                return Err(("config_not_found", text));
            };
            if kind == "lovelace/config/save" {
                *config = Some(message["config"].clone());
                return Ok(Value::Null);
            }
            config
                .clone()
                .ok_or_else(|| ("config_not_found", "No config found.".to_owned()))
        }
    }
}
