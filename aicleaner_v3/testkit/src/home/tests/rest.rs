//! The REST interface: login, states, services, cameras, notifications.

use serde_json::{Value, json};

use super::{LIST, TOKEN};
use crate::camera::Source;
use crate::home::Home;
use crate::scene::{Room, decode_luma};

const CAMERA: &str = "camera.study";

async fn home() -> Home {
    Home::builder()
        .todo_list(LIST, "Chores")
        .camera(CAMERA, Source::Room(Room::new("study", 1)))
        .time_zone("Europe/Vienna")
        .start()
        .await
        .unwrap()
}

async fn get(home: &Home, path: &str) -> (u16, Vec<u8>) {
    let url = format!("{}{path}", home.url());
    let request = crate::http::client().unwrap().get(url).bearer_auth(TOKEN);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.bytes().await.unwrap().to_vec())
}

async fn post(home: &Home, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}{path}", home.url());
    let request = crate::http::client().unwrap().post(url).bearer_auth(TOKEN);
    let response = request.json(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn without_a_token_there_is_no_entry() {
    let home = home().await;
    let url = format!("{}/api/", home.url());

    let response = crate::http::client()
        .unwrap()
        .get(url)
        .send()
        .await
        .unwrap();

    assert_eq!(response.status(), 401);
    assert_eq!(response.text().await.unwrap(), "401: Unauthorized");
}

#[tokio::test]
async fn config_and_states_are_readable() {
    let home = home().await;

    let (_, config) = get(&home, "/api/config").await;
    let (_, states) = get(&home, "/api/states").await;
    let (found, state) = get(&home, "/api/states/todo.chores").await;
    let (missing, message) = get(&home, "/api/states/todo.none").await;

    assert_eq!(json_of(&config)["state"], "RUNNING");
    assert_eq!(json_of(&config)["time_zone"], "Europe/Vienna");
    assert_eq!(json_of(&states).as_array().unwrap().len(), 3);
    assert_eq!((found, &json_of(&state)["state"]), (200, &json!("0")));
    assert_eq!(missing, 404);
    assert_eq!(json_of(&message), json!({"message": "Entity not found."}));
}

#[tokio::test]
async fn services_answer_with_a_response_where_there_is_one() {
    let home = home().await;
    let item = json!({"entity_id": LIST, "item": "Dust"});
    let list = json!({"entity_id": LIST});

    let added = post(&home, "/api/services/todo/add_item", &item).await;
    let without = post(&home, "/api/services/todo/get_items", &list).await;
    let with = post(&home, "/api/services/todo/get_items?return_response", &list).await;
    let unknown = post(&home, "/api/services/todo/burn", &list).await;
    let wrong = json!({"entity_id": LIST, "item": "None", "status": "completed"});
    let refused = post(&home, "/api/services/todo/update_item", &wrong).await;

    assert_eq!(added, (200, "[]".to_owned()));
    assert_eq!(without.0, 400);
    let response: Value = serde_json::from_str(&with.1).unwrap();
    assert_eq!(
        response["service_response"][LIST]["items"][0]["summary"],
        "Dust"
    );
    assert_eq!(unknown, (400, "400: Bad Request".to_owned()));
    assert_eq!(
        refused,
        (
            400,
            r#"{"message":"Unable to find to-do list item: None"}"#.to_owned()
        )
    );
}

#[tokio::test]
async fn a_camera_scales_its_picture_and_may_be_off() {
    let home = home().await;
    let camera = home.camera(CAMERA).unwrap();

    let (_, full) = get(&home, "/api/camera_proxy/camera.study").await;
    let (_, small) = get(&home, "/api/camera_proxy/camera.study?width=640&height=360").await;
    camera.show(Source::Unavailable503);
    let (off, _) = get(&home, "/api/camera_proxy/camera.study").await;
    let (missing, _) = get(&home, "/api/camera_proxy/camera.none").await;

    let size = |jpeg: &[u8]| decode_luma(jpeg).map(|(width, height, _)| (width, height));
    assert_eq!(size(&full), Some((1280, 720)));
    assert_eq!(size(&small), Some((640, 360)));
    assert_eq!((off, missing), (503, 404));
    assert_eq!(camera.request_count(), 3);
}

#[tokio::test]
async fn notifications_replace_their_namesake_and_can_be_dismissed() {
    let home = home().await;
    let path = "/api/services/persistent_notification/create";
    let first = json!({"message": "one", "notification_id": "n", "title": "T"});
    let second = json!({"message": "two", "notification_id": "n"});

    post(&home, path, &first).await;
    post(&home, path, &second).await;
    let both = home.notifications();
    let id = json!({"notification_id": "n"});
    post(&home, "/api/services/persistent_notification/dismiss", &id).await;

    assert_eq!(both.len(), 1);
    assert_eq!((both[0].message.as_str(), &both[0].title), ("two", &None));
    assert!(home.notifications().is_empty());
}
