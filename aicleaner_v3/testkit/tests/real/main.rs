//! Proves the real Home Assistant that the end-to-end tests stand on: its cameras, to-do lists, AI task and MQTT.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod camera_server;

use std::sync::Arc;
use std::time::Duration;

use aicleaner_testkit::model::{SceneJudge, Scripted};
use aicleaner_testkit::ollama::Ollama as ModelServer;
use aicleaner_testkit::real::{Broker, HomeAssistant, Mosquitto, Ollama, Options, mosquitto};
use aicleaner_testkit::scene::{Room, USUAL_SIZE};
use camera_server::CameraServer;
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(30);
const SENSOR: &str = "sensor.test_zone_cleanliness";
const DISCOVERY_TOPIC: &str = "homeassistant/device/test_zone/config";
const STATE_TOPIC: &str = "test/zone/cleanliness";
const AVAILABILITY_TOPIC: &str = "test/available";

/// A JPEG of one colour.
fn picture(width: u16, height: u16, brightness: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = vec![brightness; usize::from(width) * usize::from(height)];
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Luma)
        .unwrap();
    jpeg
}

fn with_broker(broker: &Mosquitto) -> Options {
    Options {
        mqtt: Some(Broker {
            port: broker.port(),
            user: None,
        }),
        ..Options::default()
    }
}

fn with_model(models: &ModelServer) -> Options {
    let ollama = Ollama {
        url: models.url(),
        model: "gemma3:4b".to_owned(),
    };
    Options {
        ollama: Some(ollama),
        ..Options::default()
    }
}

/// A call of the AI task that shows it an uploaded picture and asks for a score.
fn assessment(home: &HomeAssistant, picture_id: &str) -> Value {
    json!({
        "task_name": "assess the kitchen",
        "entity_id": home.ai_task().unwrap(),
        "instructions": "How tidy is this room?",
        "structure": {"score": {"required": true, "selector": {"number": {"min": 0, "max": 100}}}},
        "attachments": [{
            "media_content_id": format!("media-source://image_upload/{picture_id}"),
            "media_content_type": "image/jpeg",
        }],
    })
}

/// Publishes a retained message through Home Assistant itself, so that this test needs no MQTT client.
async fn publish(home: &HomeAssistant, topic: &str, payload: &str) {
    let message = json!({"topic": topic, "payload": payload, "retain": true, "qos": 1});
    home.client()
        .call_service("mqtt", "publish", &message)
        .await
        .unwrap();
}

async fn publish_sensor(home: &HomeAssistant) {
    let sensor = json!({
        "platform": "sensor",
        "unique_id": "test_zone_cleanliness",
        "name": "Cleanliness",
        "state_topic": STATE_TOPIC,
        "unit_of_measurement": "%",
    });
    let discovery = json!({
        "device": {"identifiers": ["test_zone"], "name": "Test zone"},
        "origin": {"name": "test"},
        "availability_topic": AVAILABILITY_TOPIC,
        "components": {"cleanliness": sensor},
    });
    publish(home, DISCOVERY_TOPIC, &discovery.to_string()).await;
    publish(home, AVAILABILITY_TOPIC, "online").await;
}

fn has_state(state: &'static str) -> impl Fn(&Value) -> bool {
    move |value| value["state"] == state
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn a_home_has_the_cameras_and_lists_that_were_asked_for() {
    let hall = CameraServer::start(picture(80, 60, 150)).await;
    let options = Options {
        todo_lists: vec!["Chores".to_owned(), "Kids' chores".to_owned()],
        picture_cameras: vec![("kitchen".to_owned(), picture(64, 48, 100))],
        url_cameras: vec![("hall".to_owned(), hall.url.clone())],
        shopping_list: true,
        ..Options::default()
    };

    let home = HomeAssistant::start(&options).await.unwrap();

    let client = home.client();
    let config = client.rest_get("/api/config").await.unwrap();
    assert_eq!(
        (&config["state"], &config["version"]),
        (&json!("RUNNING"), &json!("2026.11.0"))
    );
    assert_eq!(
        home.todo_lists(),
        ["todo.chores", "todo.kids_chores", "todo.shopping_list"]
    );
    assert_eq!(home.cameras(), ["camera.kitchen", "camera.hall"]);
    let (content_type, shown) = client
        .get_bytes("/api/camera_proxy/camera.hall")
        .await
        .unwrap();
    assert_eq!(
        (content_type.as_str(), shown.as_ref()),
        ("image/jpeg", picture(80, 60, 150).as_slice())
    );
    home.stop().await.unwrap();
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn a_picture_camera_shows_the_picture_it_was_given_last() {
    let first = picture(64, 48, 100);
    let options = Options {
        picture_cameras: vec![("kitchen".to_owned(), first.clone())],
        ..Options::default()
    };
    let home = HomeAssistant::start(&options).await.unwrap();
    let snapshot = || home.client().get_bytes("/api/camera_proxy/camera.kitchen");
    assert_eq!(snapshot().await.unwrap().1, first);

    let second = picture(64, 48, 200);
    home.set_picture("kitchen", &second).await.unwrap();

    assert_eq!(snapshot().await.unwrap().1, second);
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn mqtt_entities_survive_restarts_of_the_broker_and_of_home_assistant() {
    let persistent = mosquitto::Options {
        persistent: true,
        user: None,
        ..mosquitto::Options::default()
    };
    let mut broker = Mosquitto::start_with(&persistent).await.unwrap();
    let home = HomeAssistant::start(&with_broker(&broker)).await.unwrap();
    let client = home.client();

    publish_sensor(&home).await;
    publish(&home, STATE_TOPIC, "62").await;
    let sensor = client
        .wait_for_state(SENSOR, SOON, has_state("62"))
        .await
        .unwrap();
    assert_eq!(sensor["attributes"]["unit_of_measurement"], "%");
    let devices = client.device_registry().await.unwrap();
    assert!(devices.iter().any(|device| device["name"] == "Test zone"));

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

    // A restarted Home Assistant knows the entity from the broker's retained messages only.
    home.restart().await.unwrap();
    client
        .wait_for_state(SENSOR, SOON, has_state("62"))
        .await
        .unwrap();
    publish(&home, STATE_TOPIC, "63").await;
    client
        .wait_for_state(SENSOR, SOON, has_state("63"))
        .await
        .unwrap();
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn an_uploaded_picture_is_judged_by_what_it_shows_and_can_be_deleted() {
    let room = Room::new("kitchen", 1);
    room.leave("cup-on-desk").unwrap();
    let sent = room.snapshot(Duration::ZERO, USUAL_SIZE).unwrap().jpeg;
    let models = ModelServer::start(SceneJudge::new([room])).await.unwrap();
    let home = HomeAssistant::start(&with_model(&models)).await.unwrap();
    let client = home.client();
    let uploaded = client
        .upload_image("frame.jpg", "image/jpeg", sent.clone())
        .await
        .unwrap();
    let id = uploaded["id"].as_str().unwrap();

    let task = assessment(&home, id);
    let answer = client
        .call_service_for_response("ai_task", "generate_data", &task)
        .await
        .unwrap();

    assert_eq!(answer["data"]["score"], 85);
    let request = &models.requests()[0];
    assert_eq!(request.images, [sent]);
    assert!(request.instructions.ends_with("How tidy is this room?"));
    assert_eq!(
        request.body["format"]["properties"]["score"]["type"],
        "number"
    );

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
#[ignore = "needs a real Home Assistant: make e2e"]
async fn the_websocket_says_why_a_model_failed() {
    let models = ModelServer::start(Arc::new(Scripted::Prose)).await.unwrap();
    let home = HomeAssistant::start(&with_model(&models)).await.unwrap();
    let client = home.client();
    let uploaded = client
        .upload_image("frame.jpg", "image/jpeg", picture(64, 48, 90))
        .await
        .unwrap();
    let task = assessment(&home, uploaded["id"].as_str().unwrap());
    let call = json!({
        "type": "call_service", "domain": "ai_task", "service": "generate_data", "service_data": task, "return_response": true,
    });

    let prose = client.ws_command(&call).await.unwrap_err().to_string();
    models.stop().await.unwrap();
    let gone = client.ws_command(&call).await.unwrap_err().to_string();

    assert!(
        prose.contains("Error with Ollama structured response"),
        "{prose}"
    );
    assert!(gone.contains("All connection attempts failed"), "{gone}");
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn a_new_todo_item_is_listed_with_a_uid() {
    let options = Options {
        todo_lists: vec!["Chores".to_owned()],
        ..Options::default()
    };
    let home = HomeAssistant::start(&options).await.unwrap();
    let client = home.client();

    let item = json!({"entity_id": "todo.chores", "item": "Clear the table", "description": "by the window"});
    client
        .call_service("todo", "add_item", &item)
        .await
        .unwrap();

    let list = client
        .ws_command(&json!({"type": "todo/item/list", "entity_id": "todo.chores"}))
        .await
        .unwrap();
    assert_eq!(list["items"][0]["summary"], "Clear the table");
    assert!(list["items"][0]["uid"].is_string());
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn two_homes_run_side_by_side() {
    let options = Options {
        todo_lists: vec!["Chores".to_owned()],
        ..Options::default()
    };

    let (one, other) = tokio::join!(
        HomeAssistant::start(&options),
        HomeAssistant::start(&options)
    );

    let (one, other) = (one.unwrap(), other.unwrap());
    let item = json!({"entity_id": "todo.chores", "item": "Clear the table"});
    one.client()
        .call_service("todo", "add_item", &item)
        .await
        .unwrap();
    assert_eq!(
        one.client().state("todo.chores").await.unwrap().unwrap()["state"],
        "1"
    );
    assert_eq!(
        other.client().state("todo.chores").await.unwrap().unwrap()["state"],
        "0"
    );
}
