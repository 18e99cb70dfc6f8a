//! Renders a device and its entities to one discovery message (device-based discovery; Core's
//! `components/mqtt/schemas.py`: `DEVICE_DISCOVERY_SCHEMA`). Absent values are left out: Core refuses nulls, and unknown
//! keys at the top drop the whole device.

use serde_json::{Map, Value, json};

use super::definition::{Device, Entity, Kind};
use super::topics::EntityOptions;
use super::{system, zone};
use crate::i18n::Texts;
use crate::model::{SystemView, ZoneId, ZoneView};

/// Says in discovery messages whose they are.
pub(super) const ORIGIN: &str = "AICleaner";

/// The topic and the payload that make a zone's device known.
pub fn zone_discovery(options: &EntityOptions, texts: &Texts, view: &ZoneView) -> (String, String) {
    let zone = &view.zone;
    let device = json!({
        "identifiers": [options.device_id(Some(&zone.id))],
        "name": zone.name,
        "manufacturer": ORIGIN,
        "model": "Zone",
        "sw_version": options.version,
        "suggested_area": zone.name,
        "via_device": options.device_id(None),
    });
    let renderer = Renderer {
        options,
        texts,
        zone: Some(&zone.id),
        view,
    };
    renderer.message(&device, zone::ENTITIES)
}

/// The topic and the payload that make the system's device known.
pub fn system_discovery(
    options: &EntityOptions,
    texts: &Texts,
    view: &SystemView,
) -> (String, String) {
    let device = json!({
        "identifiers": [options.device_id(None)],
        "name": ORIGIN,
        "manufacturer": ORIGIN,
        "model": "App",
        "sw_version": options.version,
    });
    let renderer = Renderer {
        options,
        texts,
        zone: None,
        view,
    };
    renderer.message(&device, system::ENTITIES)
}

/// Whether the settings let the entity be there.
pub(super) fn is_shown<V: Device>(options: &EntityOptions, entity: &Entity<V>) -> bool {
    options.publish_pictures || !matches!(entity.kind, Kind::Picture { .. })
}

struct Renderer<'a, V> {
    options: &'a EntityOptions,
    texts: &'a Texts,
    zone: Option<&'a ZoneId>,
    view: &'a V,
}

impl<V: Device> Renderer<'_, V> {
    fn message(&self, device: &Value, entities: &[Entity<V>]) -> (String, String) {
        let options = self.options;
        let components: Map<String, Value> = entities
            .iter()
            .map(|entity| {
                let component = if is_shown(options, entity) {
                    self.component(entity)
                } else {
                    // Nothing but the platform takes the entity away, if it was there (Core's
                    // `components/mqtt/discovery.py`); left out, it would stay as it was.
                    json!({ "platform": entity.kind.platform() })
                };
                (entity.key.to_owned(), component)
            })
            .collect();
        let payload = json!({
            "device": device,
            "origin": { "name": ORIGIN, "sw_version": options.version },
            "availability": [{ "topic": options.mqtt().availability_topic() }],
            "components": components,
        });
        (options.discovery_topic(self.zone), payload.to_string())
    }

    fn component(&self, entity: &Entity<V>) -> Value {
        let (options, zone, key) = (self.options, self.zone, entity.key);
        let platform = entity.kind.platform();
        let mut fields = Fields::default();
        fields.put("platform", platform);
        fields.put("unique_id", options.unique_id(zone, key));
        fields.put(
            "default_entity_id",
            options.default_entity_id(zone, platform, key),
        );
        fields.put("name", self.texts.render(&(entity.name)()));
        fields.put_some("icon", entity.icon);
        fields.put_some("entity_category", entity.category);
        if entity.attributes.is_some() {
            fields.put("json_attributes_topic", options.attributes_topic(zone, key));
        }
        if entity.kind.takes_commands() {
            fields.put("command_topic", options.command_topic(zone, key));
        }
        self.describe(&mut fields, entity);
        Value::Object(fields.0)
    }

    /// What belongs to the platform.
    fn describe(&self, fields: &mut Fields, entity: &Entity<V>) {
        let state_topic = self.options.state_topic(self.zone, entity.key);
        match &entity.kind {
            Kind::Button { .. } => {}
            Kind::Picture { .. } => {
                fields.put("image_topic", state_topic);
                fields.put("content_type", "image/jpeg");
            }
            Kind::Switch { .. } => fields.put("state_topic", state_topic),
            Kind::BinarySensor { device_class, .. } => {
                fields.put("state_topic", state_topic);
                fields.put_some("device_class", *device_class);
            }
            Kind::Connectivity => {
                fields.put("state_topic", self.options.mqtt().availability_topic());
                fields.put("payload_on", "online");
                fields.put("payload_off", "offline");
                fields.put("device_class", "connectivity");
                // Its own, so that it takes none from the device: it tells also when we are gone.
                fields.put("availability", json!([]));
            }
            Kind::Sensor(sensor) => {
                fields.put("state_topic", state_topic);
                fields.put_some("unit_of_measurement", sensor.unit);
                fields.put_some("device_class", sensor.device_class);
                fields.put_some("state_class", sensor.state_class);
                fields.put_some("options", sensor.options.map(|options| options()));
            }
            Kind::Number {
                unit,
                device_class,
                range: (least, most),
                ..
            } => {
                fields.put("state_topic", state_topic);
                fields.put("unit_of_measurement", *unit);
                fields.put_some("device_class", *device_class);
                fields.put("min", *least);
                fields.put("max", *most);
                fields.put("step", 1);
                fields.put("mode", "box");
            }
            Kind::Select { options, .. } => {
                fields.put("state_topic", state_topic);
                fields.put("options", options(self.view));
            }
            Kind::Event { types } => {
                fields.put("state_topic", state_topic);
                fields.put("event_types", types());
            }
        }
    }
}

/// A JSON object that holds no nulls: Core refuses them.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

#[cfg(test)]
#[path = "discovery_tests.rs"]
pub(super) mod tests;
