//! Login, commands, ids, states and their compressed form.

use serde_json::{Map, Value, json};

use super::{TOKEN, client, home};
use crate::client_for_tests::Client;

fn attributes(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_the_connection_closed() {
    let home = home().await;
    let mut client = Client::connect(&home.websocket_url()).await;
    client.receive().await;

    client
        .send(&json!({"type": "auth", "access_token": "wrong"}))
        .await;

    let answer = client.receive().await.unwrap();
    assert_eq!(answer["type"], "auth_invalid");
    assert_eq!(answer["message"], "Invalid access token or password");
    assert!(client.ends().await);
}

#[tokio::test]
async fn a_revoked_token_ends_its_connections_and_opens_no_more() {
    let home = home().await;
    let mut old = client(&home).await;

    home.revoke_token();

    assert!(old.ends().await);
    let mut new = Client::connect(&home.websocket_url()).await;
    new.receive().await;
    new.send(&json!({"type": "auth", "access_token": TOKEN}))
        .await;
    assert_eq!(new.receive().await.unwrap()["type"], "auth_invalid");
}

#[tokio::test]
async fn unknown_commands_and_reused_ids_are_refused() {
    let home = home().await;
    let mut client = client(&home).await;
    assert_eq!(client.ask(json!({"type": "ping"})).await["type"], "pong");

    client.send(&json!({"id": 1, "type": "ping"})).await;
    let reused = client.receive().await.unwrap();
    client.send(&json!({"id": 9, "type": "make/coffee"})).await;
    let unknown = client.receive().await.unwrap();
    client.send(&json!({"type": "ping"})).await;
    let unformed = client.receive().await.unwrap();

    assert_eq!(
        reused["error"],
        json!({"code": "id_reuse", "message": "Identifier values have to increase."})
    );
    assert_eq!(
        unknown["error"],
        json!({"code": "unknown_command", "message": "Unknown command."})
    );
    assert_eq!(unformed["error"]["code"], "invalid_format");
}

#[tokio::test]
async fn entities_are_sent_compressed_then_as_diffs_and_removals() {
    let home = home().await;
    home.set_state("light.desk", "on", attributes(&json!({"brightness": 5})));
    home.set_state("light.other", "on", Map::new());
    let mut client = client(&home).await;

    client
        .ask(json!({"type": "subscribe_entities", "entity_ids": ["light.desk", "light.none"]}))
        .await;
    let first = client.event().await;
    home.set_state("light.other", "off", Map::new());
    home.set_state("light.desk", "off", attributes(&json!({"effect": "x"})));
    let changed = client.event().await;
    home.remove_entity("light.desk");
    let removed = client.event().await;
    home.set_state("light.desk", "on", Map::new());
    let added = client.event().await;

    assert_eq!(first["a"].as_object().unwrap().len(), 1);
    assert_eq!(first["a"]["light.desk"]["s"], "on");
    assert_eq!(first["a"]["light.desk"]["a"], json!({"brightness": 5}));
    let diff = &changed["c"]["light.desk"];
    assert_eq!(diff["+"]["s"], "off");
    assert_eq!(diff["+"]["a"], json!({"effect": "x"}));
    assert_eq!(diff["-"], json!({"a": ["brightness"]}));
    assert_eq!(removed, json!({"r": ["light.desk"]}));
    assert_eq!(added["a"]["light.desk"]["s"], "on");
}

#[tokio::test]
async fn state_changes_are_events_until_unsubscribed() {
    let home = home().await;
    let mut client = client(&home).await;
    let subscribe = json!({"type": "subscribe_events", "event_type": "state_changed"});
    let id = client.ask(subscribe).await["id"].clone();

    home.set_state("light.desk", "on", Map::new());
    let event = client.event().await;
    let unsubscribe = json!({"type": "unsubscribe_events", "subscription": id});
    let done = client.ask(unsubscribe.clone()).await;
    home.set_state("light.desk", "off", Map::new());
    let again = client.ask(unsubscribe).await;

    assert_eq!(event["event_type"], "state_changed");
    assert_eq!(event["data"]["old_state"], Value::Null);
    assert_eq!(event["data"]["new_state"]["state"], "on");
    assert_eq!(done["success"], true);
    assert_eq!(again["error"]["message"], "Subscription not found.");
}

#[tokio::test]
async fn the_registries_name_what_there_is() {
    let home = home().await;
    let mut client = client(&home).await;

    let entities = client
        .ask(json!({"type": "config/entity_registry/list"}))
        .await;
    let devices = client
        .ask(json!({"type": "config/device_registry/list"}))
        .await;
    let preferred = client.ask(json!({"type": "ai_task/preferences/get"})).await;

    let entities = entities["result"].as_array().unwrap();
    let list = entities
        .iter()
        .find(|entry| entry["entity_id"] == "todo.chores");
    assert_eq!(list.unwrap()["platform"], "local_todo");
    assert_eq!(devices["result"].as_array().unwrap().len(), 2);
    assert_eq!(
        preferred["result"]["gen_data_entity_id"],
        "ai_task.simulated"
    );
}

#[tokio::test]
async fn a_service_that_does_not_exist_is_not_found() {
    let home = home().await;
    let mut client = client(&home).await;

    let answer = client
        .ask(json!({"type": "call_service", "domain": "todo", "service": "burn"}))
        .await;

    assert_eq!(answer["error"]["code"], "not_found");
    assert_eq!(answer["error"]["message"], "Service todo.burn not found.");
}
