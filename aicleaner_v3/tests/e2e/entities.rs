//! What Home Assistant's registries and states have of us, against a table.

use std::collections::HashMap;
use std::time::Instant;

use aicleaner_testkit::fixtures::wait_until;
use serde_json::{Value, json};

use super::flat::SOON;
use super::house::in_the_house;

/// Entity id, unique id, name, unit, device class, state class, category, state after a look at a tidy room.
/// `TIME` is a time of the last minutes.
const GOLDEN: &str = "\
binary_sensor.aicleaner_kitchen_needs_cleaning | aicleaner-kitchen-needs_cleaning | Kitchen Needs cleaning | - | problem | - | - | off
button.aicleaner_kitchen_assess_now | aicleaner-kitchen-assess_now | Kitchen Assess now | - | - | - | - | unknown
button.aicleaner_kitchen_tidy_now | aicleaner-kitchen-tidy_now | Kitchen This is tidy now | - | - | - | - | unknown
image.aicleaner_kitchen_last_frame | aicleaner-kitchen-last_frame | Kitchen Last frame | - | - | - | - | TIME
sensor.aicleaner_calls_today | aicleaner-calls_today | AICleaner Calls today | calls | - | total | - | 1
sensor.aicleaner_cost_forecast | aicleaner-cost_forecast | AICleaner Cost forecast | USD | monetary | total | - | 0.00
sensor.aicleaner_cost_this_month | aicleaner-cost_this_month | AICleaner Cost this month | USD | monetary | total | - | 0.00
sensor.aicleaner_cost_today | aicleaner-cost_today | AICleaner Cost today | USD | monetary | total | - | 0.00
sensor.aicleaner_kitchen_cleanliness | aicleaner-kitchen-cleanliness | Kitchen Cleanliness | % | - | measurement | - | 100
sensor.aicleaner_kitchen_last_assessed | aicleaner-kitchen-last_assessed | Kitchen Last assessed | - | timestamp | - | - | TIME
sensor.aicleaner_kitchen_last_skip | aicleaner-kitchen-last_skip | Kitchen Last skipped because | - | enum | - | diagnostic | none
sensor.aicleaner_kitchen_open_tasks | aicleaner-kitchen-open_tasks | Kitchen Open tasks | - | - | measurement | - | 0
sensor.aicleaner_status | aicleaner-status | AICleaner Status | - | enum | - | - | running
sensor.aicleaner_version | aicleaner-version | AICleaner Version | - | - | - | diagnostic | VERSION
switch.aicleaner_kitchen_watching | aicleaner-kitchen-watching | Kitchen Watching | - | - | - | - | on";

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_entities_and_devices_are_in_home_assistants_registries_as_in_the_table() {
    in_the_house(async |house| {
        let mut flat = house.flat("golden").await;
        flat.instance = "aicleaner".to_owned();
        let program = flat.start_and_look().await;
        flat.until_state("sensor", "kitchen_cleanliness", "100")
            .await;
        let client = flat.house.client();
        // The picture is the last that is published.
        let image = flat.entity("image", "kitchen_last_frame");
        let is_there = |state: &Value| state["state"] != "unknown";
        let shown = client.wait_for_state(&image, SOON, is_there);
        shown.await.unwrap();

        let registry = client.entity_registry().await.unwrap();
        let states = client.states().await.unwrap();
        let devices = client.device_registry().await.unwrap();

        assert_eq!(table(&registry, &states), GOLDEN);
        let (zone, system) = (
            device(&devices, "aicleaner-kitchen"),
            device(&devices, "aicleaner"),
        );
        assert_eq!(
            ["name", "manufacturer", "model", "sw_version"].map(|key| &zone[key]),
            ["Kitchen", "AICleaner", "Zone", env!("CARGO_PKG_VERSION")]
        );
        assert_eq!(
            ["name", "manufacturer", "model", "sw_version"].map(|key| &system[key]),
            ["AICleaner", "AICleaner", "App", env!("CARGO_PKG_VERSION")]
        );
        assert_eq!(zone["via_device_id"], system["id"]);
        assert!(system["via_device_id"].is_null(), "{system}");
        for entity in ours(&registry) {
            let id = entity["entity_id"].as_str().unwrap();
            let wanted = if id.contains("_kitchen_") {
                zone
            } else {
                system
            };
            assert_eq!(entity["device_id"], wanted["id"], "{id}");
            assert!(entity["disabled_by"].is_null(), "{id}");
        }
        let picture = states.iter().find(|state| state["entity_id"] == image);
        let path = picture.unwrap()["attributes"]["entity_picture"].as_str();
        let (kind, jpeg) = client.get_bytes(path.unwrap()).await.unwrap();
        let picture =
            aicleaner::vision::decode(&jpeg, &aicleaner::vision::Limits::default()).unwrap();
        assert_eq!(kind, "image/jpeg");
        assert_eq!((picture.width(), picture.height()), (960, 540));
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_complaint_of_home_assistants_about_us_would_be_noticed() {
    in_the_house(async |house| {
        let faulty = json!({
            "topic": "homeassistant/device/aicleaner-faulty/config",
            "payload": json!({"device": {"identifiers": ["aicleaner-faulty"]}, "flavour": "sour"}).to_string(),
        });
        // From then on Home Assistant hears of new devices.
        let is_listening = || async { house.home.log_text().contains("birth message sent") };
        wait_until(SOON, "Home Assistant's birth message", is_listening)
            .await
            .unwrap();
        assert!(house.complaints().is_empty());

        let client = house.client();
        client
            .call_service("mqtt", "publish", &faulty)
            .await
            .unwrap();

        let deadline = Instant::now() + SOON;
        while house.complaints().is_empty() {
            assert!(Instant::now() < deadline, "no complaint was noticed");
            tokio::task::yield_now().await;
        }
    });
}

fn ours(registry: &[Value]) -> impl Iterator<Item = &Value> {
    registry.iter().filter(|entity| {
        entity["platform"] == "mqtt"
            && entity["unique_id"]
                .as_str()
                .is_some_and(|id| id.starts_with("aicleaner-"))
    })
}

fn device<'a>(devices: &'a [Value], identifier: &str) -> &'a Value {
    let identifiers = json!([["mqtt", identifier]]);
    let found = devices
        .iter()
        .find(|device| device["identifiers"] == identifiers);
    found.unwrap_or_else(|| panic!("no device {identifier}"))
}

fn table(registry: &[Value], states: &[Value]) -> String {
    let states: HashMap<&str, &Value> = states
        .iter()
        .map(|state| (state["entity_id"].as_str().unwrap(), state))
        .collect();
    let mut rows: Vec<String> = ours(registry)
        .map(|entity| {
            let state = states[entity["entity_id"].as_str().unwrap()];
            let attributes = &state["attributes"];
            [
                &entity["entity_id"],
                &entity["unique_id"],
                &attributes["friendly_name"],
                &attributes["unit_of_measurement"],
                &attributes["device_class"],
                &attributes["state_class"],
                &entity["entity_category"],
                &state["state"],
            ]
            .map(|value| shown(value.as_str()))
            .join(" | ")
        })
        .collect();
    rows.sort();
    rows.join("\n")
}

fn shown(value: Option<&str>) -> &str {
    let Some(text) = value else { return "-" };
    let now = jiff::Timestamp::now();
    match text.parse::<jiff::Timestamp>() {
        Ok(at) if now.duration_since(at).as_secs().abs() < 600 => "TIME",
        _ if text == env!("CARGO_PKG_VERSION") => "VERSION",
        _ => text,
    }
}
