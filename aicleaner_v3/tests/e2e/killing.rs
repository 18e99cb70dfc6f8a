//! `kill -9` at the worst instants, and a new start: nothing is doubled, nothing is lost.

use serde_json::json;

use super::flat::{CUP, DONE, Flat, OPEN, SOCKS, SOON};
use super::program::Program;
use super::shared_home::on_the_shared_home;

/// After a new start: the same mess again, and then another, which shows that the list was worked off.
async fn doubles_nothing(flat: &Flat<'_>) -> Program {
    let program = flat.start().await;
    flat.show().await;
    flat.look(&program).await;
    flat.until_items(&[(CUP, OPEN)]).await;
    flat.leave("socks-on-floor").await;
    flat.look(&program).await;
    flat.until_items(&[(CUP, OPEN), (SOCKS, OPEN)]).await;
    flat.until_state("sensor", "kitchen_open_tasks", "2").await;
    program
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn killed_while_the_model_thinks() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("kill_think").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let gate = flat.slow_model();
        let asked = flat.shared.models.requests().len();
        flat.press().await;
        flat.until_asked(asked).await;
        assert_eq!(flat.uploads().await.len(), 1);

        program.kill().await;
        gate.open();
        flat.until_unavailable().await;

        assert!(flat.items().await.is_empty());
        let program = doubles_nothing(&flat).await;
        // What the killed one could not delete.
        flat.until_no_uploads().await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn killed_as_home_assistant_is_told_to_add_the_item() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("kill_call").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let mut socket = flat.shared.client().websocket().await.unwrap();
        let calls = json!({"type": "subscribe_events", "event_type": "call_service"});
        let (calls, _) = socket.subscribe(&calls).await.unwrap();
        flat.press().await;

        loop {
            let call = socket.next_event(calls, SOON).await.unwrap();
            if call["data"]["service"] == "add_item" {
                break;
            }
        }
        program.kill().await;

        let program = doubles_nothing(&flat).await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn killed_as_the_item_appears_on_the_list() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("kill_item").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let (mut socket, list) = flat.follow_list().await;
        flat.press().await;

        loop {
            let event = socket.next_event(list, SOON).await.unwrap();
            if event["items"][0]["summary"] == CUP {
                break;
            }
        }
        program.kill().await;

        let program = doubles_nothing(&flat).await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn an_item_ticked_while_it_was_away_closes_the_task() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("away").await;
        flat.leave("cup-on-desk").await;
        let program = flat.start_and_check().await;
        let items = flat.until_items(&[(CUP, OPEN)]).await;
        flat.until_state("sensor", "kitchen_open_tasks", "1").await;

        program.kill().await;
        flat.tick(&items[0]).await;
        let program = flat.start().await;

        flat.until_state("sensor", "kitchen_open_tasks", "0").await;
        flat.look(&program).await;
        flat.leave("socks-on-floor").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn killed_as_the_assessment_is_stored() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("kill_store").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        flat.press().await;

        program.logged("task opened", 1).await;
        program.kill().await;

        let program = doubles_nothing(&flat).await;
        program.stop().await;
    });
}
