//! The entities of the whole system.

use serde_json::{Value, json};

use super::definition::{Entity, Kind, Sensor};
use crate::model::{SystemStatus, SystemView};

/// All of them. Keys never change, and none is `availability`.
pub(super) static ENTITIES: &[Entity<SystemView>] = &[
    Entity {
        key: "status",
        name: "Status",
        icon: Some("mdi:heart-pulse"),
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: Some("enum"),
            state_class: None,
            options: Some(|| SystemStatus::ALL.map(SystemStatus::as_str).to_vec()),
            state: |view| Some(view.status.as_str().to_owned()),
        }),
        attributes: Some(missing),
    },
    Entity {
        key: "version",
        name: "Version",
        icon: Some("mdi:tag-outline"),
        category: Some("diagnostic"),
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: None,
            state_class: None,
            options: None,
            state: |view| Some(view.version.to_owned()),
        }),
        attributes: None,
    },
];

/// `{"missing": [{"what": "mqtt", "why": "…"}]}`.
fn missing(view: &SystemView) -> Value {
    let rows = view.missing.iter().map(|(dependency, sentence)| {
        let why: String = sentence.chars().take(500).collect();
        json!({ "what": dependency.as_str(), "why": why })
    });
    json!({ "missing": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::Dependency;

    pub(in crate::entities) fn running() -> SystemView {
        SystemView {
            status: SystemStatus::Running,
            missing: Vec::new(),
            troubles: Vec::new(),
            version: "1.2.3",
        }
    }

    #[test]
    fn the_status_says_what_is_missing_and_why() {
        let view = SystemView {
            status: SystemStatus::Waiting,
            missing: vec![(Dependency::HomeAssistant, "It is starting.".to_owned())],
            ..running()
        };

        assert_eq!(ENTITIES[0].kind.state(&view).unwrap(), "waiting");
        assert_eq!(
            missing(&view),
            json!({"missing": [{"what": "home_assistant", "why": "It is starting."}]})
        );
    }
}
