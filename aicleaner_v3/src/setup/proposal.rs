//! A proposal of zones for a home: one for each area that has cameras, as settings to paste. Pure; whoever reads it
//! decides.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::home_assistant::{Inventory, Thing};
use crate::model::{EntityId, ZoneId};

/// The settings take no more cameras a zone.
const MOST_CAMERAS: usize = 8;
/// The settings take no more sensors of people a zone.
const MOST_SENSORS: usize = 16;
/// The settings take no more zones.
const MOST_ZONES: usize = 100;

/// A zone that the home could have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Needed where the name makes none.
    pub id: Option<ZoneId>,
    /// The area's name.
    pub name: String,
    /// One camera a device.
    pub cameras: Vec<EntityId>,
    /// The area's own list, or the home's only one.
    pub todo_list: Option<EntityId>,
    /// The area's sensors of people.
    pub occupancy: Vec<EntityId>,
}

/// The zones that `inventory` could have.
pub fn propose(inventory: &Inventory) -> Vec<Proposed> {
    let mut taken = BTreeSet::new();
    let mut zones = Vec::new();
    for area in &inventory.areas {
        let here = |thing: &&Thing| thing.area.as_ref() == Some(&area.id);
        let mut devices = BTreeSet::new();
        let cameras: Vec<EntityId> = inventory
            .cameras
            .iter()
            .filter(here)
            // Many cameras show several streams of the same picture.
            .filter(|camera| {
                camera
                    .device
                    .as_ref()
                    .is_none_or(|device| devices.insert(device.clone()))
            })
            .take(MOST_CAMERAS)
            .map(|camera| camera.entity.clone())
            .collect();
        if cameras.is_empty() || zones.len() == MOST_ZONES {
            continue;
        }
        let name: String = one_line(&area.name).chars().take(60).collect();
        let by_name = ZoneId::from_name(&name).ok();
        let usable = |id: &ZoneId| id.as_str() != "system" && !taken.contains(id);
        let (id, is_given) = match by_name.filter(usable) {
            Some(id) => (id, false),
            None => {
                let numbered = (1..).map(|n| format!("room_{n}"));
                let free = numbered
                    .filter_map(|id| ZoneId::parse(&id).ok())
                    .find(usable);
                let Some(id) = free else { continue };
                (id, true)
            }
        };
        taken.insert(id.clone());
        let list = inventory.todo_lists.iter().find(here);
        let only = match inventory.todo_lists.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        zones.push(Proposed {
            id: is_given.then_some(id),
            name,
            cameras,
            todo_list: list.or(only).map(|list| list.entity.clone()),
            occupancy: inventory
                .occupancy
                .iter()
                .filter(here)
                .take(MOST_SENSORS)
                .map(|sensor| sensor.entity.clone())
                .collect(),
        });
    }
    zones
}

/// The proposal as YAML that can be pasted into the settings; empty if there is none.
pub fn as_yaml(zones: &[Proposed]) -> String {
    if zones.is_empty() {
        return String::new();
    }
    let mut text = String::from("zones:\n");
    for zone in zones {
        let _ = writeln!(text, "  - name: {}", quoted(&zone.name));
        if let Some(id) = &zone.id {
            let _ = writeln!(text, "    id: {id}");
        }
        text.push_str("    cameras:\n");
        for camera in &zone.cameras {
            let _ = writeln!(text, "      - {camera}");
        }
        if let Some(list) = &zone.todo_list {
            let _ = writeln!(text, "    todo_list: {list}");
        }
        if !zone.occupancy.is_empty() {
            text.push_str("    occupancy_entities:\n");
        }
        for sensor in &zone.occupancy {
            let _ = writeln!(text, "      - {sensor}");
        }
    }
    text
}

fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A JSON string is a double-quoted scalar of YAML 1.2.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::home_assistant::Area;
    use crate::settings::{Deployment, Settings};

    fn thing(entity: &str, area: Option<&str>, device: Option<&str>) -> Thing {
        Thing {
            entity: EntityId::parse(entity).unwrap(),
            name: entity.to_owned(),
            area: area.map(str::to_owned),
            device: device.map(str::to_owned),
            is_available: true,
        }
    }

    fn area(id: &str, name: &str) -> Area {
        Area {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    fn inventory() -> Inventory {
        Inventory {
            areas: vec![
                area("kitchen", "Kitchen: \"the old one\" #1"),
                area("attic", "Attic"),
                area("cn", "客厅"),
                area("twin", "kitchen the old one 1"),
                area("sys", "System"),
            ],
            cameras: vec![
                thing("camera.kitchen_clear", Some("kitchen"), Some("d1")),
                thing("camera.kitchen_fluent", Some("kitchen"), Some("d1")),
                thing("camera.kitchen_window", Some("kitchen"), None),
                thing("camera.cn", Some("cn"), None),
                thing("camera.twin", Some("twin"), None),
                thing("camera.sys", Some("sys"), None),
                thing("camera.garden", None, None),
            ],
            todo_lists: vec![thing("todo.chores", None, None)],
            occupancy: vec![
                thing("binary_sensor.kitchen", Some("kitchen"), None),
                thing("binary_sensor.hall", Some("hall"), None),
            ],
            ..Inventory::default()
        }
    }

    #[test]
    fn areas_with_cameras_become_zones_with_one_camera_a_device() {
        let zones = propose(&inventory());

        let cameras: Vec<_> = zones[0].cameras.iter().map(EntityId::as_str).collect();
        assert_eq!(cameras, ["camera.kitchen_clear", "camera.kitchen_window"]);
        assert_eq!(zones.len(), 4);
        assert_eq!(zones[1].id.as_ref().unwrap().as_str(), "room_1");
        assert_eq!(zones[0].todo_list.as_ref().unwrap().as_str(), "todo.chores");
    }

    #[test]
    fn the_proposal_is_settings_that_pass_their_check() {
        let yaml = as_yaml(&propose(&inventory()));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.yaml");
        std::fs::write(&file, &yaml).unwrap();

        let settings = Settings::load(
            Some(&file),
            &BTreeMap::new(),
            Deployment::App,
            &crate::providers::Kinds,
        )
        .unwrap();

        assert_eq!(settings.zones.len(), 4, "{yaml}");
        assert!(
            yaml.contains("    occupancy_entities:\n      - binary_sensor.kitchen\n  -"),
            "{yaml}"
        );
        assert_eq!(settings.zones[0].name, "Kitchen: \"the old one\" #1");
        assert!(as_yaml(&[]).is_empty());
    }
}
