//! Proves the real parts that the end-to-end tests stand on: a mosquitto, and a Home Assistant Core with cameras, to-do
//! lists and an AI task.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod model_server;

use std::time::Duration;

use aicleaner_testkit::real::{Broker, HomeAssistant, Mosquitto, Ollama, Options};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model_server::{MODEL, ModelServer};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(30);
const SENSOR: &str = "sensor.test_zone_cleanliness";
const DISCOVERY_TOPIC: &str = "homeassistant/device/test_zone/config";
const STATE_TOPIC: &str = "test/zone/cleanliness";

/// A JPEG of one colour.
fn picture(width: u16, height: u16, brightness: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = vec![brightness; usize::from(width) * usize::from(height)];
    jpeg_encoder::Encoder::new(&mut jpeg, 80)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Luma)
        .unwrap();
    jpeg
}

async fn start(broker: &Mosquitto, models: &ModelServer) -> HomeAssistant {
    let options = Options {
        mqtt: Some(Broker {
            port: broker.port(),
            user: None,
        }),
        todo_lists: vec!["Chores".to_owned()],
        picture_cameras: vec![("kitchen".to_owned(), picture(64, 48, 100))],
        ollama: Some(Ollama {
            url: models.url.clone(),
            model: MODEL.to_owned(),
        }),
        shopping_list: true,
        ..Options::default()
    };
    HomeAssistant::start(&options).await.unwrap()
}

/// Publishes through Home Assistant itself, so that this test needs no MQTT client.
async fn publish(home: &HomeAssistant, topic: &str, payload: &str) {
    let message = json!({"topic": topic, "payload": payload, "retain": true, "qos": 1});
    home.client()
        .call_service("mqtt", "publish", &message)
        .await
        .unwrap();
}

fn has_state(state: &'static str) -> impl Fn(&Value) -> bool {
    move |value| value["state"] == state
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn a_real_home_has_what_was_asked_for_and_survives_restarts() {
    let mut broker = Mosquitto::start_with(&aicleaner_testkit::real::mosquitto::Options {
        persistent: true,
        user: None,
    })
    .await
    .unwrap();
    let models = ModelServer::start().await;
    let home = start(&broker, &models).await;
    let client = home.client();

    let config = client.rest_get("/api/config").await.unwrap();
    assert_eq!(
        (&config["state"], &config["version"]),
        (&json!("RUNNING"), &json!("2026.11.0"))
    );
    assert_eq!(home.todo_lists(), ["todo.chores"]);
    assert_eq!(home.cameras(), ["camera.kitchen"]);
    assert_eq!(home.ai_task(), Some("ai_task.ollama_ai_task"));
    assert!(client.state("todo.shopping_list").await.unwrap().is_some());

    // The camera shows the file as it is now.
    let next = picture(64, 48, 200);
    home.set_picture("kitchen", &next).await.unwrap();
    let (content_type, shown) = client
        .get_bytes("/api/camera_proxy/camera.kitchen")
        .await
        .unwrap();
    assert_eq!(
        (content_type.as_str(), shown.as_ref()),
        ("image/jpeg", next.as_slice())
    );

    // A to-do item comes back with a uid.
    let item = json!({"entity_id": "todo.chores", "item": "Clear the table"});
    client
        .call_service("todo", "add_item", &item)
        .await
        .unwrap();
    let items = client
        .ws_command(&json!({"type": "todo/item/list", "entity_id": "todo.chores"}))
        .await
        .unwrap();
    assert_eq!(items["items"][0]["summary"], "Clear the table");
    assert!(items["items"][0]["uid"].is_string());

    // A discovery message makes an entity.
    let discovery = json!({
        "device": {"identifiers": ["test_zone"], "name": "Test zone"},
        "origin": {"name": "test"},
        "components": {"cleanliness": {
            "platform": "sensor", "unique_id": "test_zone_cleanliness", "name": "Cleanliness", "state_topic": STATE_TOPIC, "unit_of_measurement": "%",
        }},
    });
    publish(&home, DISCOVERY_TOPIC, &discovery.to_string()).await;
    client
        .wait_for_state(SENSOR, SOON, Value::is_object)
        .await
        .unwrap();
    publish(&home, STATE_TOPIC, "62").await;
    let sensor = client
        .wait_for_state(SENSOR, SOON, has_state("62"))
        .await
        .unwrap();
    assert_eq!(sensor["attributes"]["unit_of_measurement"], "%");
    assert!(
        client
            .device_registry()
            .await
            .unwrap()
            .iter()
            .any(|device| device["name"] == "Test zone")
    );

    // All is back after a restart of Home Assistant, ...
    home.restart().await.unwrap();
    client
        .wait_for_state(SENSOR, SOON, has_state("62"))
        .await
        .unwrap();
    client
        .wait_for_state("ai_task.ollama_ai_task", SOON, Value::is_object)
        .await
        .unwrap();

    // ... and after the broker was killed and came back.
    broker.kill().await.unwrap();
    client
        .wait_for_state(SENSOR, SOON, has_state("unavailable"))
        .await
        .unwrap();
    broker.restart().await.unwrap();
    client
        .wait_for_state(SENSOR, SOON, has_state("62"))
        .await
        .unwrap();
    publish(&home, STATE_TOPIC, "63").await;
    client
        .wait_for_state(SENSOR, SOON, has_state("63"))
        .await
        .unwrap();

    home.stop().await.unwrap();
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn an_uploaded_picture_reaches_the_model_unchanged_and_can_be_deleted() {
    let broker = Mosquitto::start().await.unwrap();
    let models = ModelServer::start().await;
    let home = start(&broker, &models).await;
    let client = home.client();
    let sent = picture(640, 480, 90);
    let uploaded = client
        .upload_image("frame.jpg", "image/jpeg", sent.clone())
        .await
        .unwrap();
    let id = uploaded["id"].as_str().unwrap();

    let task = json!({
        "task_name": "assess the kitchen",
        "entity_id": home.ai_task().unwrap(),
        "instructions": "How tidy is this room?",
        "structure": {"score": {"description": "0 to 100", "required": true, "selector": {"number": {"min": 0, "max": 100}}}},
        "attachments": [{"media_content_id": format!("media-source://image_upload/{id}"), "media_content_type": "image/jpeg"}],
    });
    let answer = client
        .call_service_for_response("ai_task", "generate_data", &task)
        .await
        .unwrap();

    assert_eq!(answer["data"], json!({"score": 62}));
    let chats = models.chats().await;
    let message = chats[0]["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(message["role"], "user");
    assert_eq!(message["content"], "How tidy is this room?");
    assert_eq!(
        BASE64_STANDARD
            .decode(message["images"][0].as_str().unwrap())
            .unwrap(),
        sent
    );
    assert_eq!(chats[0]["format"]["properties"]["score"]["type"], "number");
    if let Ok(path) = std::env::var("CAPTURE") {
        std::fs::write(
            path,
            serde_json::to_vec_pretty(
                &json!({"chats": chats, "uploaded": uploaded, "answer": answer}),
            )
            .unwrap(),
        )
        .unwrap();
    }

    client
        .ws_command(&json!({"type": "image/delete", "image_id": id}))
        .await
        .unwrap();
    assert_eq!(
        client
            .ws_command(&json!({"type": "image/list"}))
            .await
            .unwrap(),
        json!([])
    );
    client
        .get_bytes(&format!("/api/image/serve/{id}/original"))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_broker_that_was_killed_comes_back_on_its_port() {
    let mut broker = Mosquitto::start().await.unwrap();
    let address = ("127.0.0.1", broker.port());
    tokio::net::TcpStream::connect(address).await.unwrap();

    broker.kill().await.unwrap();
    tokio::net::TcpStream::connect(address).await.unwrap_err();

    broker.restart().await.unwrap();
    tokio::net::TcpStream::connect(address).await.unwrap();
    assert_eq!(broker.port(), address.1);
}
