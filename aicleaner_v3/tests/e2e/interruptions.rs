//! Home Assistant and the broker go and come back, while AICleaner runs on.

use std::time::Instant;

use super::flat::{CUP, DONE, Flat, OPEN, SOCKS};
use super::program::Program;
use super::shared_home::on_the_shared_home;

/// After an interruption: a further look works, and nothing was lost or doubled.
async fn goes_on(flat: &Flat<'_>, program: &Program) {
    assert_eq!(flat.items().await, [(CUP.to_owned(), OPEN.to_owned())]);
    flat.until_state("sensor", "kitchen_cleanliness", "85")
        .await;
    flat.until_state("sensor", "kitchen_open_tasks", "1").await;
    flat.leave("socks-on-floor").await;
    flat.look(program).await;
    flat.until_items(&[(CUP, OPEN), (SOCKS, OPEN)]).await;
    flat.tidy("cup-on-desk").await;
    flat.look(program).await;
    flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;
    flat.until_state("sensor", "kitchen_open_tasks", "1").await;
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn after_a_restart_of_home_assistant_all_goes_on() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("core").await;
        flat.leave("cup-on-desk").await;
        let program = flat.start_and_check().await;
        flat.until_items(&[(CUP, OPEN)]).await;

        let restarted = Instant::now();
        flat.shared.home.restart().await.unwrap();
        let running = restarted.elapsed();
        let available = flat.until_available().await;
        let running_again = program.logged("Home Assistant is running", 2);
        running_again.await;
        let shared = flat.shared;
        shared.took("restart of Home Assistant to RUNNING", running, None);
        shared.took("RUNNING to all entities available", available, Some(5.0));

        goes_on(&flat, &program).await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_restart_of_home_assistant_in_the_middle_of_a_look_doubles_and_loses_nothing() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("core_look").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let gate = flat.slow_model();
        let asked = flat.shared.models.requests().len();
        flat.press().await;
        flat.until_asked(asked).await;

        flat.shared.home.restart().await.unwrap();
        gate.open();
        flat.until_available().await;
        program.logged("Home Assistant is running", 2).await;

        flat.look(&program).await;
        flat.until_items(&[(CUP, OPEN)]).await;
        goes_on(&flat, &program).await;
        // The picture of the check that was cut short could not be deleted then.
        flat.until_no_uploads().await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn after_the_broker_was_killed_all_goes_on() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("broker").await;
        flat.leave("cup-on-desk").await;
        let program = flat.start_and_check().await;
        flat.until_items(&[(CUP, OPEN)]).await;

        flat.shared.broker.lock().await.kill().await.unwrap();
        let unavailable = flat.until_unavailable().await;
        let restarted = Instant::now();
        flat.shared.broker.lock().await.restart().await.unwrap();
        program.logged("connected to the MQTT broker", 2).await;
        let connected = restarted.elapsed();
        flat.until_available().await;
        // Home Assistant itself tries every 10 s (components/mqtt/client.py: RECONNECT_INTERVAL_SECONDS).
        let available = restarted.elapsed();
        let shared = flat.shared;
        shared.took(
            "broker killed to all entities unavailable",
            unavailable,
            None,
        );
        shared.took(
            "broker started to AICleaner connected",
            connected,
            Some(2.0),
        );
        shared.took(
            "broker started to all entities available",
            available,
            Some(15.0),
        );

        goes_on(&flat, &program).await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_mess_judged_while_the_broker_is_away_reaches_the_list() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("nobroker").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let gate = flat.slow_model();
        let asked = flat.shared.models.requests().len();
        flat.press().await;
        flat.until_asked(asked).await;

        flat.shared.broker.lock().await.kill().await.unwrap();
        gate.open();

        flat.until_items(&[(CUP, OPEN)]).await;
        flat.shared.broker.lock().await.restart().await.unwrap();
        flat.until_available().await;
        flat.until_state("sensor", "kitchen_cleanliness", "85")
            .await;
        program.stop().await;
    });
}
