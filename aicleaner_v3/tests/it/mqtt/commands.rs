//! What comes in over MQTT.

use aicleaner::model::{Command, LiveChange, Sensitivity, Trigger};
use aicleaner_testkit::real::Mosquitto;
use serde_json::{Value, json};

use super::app::{App, kitchen_id};
use super::observer::Observer;

fn assess_now() -> Command {
    Command::AssessNow {
        zone: kitchen_id(),
        trigger: Trigger::Button,
    }
}

#[tokio::test]
async fn a_button_and_a_switch_arrive_as_commands() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let observer = Observer::start(broker.port()).await;

    observer
        .send("aicleaner/kitchen/assess_now/set", b"PRESS", false)
        .await;
    observer
        .send("aicleaner/kitchen/watching/set", b"OFF", false)
        .await;

    assert_eq!(app.next_command().await, assess_now());
    let off = Command::SetLive {
        zone: kitchen_id(),
        change: LiveChange::Watching(false),
    };
    assert_eq!(app.next_command().await, off);
}

#[tokio::test]
async fn numbers_choices_and_the_systems_switch_arrive_as_commands() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let observer = Observer::start(broker.port()).await;

    for (topic, payload) in [
        ("aicleaner/kitchen/interval/set", "45"),
        ("aicleaner/kitchen/sensitivity/set", "high"),
        ("aicleaner/pause_all/set", "ON"),
    ] {
        observer.send(topic, payload.as_bytes(), false).await;
    }

    let live = |change| Command::SetLive {
        zone: kitchen_id(),
        change,
    };
    assert_eq!(app.next_command().await, live(LiveChange::Interval(45)));
    assert_eq!(
        app.next_command().await,
        live(LiveChange::Sensitivity(Sensitivity::High))
    );
    assert_eq!(app.next_command().await, Command::PauseAll { paused: true });
}

#[tokio::test]
async fn what_is_no_command_is_refused_once_and_changes_nothing() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let observer = Observer::start(broker.port()).await;

    observer
        .send("aicleaner/kitchen/watching/set", b"\xff\xfe", false)
        .await;
    observer
        .send("aicleaner/attic/watching/set", b"OFF", false)
        .await;
    observer
        .send("aicleaner/kitchen/watching/set", &[b'O'; 9000], false)
        .await;
    observer
        .send("aicleaner/kitchen/assess_now/set", b"PRESS", false)
        .await;

    assert_eq!(app.next_command().await, assess_now());
    assert_eq!(app.count("mqtt_command_refused", ""), 3);
}

#[tokio::test]
async fn a_retained_command_is_old_news() {
    let broker = Mosquitto::start().await.unwrap();
    let observer = Observer::start(broker.port()).await;
    observer
        .send("aicleaner/kitchen/watching/set", b"OFF", true)
        .await;

    let mut app = App::start_online(&broker).await;
    observer
        .send("aicleaner/kitchen/assess_now/set", b"PRESS", false)
        .await;

    assert_eq!(app.next_command().await, assess_now());
    assert_eq!(app.count("mqtt_retained_ignored", ""), 1);
}

#[tokio::test]
async fn after_a_message_that_is_too_large_the_next_command_works() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let observer = Observer::start(broker.port()).await;

    observer
        .send(
            "aicleaner/kitchen/watching/set",
            &vec![b'x'; 2 << 20],
            false,
        )
        .await;
    let unavailable = app.wait_unavailable(|_| true).await;
    app.wait_online().await;
    observer
        .send("aicleaner/kitchen/assess_now/set", b"PRESS", false)
        .await;

    assert_eq!(unavailable.code.as_str(), "AIC-MQ-005");
    assert_eq!(app.next_command().await, assess_now());
}

#[tokio::test]
async fn a_refused_command_is_an_event_with_who_asked_and_why() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;

    for _ in 0..20 {
        observer
            .send("aicleaner/kitchen/assess_now/set", b"PRESS", false)
            .await;
    }

    for _ in 0..12 {
        let seen = observer
            .wait("a refusal", |seen| seen.topic == "aicleaner/command")
            .await;
        let refusal: Value = serde_json::from_slice(&seen.payload).unwrap();
        assert_eq!(
            refusal,
            json!({"event_type": "refused", "command": "assess_now", "actor": "mqtt", "zone": "kitchen", "zone_name": "Kitchen", "reason": "busy", "message": "Too many requests are waiting. Try again in a moment."})
        );
        assert!(!seen.retained, "what happened once is not said again");
    }
    for _ in 0..8 {
        assert_eq!(app.next_command().await, assess_now());
    }
}

#[tokio::test]
async fn a_message_that_is_no_command_is_an_event_too() {
    let broker = Mosquitto::start().await.unwrap();
    let _app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;

    observer
        .send("aicleaner/kitchen/watching/set", b"on", false)
        .await;

    let seen = observer
        .wait("a refusal", |seen| seen.topic == "aicleaner/command")
        .await;
    let refusal: Value = serde_json::from_slice(&seen.payload).unwrap();
    assert_eq!(refusal["reason"], "invalid");
    assert_eq!(refusal["topic"], "aicleaner/kitchen/watching/set");
    assert_eq!(refusal["message"], "found \"on\", expected ON or OFF");
}
