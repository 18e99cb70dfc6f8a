//! Every control of a zone and of the system is pressed or set in Home Assistant, and its effect is seen there.

use std::time::Duration;

use serde_json::{Value, json};

use super::flat::{CUP, DONE, Flat, OPEN, SOCKS};
use super::shared_home::on_the_shared_home;

impl Flat<'_> {
    /// Calls a service on one of our entities.
    async fn set(&self, service: &str, platform: &str, key: &str, more: Value) {
        let (domain, name) = service.split_once('.').unwrap();
        let mut data = json!({"entity_id": self.entity(platform, key)});
        data.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let client = self.shared.client();
        client.call_service(domain, name, &data).await.unwrap();
    }

    /// Waits until the zone's event entity tells this type, and returns its attributes.
    async fn until_event(&self, event_type: &str) -> Value {
        let entity = self.entity("event", "kitchen_assessment");
        let is_wanted = |state: &Value| state["attributes"]["event_type"] == event_type;
        let client = self.shared.client();
        let state = client
            .wait_for_state(&entity, Duration::from_secs(60), is_wanted)
            .await;
        state.unwrap()["attributes"].clone()
    }
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn every_control_does_in_home_assistant_what_it_says() {
    on_the_shared_home(async |shared| {
        let mut flat = shared.flat("controls").await;
        flat.more_settings = "providers: [{kind: ai_task}, {kind: reference}]".to_owned();
        let program = flat.start_and_check().await;
        flat.until_state("sensor", "kitchen_cleanliness", "100")
            .await;

        // What is found and done is told, with what an automation needs.
        flat.leave("cup-on-desk").await;
        flat.press().await;
        flat.until_items(&[(CUP, OPEN)]).await;
        let added = flat.until_event("task_added").await;
        assert_eq!(
            (&added["title"], &added["zone"]),
            (&json!(CUP), &json!("kitchen"))
        );
        flat.until_state("sensor", "kitchen_trend", "worsening")
            .await;
        let minutes = flat
            .until_state("sensor", "kitchen_open_tasks", "1")
            .await["attributes"]["tasks"][0]["minutes"]
            .clone();
        flat.until_state("sensor", "kitchen_estimated_time", &minutes.to_string())
            .await;
        flat.tidy("cup-on-desk").await;
        flat.press().await;
        flat.until_items(&[(CUP, DONE)]).await;
        flat.until_event("all_tidy").await;

        // Live values are taken, shown, and outlive the program.
        flat.set(
            "number.set_value",
            "number",
            "kitchen_interval",
            json!({"value": 45}),
        )
        .await;
        flat.set(
            "number.set_value",
            "number",
            "kitchen_threshold",
            json!({"value": 100}),
        )
        .await;
        flat.set(
            "select.select_option",
            "select",
            "kitchen_sensitivity",
            json!({"option": "high"}),
        )
        .await;
        flat.set(
            "select.select_option",
            "select",
            "kitchen_provider",
            json!({"option": "reference"}),
        )
        .await;
        flat.set("switch.turn_off", "switch", "kitchen_watching", json!({}))
            .await;
        flat.until_live(["45", "100", "high", "reference", "off"])
            .await;
        program.stop().await;
        let program = flat.start().await;
        flat.until_live(["45", "100", "high", "reference", "off"])
            .await;
        flat.set("button.press", "button", "kitchen_reset", json!({}))
            .await;
        flat.until_live(["10080", "70", "normal", "automatic", "on"])
            .await;

        // "This is tidy now" is remembered.
        flat.set("button.press", "button", "kitchen_tidy_now", json!({}))
            .await;
        program.logged("remembered as tidy", 1).await;

        // What is cleared leaves the list, and is found anew when it is still there.
        flat.leave("socks-on-floor").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;
        flat.set("button.press", "button", "kitchen_clear_tasks", json!({}))
            .await;
        flat.until_items(&[(CUP, DONE)]).await;
        flat.until_state("sensor", "kitchen_open_tasks", "0").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;

        // While everything is paused, not even a person has a picture taken.
        flat.set("switch.turn_on", "switch", "pause_all", json!({}))
            .await;
        flat.until_state("sensor", "status", "paused").await;
        flat.press().await;
        flat.until_state("sensor", "kitchen_last_skip", "paused")
            .await;
        let skipped = flat.until_event("skipped").await;
        assert_eq!(skipped["reason"], "paused");
        flat.set("switch.turn_off", "switch", "pause_all", json!({}))
            .await;
        flat.until_state("sensor", "status", "running").await;
        flat.until_state("switch", "pause_all", "off").await;
        program.stop().await;
        // The connection's own sensor is there to tell that we are not.
        flat.until_state("binary_sensor", "connected", "off").await;
    });
}

impl Flat<'_> {
    /// Waits until the live values are shown: interval, threshold, sensitivity, provider, watching.
    async fn until_live(&self, wanted: [&str; 5]) {
        let controls = [
            ("number", "kitchen_interval"),
            ("number", "kitchen_threshold"),
            ("select", "kitchen_sensitivity"),
            ("select", "kitchen_provider"),
            ("switch", "kitchen_watching"),
        ];
        for ((platform, key), wanted) in controls.into_iter().zip(wanted) {
            self.until_state(platform, key, wanted).await;
        }
    }
}
