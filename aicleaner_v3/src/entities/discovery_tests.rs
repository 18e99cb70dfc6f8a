use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::entities::system::tests::running;
use crate::entities::zone::tests::kitchen;
use crate::i18n::Language;
use crate::model::{DiscoveryPrefix, InstanceName, Zone};
use crate::mqtt::MAX_PACKET;

pub(in crate::entities) fn options() -> EntityOptions {
    EntityOptions {
        instance: InstanceName::default(),
        prefix: DiscoveryPrefix::default(),
        publish_pictures: true,
        version: "1.2.3",
    }
}

fn parsed((topic, payload): (String, String)) -> (String, Value) {
    (topic, serde_json::from_str(&payload).unwrap())
}

#[test]
fn a_zones_device_is_described_in_one_message() {
    let (topic, payload) = parsed(zone_discovery(&options(), &Texts::default(), &kitchen()));

    assert_eq!(topic, "homeassistant/device/aicleaner-kitchen/config");
    insta::assert_json_snapshot!(payload);
}

#[test]
fn the_systems_device_is_described_in_one_message() {
    let (topic, payload) = parsed(system_discovery(&options(), &Texts::default(), &running()));

    assert_eq!(topic, "homeassistant/device/aicleaner/config");
    insta::assert_json_snapshot!(payload);
}

#[test]
fn the_picture_is_there_only_when_the_settings_allow_it() {
    let private = EntityOptions {
        publish_pictures: false,
        ..options()
    };

    let (_, payload) = parsed(zone_discovery(&private, &Texts::default(), &kitchen()));

    assert_eq!(
        payload["components"]["last_frame"],
        json!({"platform": "image"}),
        "takes it away"
    );
    assert!(payload["components"].get("cleanliness").is_some());
}

/// What Core 2026.11 allows: `components/mqtt/schemas.py` (`DEVICE_DISCOVERY_SCHEMA`, `MQTT_ENTITY_COMMON_SCHEMA`) and
/// each platform's `PLATFORM_SCHEMA_MODERN`. Other keys at the top, in the device or the origin drop the whole device.
fn check_against_core(payload: &Value) {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let allowed = |value: &Value, names: &[&str]| {
        let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert!(keys(value).is_subset(&names), "{value}");
    };
    allowed(payload, &["device", "origin", "availability", "components"]);
    allowed(&payload["origin"], &["name", "sw_version", "support_url"]);
    allowed(&payload["availability"][0], &["topic"]);
    allowed(
        &payload["device"],
        &[
            "identifiers",
            "name",
            "manufacturer",
            "model",
            "sw_version",
            "suggested_area",
            "via_device",
        ],
    );
    let common = [
        "platform",
        "unique_id",
        "default_entity_id",
        "name",
        "icon",
        "entity_category",
        "json_attributes_topic",
    ];
    for component in payload["components"].as_object().unwrap().values() {
        let platform = component["platform"].as_str().unwrap();
        let (own, required): (&[&str], &[&str]) = match platform {
            "sensor" => (
                &[
                    "state_topic",
                    "unit_of_measurement",
                    "device_class",
                    "state_class",
                    "options",
                ],
                &["state_topic"],
            ),
            "binary_sensor" => (
                &[
                    "state_topic",
                    "device_class",
                    "payload_on",
                    "payload_off",
                    "availability",
                ],
                &["state_topic"],
            ),
            "switch" => (
                &["state_topic", "command_topic"],
                &["state_topic", "command_topic"],
            ),
            "button" => (&["command_topic"], &["command_topic"]),
            "number" => (
                &[
                    "state_topic",
                    "command_topic",
                    "unit_of_measurement",
                    "device_class",
                    "min",
                    "max",
                    "step",
                    "mode",
                ],
                &["state_topic", "command_topic"],
            ),
            "select" => (
                &["state_topic", "command_topic", "options"],
                &["state_topic", "command_topic"],
            ),
            "event" => (&["state_topic", "event_types"], &["state_topic"]),
            "image" => (&["image_topic", "content_type"], &["image_topic"]),
            other => panic!("{other} is none of Core's platforms"),
        };
        allowed(component, &[&common[..], own].concat());
        for name in [&["unique_id", "default_entity_id"], required].concat() {
            assert!(component[name].is_string(), "{name} of {component}");
        }
        let entity_id = component["default_entity_id"].as_str().unwrap();
        assert!(entity_id.starts_with(&format!("{platform}.")) && entity_id.len() <= 255);
        assert!(
            crate::model::EntityId::parse(entity_id).is_ok(),
            "{entity_id}"
        );
        if platform == "sensor" && component.get("options").is_some() {
            assert_eq!(component["device_class"], "enum");
            assert!(
                component.get("state_class").is_none()
                    && component.get("unit_of_measurement").is_none()
            );
        }
        assert!(
            component
                .as_object()
                .unwrap()
                .values()
                .all(|value| !value.is_null())
        );
    }
}

#[test]
fn names_are_in_the_language_of_the_household_and_ids_and_states_are_not() {
    let (_, english) = parsed(zone_discovery(&options(), &Texts::default(), &kitchen()));
    let (_, german) = parsed(zone_discovery(
        &options(),
        &Texts::new(Language::German),
        &kitchen(),
    ));

    let without_name = |payload: &Value, key: &str| {
        let mut component = payload["components"][key].clone();
        let name = component.as_object_mut().unwrap().remove("name");
        (name.unwrap(), component)
    };
    let (english_name, english_rest) = without_name(&english, "last_skip");
    let (german_name, german_rest) = without_name(&german, "last_skip");
    assert_eq!(english_rest, german_rest);
    assert_eq!(
        (english_name, german_name),
        (
            json!("Last skip reason"),
            json!("Grund des letzten Überspringens")
        )
    );
}

#[test]
fn the_providers_that_can_be_chosen_are_offered_once() {
    let view = ZoneView {
        providers: ["cloud", "local", "automatic"].map(str::to_owned).into(),
        ..kitchen()
    };

    let (_, payload) = parsed(zone_discovery(&options(), &Texts::default(), &view));

    assert_eq!(
        payload["components"]["provider"]["options"],
        json!(["automatic", "cloud", "local"])
    );
}

#[test]
fn discovery_keeps_to_what_core_allows() {
    check_against_core(&parsed(zone_discovery(&options(), &Texts::default(), &kitchen())).1);
    check_against_core(&parsed(system_discovery(&options(), &Texts::default(), &running())).1);
}

#[test]
fn two_instances_never_share_an_id_or_a_topic() {
    let named = |instance: &str, zone: &str| {
        let options = EntityOptions {
            instance: InstanceName::parse(instance).unwrap(),
            ..options()
        };
        let zone = Zone {
            id: ZoneId::parse(zone).unwrap(),
            ..kitchen().zone
        };
        let (topic, payload) = parsed(zone_discovery(
            &options,
            &Texts::default(),
            &ZoneView::new(zone),
        ));
        let unique = payload["components"]["watching"]["unique_id"]
            .as_str()
            .unwrap()
            .to_owned();
        (topic, unique)
    };

    let one = named("house", "2_kitchen");
    let other = named("house_2", "kitchen");

    assert_ne!(one.0, other.0);
    assert_ne!(one.1, other.1);
}

fn slug(longest: usize) -> impl Strategy<Value = String> {
    "[a-z0-9]{1,6}(_[a-z0-9]{1,12}){0,3}".prop_map(move |mut text| {
        text.truncate(longest);
        text.trim_end_matches('_').to_owned()
    })
}

proptest! {
    #[test]
    fn any_names_give_valid_discovery(instance in slug(20), id in slug(40), name in "\\PC{0,200}") {
        let options = EntityOptions { instance: InstanceName::parse(&instance).unwrap(), ..options() };
        let zone = Zone { id: ZoneId::parse(&id).unwrap(), name: name.clone(), ..kitchen().zone };

        let (topic, payload) = zone_discovery(&options, &Texts::default(), &ZoneView::new(zone));

        let object_id = topic.strip_prefix("homeassistant/device/").and_then(|rest| rest.strip_suffix("/config")).unwrap();
        prop_assert!(object_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'), "{}", topic);
        prop_assert!(payload.len() < MAX_PACKET / 10);
        let payload: Value = serde_json::from_str(&payload).unwrap();
        prop_assert_eq!(&payload["device"]["name"], &Value::from(name));
        check_against_core(&payload);
        for component in payload["components"].as_object().unwrap().values() {
            for (key, value) in component.as_object().unwrap() {
                if key.ends_with("topic") {
                    let topic = value.as_str().unwrap();
                    let base = format!("{instance}/{id}/");
                    prop_assert!(topic.starts_with(&base));
                    prop_assert!(!topic.contains(['+', '#', '\0', ' ']));
                }
            }
        }
    }
}
