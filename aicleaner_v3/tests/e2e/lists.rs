//! People at work on the lists of Home Assistant, of the kinds that need no service outside: they tick, rename,
//! delete and add, while the list's integration is reloaded and Home Assistant restarted.

use serde_json::{Value, json};

use super::flat::{CUP, DONE, Flat, OPEN, SOCKS};
use super::shared_home::on_the_shared_home;

const PLATE: &str = "Put the plate in the dishwasher";
const RENAMED: &str = "Grandmother's cup";

fn item<'i>(items: &'i [Value], summary: &str) -> &'i Value {
    let found = items.iter().find(|item| item["summary"] == summary);
    found.unwrap_or_else(|| panic!("no {summary} in {items:?}"))
}

/// A mess of three things, of which people rename one, tick one, and delete one and write it anew themselves.
async fn people_at_work(flat: &Flat<'_>, can_reload: bool) {
    for thing in ["cup-on-desk", "socks-on-floor", "plate-on-table"] {
        flat.leave(thing).await;
    }
    let program = flat.start_and_check().await;
    let items = flat
        .until_items(&[(CUP, OPEN), (SOCKS, OPEN), (PLATE, OPEN)])
        .await;
    flat.until_state("sensor", "kitchen_open_tasks", "3").await;

    let cup = item(&items, CUP)["uid"].clone();
    flat.on_list("update_item", json!({"item": cup, "rename": RENAMED}))
        .await;
    flat.tick(item(&items, SOCKS)).await;
    flat.until_state("sensor", "kitchen_open_tasks", "2").await;
    if can_reload {
        let reload = json!({"entity_id": flat.list});
        let client = flat.shared.client();
        client
            .call_service("homeassistant", "reload_config_entry", &reload)
            .await
            .unwrap();
    }
    let plate = item(&items, PLATE)["uid"].clone();
    flat.on_list("remove_item", json!({"item": [plate]})).await;
    flat.until_state("sensor", "kitchen_open_tasks", "1").await;
    flat.on_list("add_item", json!({"item": PLATE})).await;

    let gate = flat.slow_model();
    let asked = flat.shared.models.requests().len();
    flat.show().await;
    flat.press().await;
    flat.until_asked(asked).await;
    flat.shared.home.restart().await.unwrap();
    gate.open();
    flat.until_available().await;
    program.logged("Home Assistant is running", 2).await;

    // Every check sees all three things, and adds none of them again.
    flat.show().await;
    flat.look(&program).await;
    flat.until_items(&[(RENAMED, OPEN), (SOCKS, DONE), (PLATE, OPEN)])
        .await;
    let open = flat.until_state("sensor", "kitchen_open_tasks", "1").await;
    assert_eq!(open["attributes"]["tasks"][0]["title"], RENAMED);

    // What is tidied is ticked under the name that people gave it; their own item is left alone.
    for thing in ["cup-on-desk", "socks-on-floor", "plate-on-table"] {
        flat.tidy(thing).await;
    }
    flat.look(&program).await;
    flat.until_items(&[(RENAMED, DONE), (SOCKS, DONE), (PLATE, OPEN)])
        .await;
    flat.until_state("sensor", "kitchen_open_tasks", "0").await;
    program.stop().await;
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn people_at_work_on_a_local_list_that_is_reloaded() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("people").await;

        people_at_work(&flat, true).await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn people_at_work_on_the_shopping_list() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat_with_shopping_list("shopper").await;

        // Its integration can't be unloaded (components/shopping_list has no async_unload_entry).
        people_at_work(&flat, false).await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn an_item_that_is_written_anew_at_once_stays_the_same_task() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("anew").await;
        flat.leave("cup-on-desk").await;
        let program = flat.start_and_check().await;
        let items = flat.until_items(&[(CUP, OPEN)]).await;

        let uid = items[0]["uid"].clone();
        flat.on_list("remove_item", json!({"item": [uid]})).await;
        flat.on_list("add_item", json!({"item": CUP})).await;
        flat.leave("socks-on-floor").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, OPEN), (SOCKS, OPEN)]).await;

        flat.tidy("cup-on-desk").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;
        program.stop().await;
    });
}
