//! To-do lists: services, errors, pushes, and what people do.

use serde_json::{Value, json};

use super::{LIST, client, home};
use crate::client_for_tests::Client;
use crate::home::{Fault, Home, Status, features};

async fn call(client: &mut Client, service: &str, data: Value) -> Value {
    client
        .ask(json!({
            "type": "call_service", "domain": "todo", "service": service,
            "service_data": data, "target": {"entity_id": LIST},
        }))
        .await
}

async fn subscribed(home: &Home) -> Client {
    let mut client = client(home).await;
    let command = json!({"type": "todo/item/subscribe", "entity_id": LIST});
    assert_eq!(client.ask(command).await["success"], true);
    assert_eq!(client.event().await, json!({"items": []}));
    client
}

#[tokio::test]
async fn each_change_is_pushed_with_uids_and_nulls() {
    let home = home().await;
    let mut client = subscribed(&home).await;

    call(
        &mut client,
        "add_item",
        json!({"item": " Dust ", "description": "all of it"}),
    )
    .await;
    let added = client.event().await;
    let uid = added["items"][0]["uid"].clone();
    call(
        &mut client,
        "update_item",
        json!({"item": uid, "status": "completed"}),
    )
    .await;
    let ticked = client.event().await;
    call(&mut client, "remove_item", json!({"item": "Dust"})).await;
    let removed = client.event().await;

    assert_eq!(
        added["items"],
        json!([{
            "summary": "Dust", "uid": uid, "status": "needs_action",
            "due": null, "description": "all of it", "completed": null,
        }])
    );
    assert_eq!(ticked["items"][0]["status"], "completed");
    assert!(ticked["items"][0]["completed"].is_string());
    assert_eq!(removed["items"], json!([]));
}

#[tokio::test]
async fn what_people_do_is_pushed_and_counted_in_the_state() {
    let home = home().await;
    let mut client = subscribed(&home).await;
    let list = home.todo(LIST);

    let uid = list.add_by_person("Water the plants").unwrap();
    assert_eq!(home.state(LIST).as_deref(), Some("1"));
    list.tick(&uid).unwrap();
    assert_eq!(home.state(LIST).as_deref(), Some("0"));
    list.untick("Water the plants").unwrap();
    list.rename(&uid, "Water them").unwrap();
    list.delete("Water them").unwrap();

    let mut summaries = Vec::new();
    for _ in 0..5 {
        let event = client.event().await;
        let item = &event["items"][0];
        summaries.push(format!("{} {}", item["summary"], item["status"]));
    }
    assert_eq!(
        summaries,
        [
            r#""Water the plants" "needs_action""#,
            r#""Water the plants" "completed""#,
            r#""Water the plants" "needs_action""#,
            r#""Water them" "needs_action""#,
            "null null",
        ]
    );
    assert!(list.tick(&uid).is_err());
}

#[tokio::test]
async fn a_change_that_changes_nothing_pushes_nothing() {
    let home = home().await;
    let mut client = subscribed(&home).await;
    let list = home.todo(LIST);
    let uid = list.add_by_person("Dust").unwrap();
    client.event().await;

    list.untick(&uid).unwrap();
    list.rename(&uid, "Dust well").unwrap();

    assert_eq!(client.event().await["items"][0]["summary"], "Dust well");
}

#[tokio::test]
async fn items_are_listed_without_empty_fields() {
    let home = home().await;
    home.todo(LIST).add_by_person("Dust").unwrap();
    let mut client = client(&home).await;

    let listed = client
        .ask(json!({"type": "todo/item/list", "entity_id": LIST}))
        .await;
    let got = client
        .ask(json!({
            "type": "call_service", "domain": "todo", "service": "get_items",
            "service_data": {"status": "needs_action"}, "target": {"entity_id": LIST},
            "return_response": true,
        }))
        .await;

    let item = &listed["result"]["items"][0];
    assert_eq!(item.as_object().unwrap().len(), 3);
    assert_eq!(got["result"]["response"][LIST]["items"][0], *item);
}

#[tokio::test]
async fn unknown_items_and_lists_give_home_assistants_errors() {
    let home = home().await;
    let mut client = client(&home).await;

    let item = call(
        &mut client,
        "update_item",
        json!({"item": "x", "status": "completed"}),
    )
    .await;
    let unchanged = call(&mut client, "update_item", json!({"item": "x"})).await;
    let listed = client
        .ask(json!({"type": "todo/item/list", "entity_id": "todo.none"}))
        .await;
    let subscribed = client
        .ask(json!({"type": "todo/item/subscribe", "entity_id": "todo.none"}))
        .await;
    let added = client
        .ask(json!({
            "type": "call_service", "domain": "todo", "service": "add_item",
            "service_data": {"item": "x"}, "target": {"entity_id": "todo.none"},
        }))
        .await;

    assert_eq!(item["error"]["code"], "service_validation_error");
    assert_eq!(
        item["error"]["message"],
        "Validation error: Unable to find to-do list item: x"
    );
    assert_eq!(unchanged["error"]["code"], "invalid_format");
    assert_eq!(listed["error"]["code"], "not_found");
    assert_eq!(subscribed["error"]["code"], "invalid_entity_id");
    assert_eq!(added["success"], true, "Home Assistant says nothing either");
}

#[tokio::test]
async fn a_list_refuses_what_it_cannot_do() {
    let few = features::CREATE | features::UPDATE;
    let home = Home::builder().limited_todo_list(LIST, "Chores", few);
    let home = home.start().await.unwrap();
    let mut client = client(&home).await;

    let described = call(
        &mut client,
        "add_item",
        json!({"item": "x", "description": "y"}),
    )
    .await;
    let removed = call(&mut client, "remove_item", json!({"item": "x"})).await;

    assert_eq!(
        described["error"]["message"],
        "Validation error: Entity does not support setting field: description"
    );
    assert_eq!(removed["error"]["translation_key"], "service_not_supported");
    assert!(home.todo(LIST).items().is_empty());
}

#[tokio::test]
async fn a_list_that_is_held_shows_its_changes_when_released() {
    let home = home().await;
    let mut client = subscribed(&home).await;
    home.todo(LIST).hold().unwrap();

    call(&mut client, "add_item", json!({"item": "Dust"})).await;
    let listed = client
        .ask(json!({"type": "todo/item/list", "entity_id": LIST}))
        .await;
    home.todo(LIST).release().unwrap();

    assert_eq!(listed["result"]["items"], json!([]));
    assert_eq!(client.event().await["items"][0]["summary"], "Dust");
}

#[tokio::test]
async fn a_refused_call_does_nothing_and_a_lost_answer_does_all() {
    let home = home().await;
    let mut client = subscribed(&home).await;
    home.strike("todo", "add_item", Fault::Refuse("disk full".to_owned()));
    home.strike("todo", "add_item", Fault::LoseAnswer);

    let refused = call(&mut client, "add_item", json!({"item": "One"})).await;
    client
        .command(json!({
            "type": "call_service", "domain": "todo", "service": "add_item",
            "service_data": {"item": "Two"}, "target": {"entity_id": LIST},
        }))
        .await;

    assert_eq!(
        refused["error"],
        json!({"code": "home_assistant_error", "message": "disk full"})
    );
    assert_eq!(client.event().await["items"][0]["summary"], "Two");
    assert_eq!(home.todo(LIST).items()[0].status, Status::NeedsAction);
    assert_eq!(home.service_calls("todo", "add_item").len(), 2);
}

#[tokio::test]
async fn an_unloaded_list_is_unavailable_and_its_subscriptions_fall_silent() {
    let home = home().await;
    let mut client = subscribed(&home).await;
    let list = home.todo(LIST);

    list.unload().unwrap();
    let unavailable = home.state(LIST);
    let passed_over = call(&mut client, "add_item", json!({"item": "Lost"})).await;
    list.load().unwrap();
    list.add_by_person("Unheard").unwrap();
    let command = json!({"type": "todo/item/subscribe", "entity_id": LIST});
    assert_eq!(client.ask(command).await["success"], true);
    let first = client.event().await;

    assert_eq!(unavailable.as_deref(), Some("unavailable"));
    assert_eq!(passed_over["success"], true);
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    assert_eq!(first["items"][0]["summary"], "Unheard");
}
