//! What the home has that a zone could use, with the names that people gave it: read from the state machine and the
//! registries (`homeassistant/components/config/{area,device,entity}_registry.py`), none of which needs an admin.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::error::HomeError;
use super::handle::HomeAssistant;
use super::registries::{AreaEntry, DeviceEntry, EntityEntry};
use crate::model::{EntityId, InstanceName};

/// Device classes of binary sensors that tell of people (`homeassistant/components/binary_sensor/__init__.py`).
const OF_PEOPLE: [&str; 3] = ["occupancy", "motion", "presence"];

/// An area of the home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The registry's id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// Something that a zone could use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its entity.
    pub entity: EntityId,
    /// What people call it.
    pub name: String,
    /// The id of the area that it, or its device, is in.
    pub area: Option<String>,
    /// The device that it belongs to.
    pub device: Option<String>,
    /// Whether it can be used now.
    pub is_available: bool,
}

/// What the home has that a zone could use, each in the order of the entities' ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Areas, in the registry's order.
    pub areas: Vec<Area>,
    /// Cameras.
    pub cameras: Vec<Thing>,
    /// To-do lists.
    pub todo_lists: Vec<Thing>,
    /// What answers AI tasks.
    pub ai_tasks: Vec<Thing>,
    /// Sensors that tell of people in a room.
    pub occupancy: Vec<Thing>,
    /// Robot vacuums.
    pub vacuums: Vec<Thing>,
}

#[derive(Deserialize)]
struct StateEntry {
    entity_id: String,
    state: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
struct Attributes {
    #[serde(default)]
    friendly_name: Option<String>,
    #[serde(default)]
    device_class: Option<String>,
}

impl HomeAssistant {
    /// What the home has, as it is now. Entities of `instance`, which are ours, and hidden ones are left out.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn inventory(&self, instance: &InstanceName) -> Result<Inventory, HomeError> {
        let areas = self.area_registry().await?;
        let devices = self.device_registry().await?;
        let entities = self.entity_registry().await?;
        let states = self.list("get_states").await?;
        Ok(inventory(areas, devices, entities, states, instance))
    }
}

fn inventory(
    areas: Vec<AreaEntry>,
    devices: Vec<DeviceEntry>,
    entities: Vec<EntityEntry>,
    states: Vec<StateEntry>,
    instance: &InstanceName,
) -> Inventory {
    let area_of_device: HashMap<String, String> = devices
        .into_iter()
        .filter_map(|device| Some((device.id, device.area_id?)))
        .collect();
    let entries: HashMap<String, EntityEntry> = entities
        .into_iter()
        .map(|entry| (entry.entity_id.clone(), entry))
        .collect();
    let mut things: BTreeMap<EntityId, (Thing, Option<String>)> = BTreeMap::new();
    for state in states {
        let Ok(entity) = EntityId::parse(&state.entity_id) else {
            continue;
        };
        let entry = entries.get(&state.entity_id);
        if entry.is_some_and(|entry| entry.hidden_by.is_some() || is_ours(entry, instance)) {
            continue;
        }
        let device = entry.and_then(|entry| entry.device_id.clone());
        let of_device = || {
            device
                .as_ref()
                .and_then(|id| area_of_device.get(id).cloned())
        };
        let thing = Thing {
            name: state
                .attributes
                .friendly_name
                .unwrap_or_else(|| state.entity_id.clone()),
            area: entry
                .and_then(|entry| entry.area_id.clone())
                .or_else(of_device),
            device,
            is_available: state.state != "unavailable",
            entity: entity.clone(),
        };
        things.insert(entity, (thing, state.attributes.device_class));
    }
    let mut inventory = Inventory {
        areas: areas
            .into_iter()
            .map(|area| Area {
                id: area.area_id,
                name: area.name,
            })
            .collect(),
        ..Inventory::default()
    };
    for (entity, (thing, class)) in things {
        match entity.domain() {
            "camera" => inventory.cameras.push(thing),
            "todo" => inventory.todo_lists.push(thing),
            "ai_task" => inventory.ai_tasks.push(thing),
            "vacuum" => inventory.vacuums.push(thing),
            "binary_sensor" if class.is_some_and(|class| OF_PEOPLE.contains(&class.as_str())) => {
                inventory.occupancy.push(thing);
            }
            _ => {}
        }
    }
    inventory
}

fn is_ours(entry: &EntityEntry, instance: &InstanceName) -> bool {
    let ours = |id: &str| {
        id.strip_prefix(instance.as_str())
            .is_some_and(|rest| rest.starts_with('-'))
    };
    entry.platform.as_deref() == Some("mqtt") && entry.unique_id().is_some_and(ours)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::registries::typed;
    use super::*;

    fn inventory_of(areas: Value, devices: Value, entities: Value, states: Value) -> Inventory {
        inventory(
            typed("areas", areas).unwrap(),
            typed("devices", devices).unwrap(),
            typed("entities", entities).unwrap(),
            typed("states", states).unwrap(),
            &InstanceName::default(),
        )
    }

    #[test]
    fn things_are_in_the_area_of_their_own_or_of_their_device() {
        let found = inventory_of(
            json!([{"area_id": "kitchen", "name": "Küche", "floor_id": null}]),
            json!([{"id": "d1", "area_id": "kitchen"}, {"id": "child"}]),
            json!([
                {"entity_id": "camera.a", "device_id": "d1", "platform": "generic", "unique_id": 5},
                {"entity_id": "camera.b", "device_id": "d1", "area_id": "attic", "platform": "generic"},
                {"entity_id": "camera.hidden", "hidden_by": "user", "platform": "generic"},
                {"entity_id": "binary_sensor.ours", "platform": "mqtt", "unique_id": "aicleaner-kitchen-occupied"},
            ]),
            json!([
                {"entity_id": "camera.b", "state": "unavailable", "attributes": {}},
                {"entity_id": "camera.a", "state": "idle", "attributes": {"friendly_name": "Door"}},
                {"entity_id": "camera.hidden", "state": "idle"},
                {"entity_id": "binary_sensor.ours", "state": "on", "attributes": {"device_class": "occupancy"}},
                {"entity_id": "binary_sensor.sofa", "state": "on", "attributes": {"device_class": "motion"}},
                {"entity_id": "binary_sensor.door", "state": "on", "attributes": {"device_class": "door"}},
                {"entity_id": "todo.chores", "state": "3"},
                {"entity_id": "light.x", "state": "on"},
            ]),
        );

        let areas: Vec<_> = found.cameras.iter().map(|it| it.area.as_deref()).collect();
        assert_eq!(areas, [Some("kitchen"), Some("attic")]);
        assert_eq!(found.cameras[0].name, "Door");
        assert!(!found.cameras[1].is_available);
        assert_eq!(found.occupancy.len(), 1);
        assert_eq!(found.todo_lists[0].name, "todo.chores");
        assert_eq!(found.areas[0].name, "Küche");
    }
}
