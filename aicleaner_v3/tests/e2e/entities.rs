//! What Home Assistant's registries and states have of us, against a table.

use std::collections::HashMap;
use std::time::Instant;

use aicleaner_testkit::fixtures::wait_until;
use serde_json::{Value, json};

use super::flat::SOON;
use super::shared_home::on_the_shared_home;

/// Entity id, unique id, name, unit, device class, state class, category, state after a look at a tidy room.
/// `TIME` is a time of the last minutes, `MIB` an amount of memory. The attic's id is declared, so that it is not its name's.
const GOLDEN: &str = "\
binary_sensor.aicleaner_attic_needs_cleaning | aicleaner-attic-needs_cleaning | Attic room Needs cleaning | - | problem | - | - | off
binary_sensor.aicleaner_attic_occupied | aicleaner-attic-occupied | Attic room Occupied | - | occupancy | - | - | unknown
binary_sensor.aicleaner_connected | aicleaner-connected | AICleaner Connected | - | connectivity | - | diagnostic | on
binary_sensor.aicleaner_home_assistant_problem | aicleaner-home_assistant_problem | AICleaner Home Assistant | - | problem | - | diagnostic | off
binary_sensor.aicleaner_kitchen_needs_cleaning | aicleaner-kitchen-needs_cleaning | Kitchen Needs cleaning | - | problem | - | - | off
binary_sensor.aicleaner_kitchen_occupied | aicleaner-kitchen-occupied | Kitchen Occupied | - | occupancy | - | - | unknown
binary_sensor.aicleaner_lists_problem | aicleaner-lists_problem | AICleaner To-do lists | - | problem | - | diagnostic | off
binary_sensor.aicleaner_providers_problem | aicleaner-providers_problem | AICleaner Providers | - | problem | - | diagnostic | off
binary_sensor.aicleaner_settings_problem | aicleaner-settings_problem | AICleaner Settings | - | problem | - | diagnostic | off
binary_sensor.aicleaner_store_problem | aicleaner-store_problem | AICleaner Database | - | problem | - | diagnostic | off
button.aicleaner_attic_assess_now | aicleaner-attic-assess_now | Attic room Assess now | - | - | - | - | unknown
button.aicleaner_attic_clear_tasks | aicleaner-attic-clear_tasks | Attic room Clear tasks | - | - | - | - | unknown
button.aicleaner_attic_reset | aicleaner-attic-reset | Attic room Reset to configuration | - | - | - | config | unknown
button.aicleaner_attic_tidy_now | aicleaner-attic-tidy_now | Attic room This is tidy now | - | - | - | - | unknown
button.aicleaner_dashboard | aicleaner-dashboard | AICleaner Make dashboard | - | - | - | config | unknown
button.aicleaner_kitchen_assess_now | aicleaner-kitchen-assess_now | Kitchen Assess now | - | - | - | - | unknown
button.aicleaner_kitchen_clear_tasks | aicleaner-kitchen-clear_tasks | Kitchen Clear tasks | - | - | - | - | unknown
button.aicleaner_kitchen_reset | aicleaner-kitchen-reset | Kitchen Reset to configuration | - | - | - | config | unknown
button.aicleaner_kitchen_tidy_now | aicleaner-kitchen-tidy_now | Kitchen This is tidy now | - | - | - | - | unknown
event.aicleaner_attic_assessment | aicleaner-attic-assessment | Attic room Assessment | - | - | - | - | unknown
event.aicleaner_command | aicleaner-command | AICleaner Command | - | - | - | diagnostic | unknown
event.aicleaner_kitchen_assessment | aicleaner-kitchen-assessment | Kitchen Assessment | - | - | - | - | unknown
image.aicleaner_attic_last_frame | aicleaner-attic-last_frame | Attic room Last frame | - | - | - | - | TIME
image.aicleaner_kitchen_last_frame | aicleaner-kitchen-last_frame | Kitchen Last frame | - | - | - | - | TIME
number.aicleaner_attic_interval | aicleaner-attic-interval | Attic room Interval | min | duration | - | config | 10080
number.aicleaner_attic_threshold | aicleaner-attic-threshold | Attic room Threshold | % | - | - | config | 70
number.aicleaner_kitchen_interval | aicleaner-kitchen-interval | Kitchen Interval | min | duration | - | config | 10080
number.aicleaner_kitchen_threshold | aicleaner-kitchen-threshold | Kitchen Threshold | % | - | - | config | 70
select.aicleaner_attic_provider | aicleaner-attic-provider | Attic room Provider | - | - | - | config | automatic
select.aicleaner_attic_sensitivity | aicleaner-attic-sensitivity | Attic room Sensitivity | - | - | - | config | normal
select.aicleaner_kitchen_provider | aicleaner-kitchen-provider | Kitchen Provider | - | - | - | config | automatic
select.aicleaner_kitchen_sensitivity | aicleaner-kitchen-sensitivity | Kitchen Sensitivity | - | - | - | config | normal
sensor.aicleaner_attic_cleanliness | aicleaner-attic-cleanliness | Attic room Cleanliness | % | - | measurement | - | 100
sensor.aicleaner_attic_estimated_time | aicleaner-attic-estimated_time | Attic room Estimated time | min | duration | measurement | - | 0
sensor.aicleaner_attic_last_assessed | aicleaner-attic-last_assessed | Attic room Last assessed | - | timestamp | - | - | TIME
sensor.aicleaner_attic_last_skip | aicleaner-attic-last_skip | Attic room Last skip reason | - | enum | - | diagnostic | none
sensor.aicleaner_attic_open_tasks | aicleaner-attic-open_tasks | Attic room Open tasks | - | - | measurement | - | 0
sensor.aicleaner_attic_trend | aicleaner-attic-trend | Attic room Trend | - | enum | - | - | unknown
sensor.aicleaner_calls_today | aicleaner-calls_today | AICleaner Calls today | calls | - | total | - | 2
sensor.aicleaner_cost_forecast | aicleaner-cost_forecast | AICleaner Cost forecast | USD | monetary | total | - | 0.00
sensor.aicleaner_cost_this_month | aicleaner-cost_this_month | AICleaner Cost this month | USD | monetary | total | - | 0.00
sensor.aicleaner_cost_today | aicleaner-cost_today | AICleaner Cost today | USD | monetary | total | - | 0.00
sensor.aicleaner_kitchen_cleanliness | aicleaner-kitchen-cleanliness | Kitchen Cleanliness | % | - | measurement | - | 100
sensor.aicleaner_kitchen_estimated_time | aicleaner-kitchen-estimated_time | Kitchen Estimated time | min | duration | measurement | - | 0
sensor.aicleaner_kitchen_last_assessed | aicleaner-kitchen-last_assessed | Kitchen Last assessed | - | timestamp | - | - | TIME
sensor.aicleaner_kitchen_last_skip | aicleaner-kitchen-last_skip | Kitchen Last skip reason | - | enum | - | diagnostic | none
sensor.aicleaner_kitchen_open_tasks | aicleaner-kitchen-open_tasks | Kitchen Open tasks | - | - | measurement | - | 0
sensor.aicleaner_kitchen_trend | aicleaner-kitchen-trend | Kitchen Trend | - | enum | - | - | unknown
sensor.aicleaner_memory | aicleaner-memory | AICleaner Memory | MiB | data_size | measurement | diagnostic | MIB
sensor.aicleaner_outbox_pending | aicleaner-outbox_pending | AICleaner Pending updates | - | - | measurement | diagnostic | 0
sensor.aicleaner_status | aicleaner-status | AICleaner Status | - | enum | - | - | running
sensor.aicleaner_uptime | aicleaner-uptime | AICleaner Running since | - | timestamp | - | diagnostic | TIME
sensor.aicleaner_version | aicleaner-version | AICleaner Version | - | - | - | diagnostic | VERSION
switch.aicleaner_attic_watching | aicleaner-attic-watching | Attic room Monitoring | - | - | - | - | on
switch.aicleaner_kitchen_watching | aicleaner-kitchen-watching | Kitchen Monitoring | - | - | - | - | on
switch.aicleaner_pause_all | aicleaner-pause_all | AICleaner Pause everything | - | - | - | - | off";

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_entities_and_devices_are_in_home_assistants_registries_as_in_the_table() {
    on_the_shared_home(async |shared| {
        let mut flat = shared.flat("golden").await;
        flat.instance = "aicleaner".to_owned();
        flat.more_zones = format!(
            ", {{name: Attic room, id: attic, cameras: [camera.{}], interval_minutes: 10080}}",
            flat.camera
        );
        let program = flat.start().await;
        program.logged("zone assessed", 2).await;
        let client = flat.shared.client();
        for zone in ["kitchen", "attic"] {
            flat.until_state("sensor", &format!("{zone}_cleanliness"), "100")
                .await;
            // The picture is the last that is published.
            let image = flat.entity("image", &format!("{zone}_last_frame"));
            let is_there = |state: &Value| state["state"] != "unknown";
            let shown = client.wait_for_state(&image, SOON, is_there);
            shown.await.unwrap();
        }
        flat.until_state("sensor", "calls_today", "2").await;
        flat.until_state("sensor", "outbox_pending", "0").await;

        let registry = client.entity_registry().await.unwrap();
        let states = client.states().await.unwrap();
        let devices = client.device_registry().await.unwrap();

        similar(&table(&registry, &states), GOLDEN);
        let (zone, attic, system) = (
            device(&devices, "aicleaner-kitchen"),
            device(&devices, "aicleaner-attic"),
            device(&devices, "aicleaner"),
        );
        let areas = client
            .ws_command(&json!({"type": "config/area_registry/list"}))
            .await
            .unwrap();
        let area = |device: &Value| {
            let mut areas = areas.as_array().unwrap().iter();
            let area = areas.find(|area| area["area_id"] == device["area_id"]);
            area.map(|area| area["name"].clone())
        };
        assert_eq!(
            (area(zone), area(attic), area(system)),
            (Some(json!("Kitchen")), Some(json!("Attic room")), None)
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
            let wanted = match id {
                id if id.contains("_kitchen_") => zone,
                id if id.contains("_attic_") => attic,
                _ => system,
            };
            assert_eq!(entity["device_id"], wanted["id"], "{id}");
            assert!(entity["disabled_by"].is_null(), "{id}");
        }
        let image = flat.entity("image", "kitchen_last_frame");
        let picture = states.iter().find(|state| state["entity_id"] == image);
        let path = picture.unwrap()["attributes"]["entity_picture"].as_str();
        let (kind, jpeg) = client.get_bytes(path.unwrap()).await.unwrap();
        let picture =
            aicleaner::vision::decode(&jpeg, &aicleaner::vision::DecodeLimits::default()).unwrap();
        assert_eq!(kind, "image/jpeg");
        assert_eq!((picture.width(), picture.height()), (960, 540));
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_complaint_of_home_assistants_about_us_would_be_noticed() {
    on_the_shared_home(async |shared| {
        let faulty = json!({
            "topic": "homeassistant/device/aicleaner-faulty/config",
            "payload": json!({"device": {"identifiers": ["aicleaner-faulty"]}, "flavour": "sour"}).to_string(),
        });
        // From then on Home Assistant hears of new devices.
        let is_listening = || async { shared.home.log_text().contains("birth message sent") };
        wait_until(SOON, "Home Assistant's birth message", is_listening)
            .await
            .unwrap();
        assert!(shared.complaints().is_empty());

        let client = shared.client();
        client
            .call_service("mqtt", "publish", &faulty)
            .await
            .unwrap();

        let deadline = Instant::now() + SOON;
        while shared.complaints().is_empty() {
            assert!(Instant::now() < deadline, "no complaint was noticed");
            tokio::task::yield_now().await;
        }
    });
}

/// Shows the rows that differ: the table is long.
fn similar(found: &str, wanted: &str) {
    let (found, wanted): (Vec<_>, Vec<_>) = (found.lines().collect(), wanted.lines().collect());
    let surplus: Vec<_> = found.iter().filter(|row| !wanted.contains(row)).collect();
    let missing: Vec<_> = wanted.iter().filter(|row| !found.contains(row)).collect();
    assert!(
        surplus.is_empty() && missing.is_empty() && found.len() == wanted.len(),
        "found but not in the table:\n{surplus:#?}\nin the table but not found:\n{missing:#?}"
    );
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
            let columns = [
                &entity["entity_id"],
                &entity["unique_id"],
                &attributes["friendly_name"],
                &attributes["unit_of_measurement"],
                &attributes["device_class"],
                &attributes["state_class"],
                &entity["entity_category"],
            ];
            let mut row = columns.map(|value| shown(value.as_str())).to_vec();
            let is_memory = attributes["unit_of_measurement"] == "MiB";
            row.push(match state["state"].as_str() {
                Some(_) if is_memory => "MIB",
                state => shown(state),
            });
            row.join(" | ")
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
        // Nothing else is a small number with a unit of its own.
        _ if text
            .parse::<u8>()
            .is_ok_and(|number| (5..40).contains(&number)) =>
        {
            "SMALL"
        }
        _ => text,
    }
}
