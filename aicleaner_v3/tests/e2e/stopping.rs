//! A stop that is asked for, and what lives through it.

use std::time::Duration;

use serde_json::json;

use super::flat::{CUP, Flat, OPEN};
use super::program::Ended;
use super::shared_home::on_the_shared_home;

fn is_clean(ended: &Ended) {
    assert_eq!(ended.status.code(), Some(0), "{}", ended.log);
    assert!(
        ended.after < Duration::from_secs(2),
        "it took {:?}:\n{}",
        ended.after,
        ended.log
    );
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn sigterm_ends_it_within_two_seconds_and_its_entities_become_unavailable() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("sigterm").await;
        let program = flat.start_and_check().await;

        let ended = program.stop().await;

        is_clean(&ended);
        flat.until_unavailable().await;
        flat.shared
            .took("SIGTERM to the end", ended.after, Some(2.0));
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn sigterm_in_the_middle_of_a_look_ends_it_as_fast_and_the_look_can_be_repeated() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("midlook").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let gate = flat.slow_model();
        let asked = flat.shared.models.requests().len();
        flat.press().await;
        flat.until_asked(asked).await;

        let ended = program.stop().await;
        gate.open();

        is_clean(&ended);
        let what = "SIGTERM in a look to the end";
        flat.shared.took(what, ended.after, Some(2.0));
        flat.until_unavailable().await;
        assert!(flat.items().await.is_empty());
        let program = flat.start().await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, OPEN)]).await;
        flat.until_no_uploads().await;
        program.stop().await;
    });
}

async fn watch(flat: &Flat<'_>, turn: &str) {
    let switch = json!({"entity_id": flat.entity("switch", "kitchen_watching")});
    let client = flat.shared.client();
    client.call_service("switch", turn, &switch).await.unwrap();
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_switch_watching_lives_through_restarts_of_the_app() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("switch").await;
        let program = flat.start_and_check().await;
        flat.until_state("switch", "kitchen_watching", "on").await;

        watch(&flat, "turn_off").await;
        flat.until_state("switch", "kitchen_watching", "off").await;
        program.stop().await;
        flat.until_unavailable().await;
        let program = flat.start().await;
        flat.until_state("switch", "kitchen_watching", "off").await;

        watch(&flat, "turn_on").await;
        flat.until_state("switch", "kitchen_watching", "on").await;
        program.kill().await;
        flat.until_unavailable().await;
        let program = flat.start().await;
        flat.until_state("switch", "kitchen_watching", "on").await;
        program.stop().await;
    });
}
