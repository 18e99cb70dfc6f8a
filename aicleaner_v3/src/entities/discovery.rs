//! Renders a device and its entities to one discovery message (device-based discovery; Core's
//! `components/mqtt/schemas.py`: `DEVICE_DISCOVERY_SCHEMA`). Absent values are left out: Core refuses nulls, and unknown
//! keys at the top drop the whole device.

use serde_json::{Map, Value, json};

use super::definition::{Entity, Kind};
use super::topics::EntityOptions;
use super::{system, zone};
use crate::model::{Zone, ZoneId};

/// Says in discovery messages whose they are.
pub(super) const ORIGIN: &str = "AICleaner";

/// The topic and the payload that make a zone's device known.
pub fn zone_discovery(options: &EntityOptions, zone: &Zone) -> (String, String) {
    let device = json!({
        "identifiers": [options.device_id(Some(&zone.id))],
        "name": zone.name,
        "manufacturer": ORIGIN,
        "model": "Zone",
        "sw_version": options.version,
        "suggested_area": zone.name,
        "via_device": options.device_id(None),
    });
    render(options, Some(&zone.id), &device, zone::ENTITIES)
}

/// The topic and the payload that make the system's device known.
pub fn system_discovery(options: &EntityOptions) -> (String, String) {
    let device = json!({
        "identifiers": [options.device_id(None)],
        "name": ORIGIN,
        "manufacturer": ORIGIN,
        "model": "App",
        "sw_version": options.version,
    });
    render(options, None, &device, system::ENTITIES)
}

fn render<V>(
    options: &EntityOptions,
    zone: Option<&ZoneId>,
    device: &Value,
    entities: &[Entity<V>],
) -> (String, String) {
    let shown = entities.iter().filter(|entity| is_shown(options, entity));
    let components: Map<String, Value> = shown
        .map(|entity| (entity.key.to_owned(), component(options, zone, entity)))
        .collect();
    let payload = json!({
        "device": device,
        "origin": { "name": ORIGIN, "sw_version": options.version },
        "availability": [{ "topic": options.mqtt().availability_topic() }],
        "components": components,
    });
    (options.discovery_topic(zone), payload.to_string())
}

/// Whether the settings let the entity be there.
pub(super) fn is_shown<V>(options: &EntityOptions, entity: &Entity<V>) -> bool {
    options.publish_pictures || !matches!(entity.kind, Kind::Picture { .. })
}

fn component<V>(options: &EntityOptions, zone: Option<&ZoneId>, entity: &Entity<V>) -> Value {
    let key = entity.key;
    let platform = entity.kind.platform();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("platform", platform.into());
    put("unique_id", options.unique_id(zone, key).into());
    put(
        "default_entity_id",
        options.default_entity_id(zone, platform, key).into(),
    );
    put("name", entity.name.into());
    if let Some(icon) = entity.icon {
        put("icon", icon.into());
    }
    if let Some(category) = entity.category {
        put("entity_category", category.into());
    }
    if entity.attributes.is_some() {
        put(
            "json_attributes_topic",
            options.attributes_topic(zone, key).into(),
        );
    }
    if entity.kind.takes_commands() {
        put("command_topic", options.command_topic(zone, key).into());
    }
    match &entity.kind {
        Kind::Button { .. } => {}
        Kind::Picture { .. } => {
            put("image_topic", options.state_topic(zone, key).into());
            put("content_type", "image/jpeg".into());
        }
        Kind::Switch { .. } => put("state_topic", options.state_topic(zone, key).into()),
        Kind::BinarySensor { device_class, .. } => {
            put("state_topic", options.state_topic(zone, key).into());
            if let Some(class) = device_class {
                put("device_class", (*class).into());
            }
        }
        Kind::Sensor(sensor) => {
            put("state_topic", options.state_topic(zone, key).into());
            let texts = [
                ("unit_of_measurement", sensor.unit),
                ("device_class", sensor.device_class),
                ("state_class", sensor.state_class),
            ];
            for (name, text) in texts {
                if let Some(text) = text {
                    put(name, text.into());
                }
            }
            if let Some(options) = sensor.options {
                put("options", options().into());
            }
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
#[path = "discovery_tests.rs"]
pub(super) mod tests;
