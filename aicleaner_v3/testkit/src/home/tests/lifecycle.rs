//! Stopping, starting and restarting.

use std::time::Duration;

use serde_json::json;

use super::{LIST, client, home};
use crate::fixtures::wait_until;
use crate::home::{CoreState, Home};
use crate::model::Scripted;

#[tokio::test]
async fn a_stopped_home_closes_websockets_and_refuses_until_started() {
    let home = home().await;
    home.todo(LIST).add_by_person("Dust").unwrap();
    let mut old = client(&home).await;
    let http = crate::http::client().unwrap();

    home.stop().await.unwrap();
    assert!(old.ends().await);
    let refused = http.get(home.url()).send().await;
    home.start().unwrap();
    let mut new = client(&home).await;
    let items = new
        .ask(json!({"type": "todo/item/list", "entity_id": LIST}))
        .await;

    assert!(refused.unwrap_err().is_connect());
    assert_eq!(items["result"]["items"][0]["summary"], "Dust");
}

#[tokio::test]
async fn a_starting_home_answers_but_has_nothing_yet() {
    let home = home().await;
    home.stop().await.unwrap();
    home.start_into(CoreState::Starting).unwrap();
    let mut client = client(&home).await;

    let config = client.ask(json!({"type": "get_config"})).await;
    let list = client
        .ask(json!({"type": "todo/item/subscribe", "entity_id": LIST}))
        .await;
    let service = client
        .ask(json!({
            "type": "call_service", "domain": "todo", "service": "add_item",
            "service_data": {"item": "Lost", "entity_id": LIST},
        }))
        .await;
    client
        .ask(json!({"type": "subscribe_entities", "entity_ids": [LIST]}))
        .await;
    let first = client.event().await;
    client
        .ask(json!({"type": "subscribe_events", "event_type": "homeassistant_started"}))
        .await;
    home.finish_starting();
    let appeared = client.event().await;
    let started = client.event().await;

    assert_eq!(config["result"]["state"], "STARTING");
    assert_eq!(list["error"]["code"], "invalid_entity_id");
    assert_eq!(service["success"], true, "and yet nothing was added");
    assert!(home.todo(LIST).items().is_empty());
    assert_eq!(first["a"][LIST]["s"], "unavailable");
    assert_eq!(first["a"][LIST]["a"]["restored"], true);
    assert_eq!(appeared["c"][LIST]["+"]["s"], "0");
    assert_eq!(started["event_type"], "homeassistant_started");
}

#[tokio::test]
async fn entities_can_be_missing_while_it_starts() {
    let home = home().await;
    home.miss_entities_while_starting(true);
    home.stop().await.unwrap();

    home.start_into(CoreState::Starting).unwrap();

    assert_eq!(home.state(LIST), None);
}

#[tokio::test]
async fn before_it_starts_integrations_are_unknown() {
    let home = home().await;
    home.stop().await.unwrap();
    home.start_into(CoreState::NotRunning).unwrap();
    let mut client = client(&home).await;

    let config = client.ask(json!({"type": "get_config"})).await;
    let list = client
        .ask(json!({"type": "todo/item/subscribe", "entity_id": LIST}))
        .await;
    let service = client
        .ask(json!({"type": "call_service", "domain": "todo", "service": "add_item"}))
        .await;

    assert_eq!(config["result"]["state"], "NOT_RUNNING");
    assert_eq!(list["error"]["code"], "unknown_command");
    assert_eq!(service["error"]["code"], "not_found");
    assert_eq!(home.state(LIST), None);
}

#[tokio::test]
async fn a_restart_ends_running() {
    let home = home().await;

    home.restart(Duration::from_millis(20)).await.unwrap();
    assert_eq!(home.core_state(), CoreState::NotRunning);

    let running = wait_until(Duration::from_secs(60), "RUNNING", || async {
        home.core_state() == CoreState::Running
    });
    running.await.unwrap();
}

#[tokio::test]
async fn the_restart_service_restarts() {
    let home = Home::builder()
        .restart_time(Duration::from_millis(10))
        .judge(std::sync::Arc::new(Scripted::Empty))
        .start()
        .await
        .unwrap();
    let mut client = client(&home).await;

    let answer = client
        .ask(json!({"type": "call_service", "domain": "homeassistant", "service": "restart"}))
        .await;

    assert_eq!(answer["success"], true);
    assert!(client.ends().await);
    let running = wait_until(Duration::from_secs(60), "RUNNING", || async {
        home.core_state() == CoreState::Running
    });
    running.await.unwrap();
}

#[tokio::test]
async fn a_dropped_home_answers_no_more() {
    let home = home().await;
    let url = home.url();

    drop(home);

    let http = crate::http::client().unwrap();
    let refused = wait_until(Duration::from_secs(60), "a refused connection", || async {
        http.get(&url).send().await.is_err()
    });
    refused.await.unwrap();
}
