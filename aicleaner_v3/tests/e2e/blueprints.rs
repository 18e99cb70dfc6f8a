//! The blueprints on a real Home Assistant: automations are made from all of them, and two are fired.

use std::path::Path;

use aicleaner_testkit::fixtures::wait_until;
use serde_json::{Value, json};

use super::flat::SOON;
use super::shared_home::on_the_shared_home;

const NAMES: [&str; 3] = ["notify_on_mess", "vacuum_when_away", "assess_when_empty"];

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn automations_are_made_of_the_blueprints_and_do_what_they_say() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("blue").await;
        let home = &flat.shared.home;
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints/automation/aicleaner");
        for name in NAMES {
            let text = std::fs::read(folder.join(format!("{name}.yaml"))).unwrap();
            let path = format!("blueprints/automation/aicleaner/{name}.yaml");
            home.write_config(&path, &text).await.unwrap();
        }
        let program = flat.start_and_check().await;
        let client = flat.shared.client();
        let motion = "binary_sensor.blue_motion";
        let set_motion = async |state: &str| {
            let body = json!({"state": state, "attributes": {"device_class": "motion"}});
            client
                .rest_post(&format!("/api/states/{motion}"), &body)
                .await
                .unwrap();
        };
        set_motion("on").await;

        let known = client
            .ws_command(&json!({"type": "blueprint/list", "domain": "automation"}))
            .await
            .unwrap();
        let button = flat.entity("button", "kitchen_assess_now");
        let inputs = [
            json!({"assessment": flat.entity("event", "kitchen_assessment")}),
            json!({
                "needs_cleaning": flat.entity("binary_sensor", "kitchen_needs_cleaning"),
                "assess_now": button, "people": ["person.nobody"], "vacuum": "vacuum.robot",
            }),
            json!({"occupancy": [motion], "clear_for": {"seconds": 1}, "assess_now": button}),
        ];
        for (name, input) in NAMES.iter().zip(&inputs) {
            let blueprint = &known[format!("aicleaner/{name}.yaml")];
            assert!(
                blueprint["error"].is_null() && blueprint["metadata"].is_object(),
                "{known}"
            );
            let body = json!({
                "alias": format!("Blue {name}"),
                "use_blueprint": {"path": format!("aicleaner/{name}.yaml"), "input": input},
            });
            let path = format!("/api/config/automation/config/blue_{name}");
            client.rest_post(&path, &body).await.unwrap();
            let entity = format!("automation.blue_{name}");
            let is_on = |state: &Value| state["state"] == "on";
            client.wait_for_state(&entity, SOON, is_on).await.unwrap();
        }
        let check = client
            .rest_post("/api/config/core/check_config", &json!({}))
            .await
            .unwrap();
        assert_eq!(check["result"], "valid", "{check}");

        flat.leave("cup-on-desk").await;
        set_motion("off").await;
        program.logged("zone assessed", 2).await;
        let notification = async || {
            let asked = json!({"type": "persistent_notification/get"});
            let all = client.ws_command(&asked).await.unwrap();
            let all = all.as_array().unwrap().clone();
            let id = format!("aicleaner_{}_kitchen_assessment", flat.instance);
            all.into_iter()
                .find(|one| one["notification_id"] == id.as_str())
        };
        wait_until(SOON, "the notification", || async {
            notification().await.is_some()
        })
        .await
        .unwrap();
        let told = notification().await.unwrap();
        assert_eq!(told["title"], "Kitchen", "{told}");
        assert!(told["message"].as_str().unwrap().contains("cup"), "{told}");
        flat.tidy("cup-on-desk").await;
        flat.press().await;
        wait_until(SOON, "the notification to go", || async {
            notification().await.is_none()
        })
        .await
        .unwrap();

        for name in NAMES {
            let delete = json!({"entity_id": format!("automation.blue_{name}")});
            client
                .call_service("automation", "turn_off", &delete)
                .await
                .unwrap();
        }
        program.stop().await;
    });
}
