//! Supervisor's front, seen by an app.

use serde_json::{Value, json};

use super::{MqttService, Supervisor};
use crate::camera::Source;
use crate::client_for_tests::Client;
use crate::home::{CoreState, Home};
use crate::scene::{Room, decode_luma};

const TOKEN: &str = "supervisor-token";

async fn both(state: CoreState) -> (Home, Supervisor) {
    let home = Home::builder()
        .camera("camera.study", Source::Room(Room::new("study", 1)))
        .core_state(state)
        .start()
        .await
        .unwrap();
    let supervisor = Supervisor::start(&home, TOKEN, MqttService::on_port(1883));
    let supervisor = supervisor.await.unwrap();
    (home, supervisor)
}

async fn get(supervisor: &Supervisor, path: &str, token: &str) -> (u16, Vec<u8>) {
    let url = format!("{}{path}", supervisor.url());
    let request = crate::http::client().unwrap().get(url).bearer_auth(token);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.bytes().await.unwrap().to_vec())
}

async fn data(supervisor: &Supervisor, path: &str) -> (u16, Value) {
    let (status, body) = get(supervisor, path, TOKEN).await;
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn the_core_proxy_passes_requests_with_the_apps_token() {
    let (home, supervisor) = both(CoreState::Running).await;

    let (status, config) = data(&supervisor, "/core/api/config").await;
    let (_, picture) = get(
        &supervisor,
        "/core/api/camera_proxy/camera.study?width=640&height=360",
        TOKEN,
    )
    .await;
    let (wrong, _) = get(&supervisor, "/core/api/config", "wrong").await;
    let (hassio, _) = get(&supervisor, "/core/api/hassio/info", TOKEN).await;

    assert_eq!((status, &config["state"]), (200, &json!("RUNNING")));
    assert_eq!(decode_luma(&picture).unwrap().0, 640);
    assert_eq!((wrong, hassio), (401, 403));
    assert_eq!(home.camera("camera.study").unwrap().request_count(), 1);
}

#[tokio::test]
async fn until_home_assistant_runs_there_is_a_bad_gateway() {
    let (home, supervisor) = both(CoreState::Starting).await;

    let (starting, _) = get(&supervisor, "/core/api/config", TOKEN).await;
    let refused = tokio_tungstenite::connect_async(supervisor.websocket_url()).await;
    home.finish_starting();
    let (running, _) = get(&supervisor, "/core/api/config", TOKEN).await;

    assert_eq!((starting, running), (502, 200));
    assert!(refused.unwrap_err().to_string().contains("502"));
}

#[tokio::test]
async fn the_websocket_is_relayed_after_a_login_with_the_apps_token() {
    let (home, supervisor) = both(CoreState::Running).await;
    let mut client = Client::login(&supervisor.websocket_url(), TOKEN).await;

    let pong = client.ask(json!({"type": "ping"})).await;
    home.stop().await.unwrap();

    assert_eq!(pong["type"], "pong");
    assert!(client.ends().await);
}

#[tokio::test]
async fn the_websocket_refuses_another_token() {
    let (_home, supervisor) = both(CoreState::Running).await;
    let mut client = Client::connect(&supervisor.websocket_url()).await;
    client.receive().await;

    client
        .send(&json!({"type": "auth", "access_token": "wrong"}))
        .await;

    let answer = client.receive().await.unwrap();
    assert_eq!(
        answer,
        json!({"type": "auth_invalid", "message": "Invalid access"})
    );
}

#[tokio::test]
async fn the_mqtt_service_is_there_or_says_why_not() {
    let (_home, supervisor) = both(CoreState::Running).await;

    let (_, there) = data(&supervisor, "/services/mqtt").await;
    supervisor.set_mqtt(MqttService::NotEnabled);
    let (not_enabled, error) = data(&supervisor, "/services/mqtt").await;
    supervisor.set_mqtt(MqttService::Forbidden);
    let (forbidden, _) = data(&supervisor, "/services/mqtt").await;

    assert_eq!(there["result"], "ok");
    assert_eq!(there["data"]["port"], 1883);
    assert_eq!(
        error,
        json!({"result": "error", "message": "Service not enabled"})
    );
    assert_eq!((not_enabled, forbidden), (400, 403));
}

#[tokio::test]
async fn the_app_reads_and_writes_its_own_options() {
    let (_home, supervisor) = both(CoreState::Running).await;
    supervisor.set_options(json!({"zones": []}));
    let url = format!("{}/addons/self/options", supervisor.url());
    let options = json!({"options": {"zones": [{"name": "Study"}]}});

    let (_, before) = data(&supervisor, "/addons/self/options/config").await;
    let client = crate::http::client().unwrap();
    let written = client.post(url).bearer_auth(TOKEN).json(&options).send();
    let written = written.await.unwrap().status();
    let (_, info) = data(&supervisor, "/addons/self/info").await;
    let (others, _) = data(&supervisor, "/addons").await;

    assert_eq!(before["data"], json!({"zones": []}));
    assert_eq!(written, 200);
    assert_eq!(info["data"]["options"]["zones"][0]["name"], "Study");
    assert_eq!(others, 403);
}
