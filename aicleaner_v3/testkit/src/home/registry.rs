//! The registries of entities, devices and areas, as the websocket lists them.
//! Made from what the simulated home has; nothing here can be changed by a client.

use serde_json::{Map, Value, json};

use super::world::World;

/// When everything here was made: seconds since 1970.
const CREATED: f64 = 1_763_000_000.0;

/// `config/entity_registry/list`.
pub(super) fn entities(world: &World) -> Value {
    world
        .known
        .keys()
        .filter_map(|entity_id| entity(world, entity_id))
        .collect()
}

/// One entry of the entity registry.
pub(super) fn entity(world: &World, entity_id: &str) -> Option<Value> {
    let known = world.known.get(entity_id)?;
    let number = world.known.keys().position(|known| known == entity_id)?;
    Some(json!({
        "area_id": world.placed.get(entity_id),
        "categories": {},
        "config_entry_id": entry_id(known.platform),
        "config_subentry_id": null,
        "created_at": CREATED,
        "device_id": device_id(known.platform),
        "disabled_by": null,
        "entity_category": null,
        "entity_id": entity_id,
        "hidden_by": null,
        "icon": null,
        "id": format!("{number:032x}"),
        "labels": [],
        "modified_at": CREATED,
        "name": null,
        "options": options(world, entity_id),
        "original_name": known.attributes.get("friendly_name"),
        "platform": known.platform,
        "translation_key": null,
        "unique_id": format!("{}-{number}", known.platform),
    }))
}

fn options(world: &World, entity_id: &str) -> Value {
    let Some(areas) = world.vacuum_areas.get(entity_id) else {
        return json!({});
    };
    let segments: Map<String, Value> = areas
        .iter()
        .map(|area| (area.clone(), json!(["1"])))
        .collect();
    json!({"vacuum": {"area_mapping": segments}})
}

/// `config/device_registry/list`: one device a platform.
pub(super) fn devices(world: &World) -> Value {
    let mut platforms: Vec<&str> = world.known.values().map(|known| known.platform).collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms
        .into_iter()
        .map(|platform| {
            json!({
                "area_id": null,
                "configuration_url": null,
                "config_entries": [entry_id(platform)],
                "config_entries_subentries": {entry_id(platform): [null]},
                "config_entry_id": entry_id(platform),
                "config_subentry_id": null,
                "connections": [],
                "created_at": CREATED,
                "disabled_by": null,
                "entry_type": "service",
                "hw_version": null,
                "id": device_id(platform),
                "identifiers": [[platform, "simulated"]],
                "labels": [],
                "manufacturer": "Simulated",
                "model": platform,
                "model_id": null,
                "modified_at": CREATED,
                "name": platform,
                "name_by_user": null,
                "primary_config_entry": entry_id(platform),
                "serial_number": null,
                "sw_version": null,
                "via_device_id": null,
            })
        })
        .collect()
}

/// `config/area_registry/list`.
pub(super) fn areas(world: &World) -> Value {
    world
        .areas
        .iter()
        .map(|(area_id, name)| {
            json!({
                "aliases": [],
                "area_id": area_id,
                "floor_id": null,
                "humidity_entity_id": null,
                "icon": null,
                "labels": [],
                "name": name,
                "picture": null,
                "temperature_entity_id": null,
                "created_at": CREATED,
                "modified_at": CREATED,
            })
        })
        .collect()
}

fn entry_id(platform: &str) -> String {
    format!("entry_{platform}")
}

fn device_id(platform: &str) -> String {
    format!("device_{platform}")
}
