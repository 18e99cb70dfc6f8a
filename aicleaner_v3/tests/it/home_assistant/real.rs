//! The same client against a real Home Assistant: what the simulated home promises must hold there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aicleaner::home_assistant::{
    Attachment, Connection, GenerateData, HomeStatus, TodoList, TodoStatus,
};
use aicleaner::model::InstanceName;
use aicleaner::telemetry::Code;
use aicleaner_testkit::model::Scripted;
use aicleaner_testkit::ollama::Ollama;
use aicleaner_testkit::real;
use aicleaner_testkit::scene::{Canvas, encode};
use bytes::Bytes;
use secrecy::SecretString;
use serde_json::json;

use super::{Client, LIMIT, LIST, entity, until};

const KITCHEN: &str = "camera.kitchen";

fn client(home: &real::HomeAssistant, token: &str) -> Client {
    let token = SecretString::from(token);
    Client::start(Connection::standalone(home.url(), &token, None).unwrap())
}

#[tokio::test]
#[ignore = "needs a real Home Assistant: make e2e"]
async fn a_real_home_keeps_every_promise_of_the_simulated_one() {
    let picture = encode(&Canvas::new(640, 480), 80).unwrap();
    let models = Ollama::start(Arc::new(Scripted::Raw(r#"{"score": 62}"#.to_owned())))
        .await
        .unwrap();
    let options = real::Options {
        todo_lists: vec!["Chores".to_owned()],
        picture_cameras: vec![("kitchen".to_owned(), picture.clone())],
        ollama: Some(real::Ollama {
            url: models.url(),
            model: "gemma3:4b".to_owned(),
        }),
        ..real::Options::default()
    };
    let home = real::HomeAssistant::start(&options).await.unwrap();
    let client = client(&home, home.token());

    it_is_running(&client).await;
    lists_are_followed_and_changed(&client, &home).await;
    pictures_come_and_go(&client, &picture).await;
    a_model_is_asked(&client, &models, &picture).await;
    notifications_come_and_go(&client, &home).await;
    it_comes_back_after_a_restart(&client, &home).await;
    a_wrong_token_is_refused(&home).await;
    home.stop().await.unwrap();
}

async fn it_is_running(client: &Client) {
    client.reaches(HomeStatus::is_running).await;
    let info = client.home.home().borrow().clone().unwrap();
    assert_eq!(info.version, "2026.11.0");
    client
        .home
        .watch_entities("test", BTreeSet::from([entity(KITCHEN)]));
    let mut states = client.home.states();
    let kitchen = until(&mut states, |states| states.contains_key(&entity(KITCHEN))).await
        [&entity(KITCHEN)]
        .clone();
    assert!(kitchen.is_available(), "{kitchen:?}");
}

async fn lists_are_followed_and_changed(client: &Client, home: &real::HomeAssistant) {
    let id = entity(LIST);
    let mut list = client.home.todo_list(&id);
    let mut nowhere = client.home.todo_list(&entity("todo.nowhere"));
    until(&mut nowhere, |list| *list == TodoList::Missing).await;
    until(&mut list, |list| matches!(list, TodoList::Items(_))).await;

    client
        .home
        .add_item(&id, "Wipe the table", Some("Crumbs"))
        .await
        .unwrap();
    let found = until(
        &mut list,
        |list| matches!(list, TodoList::Items(items) if items.len() == 1),
    )
    .await;
    let TodoList::Items(items) = found else {
        panic!("{found:?}")
    };
    assert_eq!(items[0].description.as_deref(), Some("Crumbs"));

    client.home.complete_item(&id, &items[0].uid).await.unwrap();
    until(
        &mut list,
        |list| matches!(list, TodoList::Items(items) if items[0].status == TodoStatus::Completed),
    )
    .await;
    let gone = aicleaner::model::ItemUid::new("nobody");
    let error = client.home.complete_item(&id, &gone).await.unwrap_err();
    assert_eq!(error.code(), Code::TodoListRefused);

    reload_the_list(home).await;
    until(&mut list, |list| matches!(list, TodoList::Items(_))).await;
    home.client()
        .call_service(
            "todo",
            "add_item",
            &json!({"entity_id": LIST, "item": "Mop"}),
        )
        .await
        .unwrap();
    until(&mut list, |list| {
        matches!(list, TodoList::Items(items) if items.iter().any(|item| item.summary == "Mop"))
    })
    .await;
}

async fn reload_the_list(home: &real::HomeAssistant) {
    home.client()
        .call_service(
            "homeassistant",
            "reload_config_entry",
            &json!({"entity_id": LIST}),
        )
        .await
        .unwrap();
}

async fn pictures_come_and_go(client: &Client, picture: &[u8]) {
    let camera = entity(KITCHEN);
    let snapshot = client
        .home
        .snapshot(&camera, None, 1 << 20, LIMIT)
        .await
        .unwrap();
    assert_eq!(&snapshot.bytes[..], picture);
    let nowhere = client
        .home
        .snapshot(&entity("camera.nowhere"), None, 1 << 20, LIMIT)
        .await;
    assert_eq!(nowhere.unwrap_err().code(), Code::CameraMissing);
    let too_large = client.home.snapshot(&camera, None, 100, LIMIT).await;
    assert_eq!(too_large.unwrap_err().code(), Code::CameraTooLarge);

    let owner = InstanceName::default();
    let image = client
        .home
        .upload_image(&owner, snapshot.bytes)
        .await
        .unwrap();
    let listed = client.home.uploaded_images(&owner).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, image);
    assert!(listed[0].uploaded_at.is_some());
    client.home.delete_image(&image).await.unwrap();
    client
        .home
        .delete_image(&image)
        .await
        .expect("gone already is no error");
    assert!(
        client
            .home
            .uploaded_images(&owner)
            .await
            .unwrap()
            .is_empty()
    );
    let broken = client
        .home
        .upload_image(&owner, Bytes::from_static(b"no picture"))
        .await;
    assert_eq!(broken.unwrap_err().code(), Code::ImageUpload);
}

async fn a_model_is_asked(client: &Client, models: &Ollama, picture: &[u8]) {
    let tasks = client.home.ai_tasks().await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert!(tasks[0].takes_pictures());
    client.home.preferred_ai_task().await.unwrap();
    let owner = InstanceName::default();
    let image = client
        .home
        .upload_image(&owner, Bytes::copy_from_slice(picture))
        .await
        .unwrap();
    let structure = json!({"score": {"selector": {"number": {"min": 0, "max": 100}}, "description": "How tidy", "required": true}});

    let answer = client
        .home
        .generate_data(GenerateData {
            task_name: "Judge the kitchen".to_owned(),
            entity: Some(tasks[0].entity.clone()),
            instructions: "How tidy is it?".to_owned(),
            structure: structure.as_object().cloned(),
            attachments: vec![Attachment::uploaded_jpeg(&image)],
            timeout: Duration::from_secs(30),
        })
        .await
        .unwrap();

    assert_eq!(answer.data, json!({"score": 62}));
    let requests = models.requests();
    assert!(requests.iter().any(|request| request.images == [picture]));
    client.home.delete_image(&image).await.unwrap();
}

async fn notifications_come_and_go(client: &Client, home: &real::HomeAssistant) {
    let shown = || async {
        let command = json!({"type": "persistent_notification/get"});
        let shown = home.client().ws_command(&command).await.unwrap();
        shown.as_array().unwrap().len()
    };
    let before = shown().await;
    client
        .home
        .notify_persistent("aicleaner", "Settings", "wrong")
        .await
        .unwrap();
    assert_eq!(shown().await, before + 1);
    client.home.dismiss_persistent("aicleaner").await.unwrap();
    assert_eq!(shown().await, before);
}

async fn it_comes_back_after_a_restart(client: &Client, home: &real::HomeAssistant) {
    let mut list = client.home.todo_list(&entity(LIST));
    let restarting = home.restart();
    let away = client.reaches(|status| !status.is_running());
    let (restarted, _) = tokio::join!(restarting, away);
    restarted.unwrap();

    client.reaches(HomeStatus::is_running).await;

    until(&mut list, |list| {
        matches!(list, TodoList::Items(items) if items.iter().any(|item| item.summary == "Mop"))
    })
    .await;
    assert_eq!(client.count("home_assistant_connected", ""), 2);
}

async fn a_wrong_token_is_refused(home: &real::HomeAssistant) {
    let stranger = client(home, "not the token");
    stranger
        .reaches(|status| *status == HomeStatus::TokenRefused)
        .await;
}
