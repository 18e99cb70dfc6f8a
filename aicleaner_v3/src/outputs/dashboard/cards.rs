//! What is on the dashboard: a section for each zone and one for the whole, all of built-in cards. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::{InstanceName, ZoneView};

pub const TITLE: &str = "AICleaner";
/// Where a config of ours says whose it is.
pub const MARK: &str = "aicleaner";

/// The dashboard of `zones`, each with its list. `entities` tells what our entities are called, by their unique ids: what
/// is not there is left out.
pub fn config(
    instance: &InstanceName,
    entities: &BTreeMap<String, String>,
    zones: &[(Arc<ZoneView>, Option<String>)],
) -> Value {
    let mut sections = Vec::new();
    for (view, list) in zones {
        let entity = |key: &str| entities.get(&format!("{instance}-{}-{key}", view.zone.id));
        let mut cards = vec![heading(&view.zone.name, "mdi:broom")];
        if let Some(image) = entity("last_frame") {
            cards.push(json!({
                "type": "picture-entity", "entity": image, "show_name": false, "show_state": false,
                "grid_options": {"columns": "full"},
            }));
        }
        let tiles = [
            "cleanliness",
            "needs_cleaning",
            "open_tasks",
            "estimated_time",
            "assess_now",
            "watching",
        ];
        cards.extend(tiles.into_iter().filter_map(entity).map(|id| tile(id)));
        if let Some(list) = list {
            cards.push(json!({
                "type": "todo-list", "entity": list, "grid_options": {"columns": "full"},
            }));
        }
        if let Some(score) = entity("cleanliness") {
            cards.push(json!({
                "type": "history-graph", "entities": [{"entity": score}], "hours_to_show": 168,
                "grid_options": {"columns": "full"},
            }));
        }
        sections.push(json!({"type": "grid", "cards": cards}));
    }
    let entity = |key: &str| entities.get(&format!("{instance}-{key}"));
    let mut cards = vec![heading(TITLE, "mdi:robot")];
    let tiles = [
        "status",
        "pause_all",
        "cost_today",
        "cost_this_month",
        "outbox_pending",
    ];
    cards.extend(tiles.into_iter().filter_map(entity).map(|id| tile(id)));
    sections.push(json!({"type": "grid", "cards": cards}));
    json!({
        MARK: {"instance": instance},
        "title": TITLE,
        "views": [{"title": TITLE, "path": "zones", "type": "sections", "sections": sections}],
    })
}

fn heading(text: &str, icon: &str) -> Value {
    json!({"type": "heading", "heading": text, "icon": icon})
}

fn tile(entity: &str) -> Value {
    json!({"type": "tile", "entity": entity})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sample;

    fn types(config: &Value, section: usize) -> Vec<String> {
        let cards = config["views"][0]["sections"][section]["cards"].as_array();
        let kind = |card: &Value| card["type"].as_str().unwrap().to_owned();
        cards.unwrap().iter().map(kind).collect()
    }

    #[test]
    fn entities_are_shown_under_the_names_that_people_gave_them_and_what_is_missing_is_left_out() {
        let instance = InstanceName::default();
        let entities = BTreeMap::from([
            (
                "aicleaner-kitchen-cleanliness".to_owned(),
                "sensor.my_score".to_owned(),
            ),
            (
                "aicleaner-kitchen-last_frame".to_owned(),
                "image.view".to_owned(),
            ),
            (
                "aicleaner-status".to_owned(),
                "sensor.aicleaner_status".to_owned(),
            ),
            (
                "other-kitchen-open_tasks".to_owned(),
                "sensor.strange".to_owned(),
            ),
        ]);
        let zones = [(Arc::new(sample()), Some("todo.chores".to_owned()))];

        let config = config(&instance, &entities, &zones);

        assert_eq!(
            types(&config, 0),
            [
                "heading",
                "picture-entity",
                "tile",
                "todo-list",
                "history-graph"
            ]
        );
        assert_eq!(types(&config, 1), ["heading", "tile"]);
        let text = config.to_string();
        assert!(
            text.contains("sensor.my_score") && !text.contains("strange"),
            "{text}"
        );
    }
}
