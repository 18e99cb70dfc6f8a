//! The dashboard over the API: made, refreshed, and never another one touched.

use aicleaner_testkit::fixtures::send_json;
use aicleaner_testkit::home::Home;
use serde_json::{Value, json};

use crate::spine::rig::{LIST, Running, home, settings};

const PATH: &str = "aicleaner-dashboard";

async fn make(app: &Running) -> (u16, Value) {
    let url = format!("{}/api/v1/dashboard", app.page);
    let (status, text) = send_json("POST", &url, &json!({})).await.unwrap();
    (status, serde_json::from_str(&text).unwrap())
}

async fn start(home: &Home, data: &tempfile::TempDir) -> Running {
    let mut app = Running::start(&settings(home, ""), data.path()).await;
    app.until_connected().await;
    app
}

#[tokio::test]
async fn it_is_made_and_refreshed_and_others_are_left_alone() {
    let (home, _) = home().await;
    let own = json!({"views": [{"title": "Mine"}]});
    home.save_dashboard("my-own", own.clone());
    let data = tempfile::tempdir().unwrap();
    let app = start(&home, &data).await;

    let first = make(&app).await;
    let second = make(&app).await;

    assert_eq!(first, (201, json!({"url_path": PATH, "created": true})));
    assert_eq!(second, (200, json!({"url_path": PATH, "created": false})));
    let config = home.dashboard(PATH).unwrap().to_string();
    assert!(
        config.contains("todo-list") && config.contains(LIST),
        "{config}"
    );
    assert_eq!(home.dashboard("my-own"), Some(own));
    app.stop().await;
}

#[tokio::test]
async fn one_that_somebody_else_made_and_a_token_without_rights_are_told_plainly() {
    let (home, _) = home().await;
    let theirs = json!({"views": []});
    home.save_dashboard(PATH, theirs.clone());
    let data = tempfile::tempdir().unwrap();
    let app = start(&home, &data).await;

    let (status, answer) = make(&app).await;
    assert_eq!(status, 409);
    assert!(
        answer["error"].as_str().unwrap().contains("did not make"),
        "{answer}"
    );
    assert_eq!(home.dashboard(PATH), Some(theirs));

    home.save_dashboard(PATH, json!({"aicleaner": {"instance": "aicleaner"}}));
    home.set_admin(false);
    let (status, answer) = make(&app).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("AIC-HA-007")));
    app.stop().await;
}
