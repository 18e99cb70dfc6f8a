//! A picture uploaded, attached, judged, and deleted again.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{TOKEN, client};
use crate::camera::Source;
use crate::client_for_tests::Client;
use crate::home::Home;
use crate::model::{SceneJudge, Scripted};
use crate::scene::Room;

const CAMERA: &str = "camera.study";

async fn home(room: &Arc<Room>) -> Home {
    Home::builder()
        .camera(CAMERA, Source::Room(Arc::clone(room)))
        .judge(SceneJudge::new([Arc::clone(room)]))
        .start()
        .await
        .unwrap()
}

async fn snapshot(home: &Home) -> Vec<u8> {
    let url = format!("{}/api/camera_proxy/{CAMERA}", home.url());
    let request = crate::http::client().unwrap().get(url).bearer_auth(TOKEN);
    let response = request.send().await.unwrap();
    response.bytes().await.unwrap().to_vec()
}

async fn upload(home: &Home, bytes: Vec<u8>) -> (u16, Value) {
    let part = reqwest::multipart::Part::bytes(bytes)
        .file_name("frame.jpg")
        .mime_str("image/jpeg")
        .unwrap();
    let form = reqwest::multipart::Form::new().part("file", part);
    let url = format!("{}/api/image/upload", home.url());
    let request = crate::http::client().unwrap().post(url).bearer_auth(TOKEN);
    let response = request.multipart(form).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}

async fn generate(client: &mut Client, data: Value) -> Value {
    client
        .ask(json!({
            "type": "call_service", "domain": "ai_task", "service": "generate_data",
            "service_data": data, "return_response": true,
        }))
        .await
}

fn task(media: &str) -> Value {
    json!({
        "task_name": "look",
        "instructions": "Look.\n\nOpen tasks:\n- t1: Pick up the socks (floor by the sofa)\n- t2: Put the bag away (sofa)\n",
        "structure": {
            "score": {"selector": {"number": {"min": 0, "max": 100}}, "required": true},
            "findings": {"selector": {"text": {"multiline": true}}, "required": true},
            "tasks": {"selector": {"object": {"multiple": true}}},
        },
        "attachments": [{"media_content_id": media, "media_content_type": "image/jpeg"}],
    })
}

#[tokio::test]
async fn an_uploaded_picture_is_judged_by_what_it_shows() {
    let room = Room::new("study", 5);
    room.leave("socks-on-floor").unwrap();
    room.leave("cup-on-desk").unwrap();
    let home = home(&room).await;
    let picture = snapshot(&home).await;
    room.tidy_all();
    let (_, uploaded) = upload(&home, picture.clone()).await;
    let media = format!(
        "media-source://image_upload/{}",
        uploaded["id"].as_str().unwrap()
    );
    let mut client = client(&home).await;

    let answer = generate(&mut client, task(&media)).await;

    let data = &answer["result"]["response"]["data"];
    let findings: Value = serde_json::from_str(data["findings"].as_str().unwrap()).unwrap();
    assert_eq!(data["score"], 70);
    assert_eq!(findings.as_array().unwrap().len(), 1);
    assert_eq!(findings[0]["title"], "Take the cup to the kitchen");
    assert_eq!(data["tasks"][0]["state"], "present");
    assert_eq!(data["tasks"][1]["state"], "gone");
    assert_eq!(home.ai_task_calls()[0].attachments[0].bytes, picture);
}

#[tokio::test]
async fn a_camera_attachment_is_a_fresh_snapshot() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let mut client = client(&home).await;

    let answer = generate(&mut client, task("media-source://camera/camera.study")).await;

    assert_eq!(answer["result"]["response"]["data"]["score"], 100);
    assert_eq!(home.camera(CAMERA).unwrap().request_count(), 1);
}

#[tokio::test]
async fn a_deleted_picture_is_gone_and_deleting_it_twice_answers_twice() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let (_, uploaded) = upload(&home, snapshot(&home).await).await;
    let id = uploaded["id"].as_str().unwrap().to_owned();
    let mut client = client(&home).await;
    let delete = json!({"type": "image/delete", "image_id": id});

    let listed = client.ask(json!({"type": "image/list"})).await;
    let deleted = client.ask(delete.clone()).await;
    let again = client.ask(delete).await;
    let and_again = client.receive().await.unwrap();
    let used = generate(
        &mut client,
        task(&format!("media-source://image_upload/{id}")),
    )
    .await;

    assert_eq!(listed["result"][0]["name"], "frame.jpg");
    assert_eq!(deleted["success"], true);
    assert_eq!(again["error"]["code"], "not_found");
    assert_eq!(and_again["success"], true);
    assert_eq!(used["error"]["code"], "home_assistant_error");
    assert!(home.uploads().is_empty());
}

#[tokio::test]
async fn uploads_are_served_without_a_login_and_limited() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let picture = snapshot(&home).await;
    let (_, uploaded) = upload(&home, picture.clone()).await;
    let id = uploaded["id"].as_str().unwrap();
    let url = format!("{}/api/image/serve/{id}/original", home.url());

    let served = crate::http::client().unwrap().get(url).send();
    let served = served.await.unwrap().bytes().await.unwrap();
    let mut huge = picture.clone();
    huge.resize(10 * 1024 * 1024 + 10_000, 0);
    let (too_large, _) = upload(&home, huge).await;
    let (no_picture, _) = upload(&home, b"<html>".to_vec()).await;

    assert_eq!(served, picture);
    assert_eq!((too_large, no_picture), (413, 400));
}

#[tokio::test]
async fn without_image_upload_neither_uploading_nor_attaching_works() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    home.set_image_upload_loaded(false);
    let mut client = client(&home).await;

    let (status, _) = upload(&home, snapshot(&home).await).await;
    let answer = generate(&mut client, task("media-source://image_upload/1")).await;

    assert_eq!(status, 404);
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("Unknown media source: image_upload"));
}

#[tokio::test]
async fn a_model_that_did_not_get_a_picture_says_so() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let mut client = client(&home).await;
    let mut blind = task("x");
    blind.as_object_mut().unwrap().remove("attachments");

    let answer = generate(&mut client, blind).await;

    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("no image was received"), "{message}");
}

#[tokio::test]
async fn prose_is_an_error_where_a_structure_was_asked_for() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let mut client = client(&home).await;
    let media = "media-source://camera/camera.study";

    home.set_judge(Arc::new(Scripted::Prose));
    let prose = generate(&mut client, task(media)).await;
    home.set_judge(Arc::new(Scripted::WrongJson));
    let wrong = generate(&mut client, task(media)).await;

    assert_eq!(
        prose["error"]["message"],
        "Error with Ollama structured response"
    );
    assert_eq!(wrong["result"]["response"]["data"]["rating"], "five stars");
}

#[tokio::test]
async fn a_call_without_return_response_or_selector_is_refused() {
    let room = Room::new("study", 5);
    let home = home(&room).await;
    let mut client = client(&home).await;

    let silent = client
        .ask(json!({
            "type": "call_service", "domain": "ai_task", "service": "generate_data",
            "service_data": task("x"),
        }))
        .await;
    let mut schema = task("media-source://camera/camera.study");
    schema["structure"] = json!({"score": {"type": "number"}});
    let schema = generate(&mut client, schema).await;

    assert_eq!(silent["error"]["code"], "service_validation_error");
    assert_eq!(schema["error"]["code"], "invalid_format");
}
