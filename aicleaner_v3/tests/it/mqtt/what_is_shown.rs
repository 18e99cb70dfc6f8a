//! What Home Assistant sees of us.

use std::collections::BTreeMap;
use std::sync::Arc;

use aicleaner::engine::AllTidy;
use aicleaner::home_assistant::HomeInfo;
use aicleaner::model::{
    Code, Condition, ConditionState, Dependency, LastFrame, Reason, Score, Subject, SystemStatus,
    ZoneId,
};
use aicleaner_testkit::real::Mosquitto;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::app::{App, Source, kitchen};
use super::observer::{Observer, Seen};

const ZONE_CONFIG: &str = "homeassistant/device/aicleaner-kitchen/config";
const SYSTEM_CONFIG: &str = "homeassistant/device/aicleaner/config";

fn position(all: &[Seen], topic: &str) -> usize {
    all.iter()
        .position(|seen| seen.topic == topic)
        .unwrap_or_else(|| panic!("no {topic}"))
}

#[tokio::test]
async fn a_late_subscriber_finds_everything_retained() {
    let broker = Mosquitto::start().await.unwrap();
    let _app = App::start_online(&broker).await;

    let mut late = Observer::start(broker.port()).await;
    late.send("end", b"", false).await;
    let all = late.collect_until("end", "").await;

    let retained: BTreeMap<&str, &Bytes> = all
        .iter()
        .filter(|seen| seen.retained)
        .map(|seen| (seen.topic.as_str(), &seen.payload))
        .collect();
    let device: Value = serde_json::from_slice(retained[ZONE_CONFIG]).unwrap();
    assert_eq!(device["device"]["name"], "Kitchen");
    assert!(retained.contains_key(SYSTEM_CONFIG));
    assert_eq!(retained["aicleaner/availability"].as_ref(), b"online");
    assert_eq!(retained["aicleaner/kitchen/cleanliness"].as_ref(), b"62");
    assert_eq!(
        retained["aicleaner/kitchen/last_assessed"].as_ref(),
        b"None"
    );
    assert_eq!(
        retained["aicleaner/kitchen/open_tasks/attributes"].as_ref(),
        br#"{"tasks":[]}"#
    );
    assert_eq!(retained["aicleaner/status"].as_ref(), b"running");
}

#[tokio::test]
async fn discovery_comes_before_states_and_online_comes_last() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;

    let _app = App::start(Source::new(broker.port()));
    let all = observer
        .collect_until("aicleaner/availability", "online")
        .await;

    let first_state = position(&all, "aicleaner/kitchen/cleanliness");
    assert!(position(&all, ZONE_CONFIG) < first_state);
    assert!(position(&all, SYSTEM_CONFIG) < first_state);
    assert_eq!(position(&all, "aicleaner/availability"), all.len() - 1);
}

#[tokio::test]
async fn everything_is_published_again_when_home_assistant_has_started() {
    let broker = Mosquitto::start().await.unwrap();
    let _app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;

    observer
        .send("homeassistant/status", b"online", false)
        .await;
    observer.wait_for("homeassistant/status", "online").await;
    let all = observer
        .collect_until("aicleaner/availability", "online")
        .await;

    assert!(position(&all, ZONE_CONFIG) < position(&all, "aicleaner/kitchen/cleanliness"));
    position(&all, SYSTEM_CONFIG);
    let topics: std::collections::BTreeSet<_> = all.iter().map(|seen| &seen.topic).collect();
    assert_eq!(topics.len(), all.len(), "each topic once");
}

#[tokio::test]
async fn a_change_is_shown_and_what_did_not_change_is_not_sent_again() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;

    app.change(|view| view.score = Some(Score::new(80).unwrap()));
    observer
        .wait_for("aicleaner/kitchen/cleanliness", "80")
        .await;
    app.change(|view| view.watching = false);
    let all = observer
        .collect_until("aicleaner/kitchen/watching", "OFF")
        .await;

    assert_eq!(all.len(), 1, "{all:?}");
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_refused_and_the_next_one_is_shown() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    let frame = |size: usize| {
        Some(LastFrame {
            taken_at: Timestamp::UNIX_EPOCH,
            jpeg: Bytes::from(vec![7; size]),
        })
    };

    app.change(|view| {
        view.score = Some(Score::new(81).unwrap());
        view.frame = frame(1 << 20);
    });
    observer
        .wait_for("aicleaner/kitchen/cleanliness", "81")
        .await;
    app.change(|view| view.frame = frame(300_000));
    let picture = observer
        .wait("a picture", |seen| {
            seen.topic == "aicleaner/kitchen/last_frame"
        })
        .await;

    assert_eq!(picture.payload.len(), 300_000);
    assert_eq!(app.count("mqtt_publish_refused", ""), 1);
    assert_eq!(app.count("mqtt_connected", ""), 1);
}

#[tokio::test]
async fn leftovers_of_ours_are_removed_and_those_of_others_are_not() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;
    let config = |instance: &str| {
        json!({"origin": {"name": "AICleaner"}, "availability": [{"topic": format!("{instance}/availability")}]})
            .to_string()
    };
    let ours = "homeassistant/device/aicleaner-attic/config";
    let of_another = "homeassistant/device/aicleaner_2-attic/config";
    let foreign = "homeassistant/device/lamp/config";
    observer
        .send(ours, config("aicleaner").as_bytes(), true)
        .await;
    observer
        .send("aicleaner/attic/cleanliness", b"5", true)
        .await;
    observer
        .send(of_another, config("aicleaner_2").as_bytes(), true)
        .await;
    observer
        .send(foreign, br#"{"origin":{"name":"Lamp"}}"#, true)
        .await;
    observer.wait(foreign, |seen| seen.topic == foreign).await;

    let app = App::start_online(&broker).await;
    let mut cleared = Vec::new();
    for _ in 0..2 {
        cleared.push(
            observer
                .wait("a removal", |seen| seen.payload.is_empty())
                .await
                .topic,
        );
    }
    let mut late = Observer::start_with(rumqttc::MqttOptions::new(
        "late",
        "127.0.0.1",
        broker.port(),
    ))
    .await;
    late.send("end", b"", false).await;
    let left: Vec<_> = late
        .collect_until("end", "")
        .await
        .into_iter()
        .map(|seen| seen.topic)
        .collect();

    cleared.sort();
    assert_eq!(cleared, ["aicleaner/attic/cleanliness", ours]);
    assert!(
        left.iter().any(|topic| topic == of_another) && left.iter().any(|topic| topic == foreign)
    );
    assert!(left.iter().any(|topic| topic == ZONE_CONFIG));
    assert_eq!(app.count("mqtt_stale_removed", ""), 2);
}

#[tokio::test]
async fn two_instances_share_a_broker() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;

    let one = App::start_as("house", Source::new(broker.port()));
    let other = App::start_as("house_2", Source::new(broker.port()));
    one.wait_online().await;
    other.wait_online().await;
    one.change(|view| view.watching = false);

    observer.wait_for("house/kitchen/watching", "OFF").await;
    assert_eq!(
        (
            one.count("mqtt_connected", ""),
            other.count("mqtt_connected", "")
        ),
        (1, 1)
    );
    assert_eq!(
        (
            one.count("mqtt_stale_removed", ""),
            other.count("mqtt_stale_removed", "")
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn an_event_is_sent_once_and_not_retained() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;

    app.mqtt.publish_event(
        "aicleaner/kitchen/assessment",
        r#"{"event_type":"all_tidy"}"#,
    );

    let seen = observer
        .wait("the event", |seen| seen.topic.ends_with("/assessment"))
        .await;
    assert!(!seen.retained);
}

#[tokio::test]
async fn what_happens_in_a_zone_is_told_after_the_state_that_goes_with_it() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;

    app.change(|view| view.score = Some(Score::new(33).unwrap()));
    let tidy = AllTidy {
        zone: super::app::kitchen_id(),
        score: Score::new(33).ok(),
    };
    app.events.send(tidy.into()).unwrap();
    let event = "aicleaner/kitchen/assessment";
    let payload = json!({"event_type": "all_tidy", "score": 33, "zone": "kitchen", "zone_name": "Kitchen", "open_tasks": 0});
    let all = observer.collect_until(event, &payload.to_string()).await;

    assert!(position(&all, "aicleaner/kitchen/cleanliness") < position(&all, event));
    assert!(!all.last().unwrap().retained);
}

#[tokio::test]
async fn names_follow_the_language_of_the_household() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;
    let app = App::start_speaking(Source::new(broker.port()), None);
    app.home.send_replace(Some(HomeInfo {
        location_name: "Zuhause".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        language: "de".to_owned(),
        version: "2026.11.0".to_owned(),
    }));

    let all = observer
        .collect_until("aicleaner/availability", "online")
        .await;

    let configs: Vec<Value> = all
        .iter()
        .filter(|seen| seen.topic == ZONE_CONFIG)
        .map(|seen| serde_json::from_slice(&seen.payload).unwrap())
        .collect();
    assert_eq!(configs.len(), 1, "described once");
    let components = &configs[0]["components"];
    assert_eq!(components["cleanliness"]["name"], "Sauberkeit");
    assert_eq!(
        components["cleanliness"]["default_entity_id"],
        "sensor.aicleaner_kitchen_cleanliness"
    );
}

#[tokio::test]
async fn a_changed_language_renames_entities_at_once_and_keeps_their_ids() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    let described = |seen: &Seen| seen.topic == ZONE_CONFIG;
    let before = config(&observer.wait("a description", described).await);

    app.language.send_replace(Some("fr".to_owned()));

    let is_other = |seen: &Seen| described(seen) && config(seen) != before;
    let after = config(&observer.wait("another description", is_other).await);
    let name = |config: &Value| config["components"]["cleanliness"]["name"].clone();
    assert_eq!(
        (name(&before), name(&after)),
        (json!("Cleanliness"), json!("Propreté"))
    );
    assert_eq!(without_names(before), without_names(after));
}

fn config(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.payload).unwrap()
}

fn without_names(mut config: Value) -> Value {
    for component in config["components"].as_object_mut().unwrap().values_mut() {
        component.as_object_mut().unwrap().remove("name");
    }
    config
}

#[tokio::test]
async fn what_the_system_misses_is_shown_with_its_reason() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;

    app.system.send_modify(|view| {
        let view = Arc::make_mut(view);
        view.status = SystemStatus::Waiting;
        view.conditions = vec![Condition {
            subject: Subject::Dependency(Dependency::HomeAssistant),
            state: ConditionState::Waiting,
            reason: Reason::new(Code::HomeAssistantStarting),
            is_blocking: true,
            since: Timestamp::UNIX_EPOCH,
        }];
    });

    observer.wait_for("aicleaner/status", "waiting").await;
    let attributes = r#"{"missing":[{"what":"home_assistant","why":"Home Assistant is still starting."}],"troubles":[]}"#;
    observer
        .wait_for("aicleaner/status/attributes", attributes)
        .await;
}

#[tokio::test]
async fn a_zone_that_comes_while_running_is_shown_and_one_that_goes_takes_its_device_with_it() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;
    let mut attic = kitchen();
    attic.zone.id = ZoneId::parse("attic").unwrap();
    let attic = watch::Sender::new(Arc::new(attic));

    app.zones
        .send_replace(Arc::new(vec![attic.subscribe(), app.zone.subscribe()]));
    let come = observer
        .collect_until("aicleaner/attic/watching", "ON")
        .await;
    app.zones.send_replace(Arc::new(vec![attic.subscribe()]));
    let gone = observer.collect_until(ZONE_CONFIG, "").await;
    attic.send_modify(|view| Arc::make_mut(view).watching = false);
    observer.wait_for("aicleaner/attic/watching", "OFF").await;

    position(&come, "homeassistant/device/aicleaner-attic/config");
    assert!(
        come.iter().all(|seen| !seen.topic.contains("kitchen")),
        "what did not change is not sent again: {come:?}"
    );
    assert!(
        gone.iter().all(|seen| !seen.topic.contains("attic")),
        "{gone:?}"
    );
}
