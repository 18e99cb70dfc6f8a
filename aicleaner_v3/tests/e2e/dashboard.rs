//! The dashboard on a real Home Assistant: made by the button, and over the API.

use aicleaner_testkit::fixtures::send_json;
use serde_json::{Value, json};

use super::flat::SOON;
use super::shared_home::on_the_shared_home;

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_dashboard_is_made_by_the_button_and_refreshed_with_the_names_that_people_gave() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("dash").await;
        let program = flat.start_and_check().await;
        let client = flat.shared.client();
        let mine = json!({"views": [{"title": "Mine", "cards": []}]});
        let create = json!({"type": "lovelace/dashboards/create", "url_path": "my-own", "title": "Mine", "mode": "storage"});
        client.ws_command(&create).await.unwrap();
        let save = json!({"type": "lovelace/config/save", "url_path": "my-own", "config": mine});
        client.ws_command(&save).await.unwrap();

        let button = json!({"entity_id": flat.entity("button", "dashboard")});
        client
            .call_service("button", "press", &button)
            .await
            .unwrap();
        program.logged("the dashboard is up to date", 1).await;
        let score = flat.entity("sensor", "kitchen_cleanliness");
        let renamed = format!("{score}_of_ours");
        let rename = json!({"type": "config/entity_registry/update", "entity_id": score, "new_entity_id": renamed});
        client.ws_command(&rename).await.unwrap();
        client
            .wait_for_state(&renamed, SOON, |state| state["state"] == "100")
            .await
            .unwrap();
        let url = format!("{}/api/v1/dashboard", program.page);
        let (status, text) = send_json("POST", &url, &json!({})).await.unwrap();

        assert_eq!(status, 200, "{text}");
        let config = |path: &str| json!({"type": "lovelace/config", "url_path": path});
        let ours = client
            .ws_command(&config("aicleaner-dash-dashboard"))
            .await
            .unwrap();
        let cards = ours["views"][0]["sections"][0]["cards"]
            .as_array()
            .unwrap()
            .clone();
        let kinds: Vec<_> = cards
            .iter()
            .map(|card| card["type"].as_str().unwrap())
            .collect();
        assert!(ours.to_string().contains(&renamed), "{ours}");
        for kind in ["picture-entity", "tile", "todo-list", "history-graph"] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
        assert_eq!(client.ws_command(&config("my-own")).await.unwrap(), mine);
        let list = client
            .ws_command(&json!({"type": "lovelace/dashboards/list"}))
            .await
            .unwrap();
        let ours = |dashboard: &&Value| {
            dashboard["url_path"]
                .as_str()
                .unwrap()
                .contains("aicleaner")
        };
        assert_eq!(
            list.as_array().unwrap().iter().filter(ours).count(),
            1,
            "{list}"
        );
        let back = json!({"type": "config/entity_registry/update", "entity_id": renamed, "new_entity_id": score});
        client.ws_command(&back).await.unwrap();
        for id in ["my_own", "aicleaner_dash_dashboard"] {
            let delete = json!({"type": "lovelace/dashboards/delete", "dashboard_id": id});
            client.ws_command(&delete).await.unwrap();
        }
        program.stop().await;
    });
}
