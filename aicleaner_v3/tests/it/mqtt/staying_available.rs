//! What happens when the broker goes, comes back, or does not want us.

use std::time::{Duration, Instant};

use aicleaner::mqtt::MqttStatus;
use aicleaner::telemetry::Code;
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::real::mosquitto::Options;
use rumqttc::{AsyncClient, MqttOptions};

use super::app::{App, Source};
use super::observer::Observer;
use super::soon;

#[tokio::test]
async fn the_broker_says_offline_when_we_are_gone_without_a_word() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;

    app.session.abort();

    observer.wait_for("aicleaner/availability", "offline").await;
}

#[tokio::test]
async fn we_say_offline_ourselves_when_we_are_asked_to_stop() {
    let broker = Mosquitto::start().await.unwrap();
    let mut app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;
    let asked = Instant::now();

    app.stop.cancel();
    soon("the end of the session", &mut app.session)
        .await
        .unwrap();

    assert!(
        asked.elapsed() < Duration::from_millis(1500),
        "{:?}",
        asked.elapsed()
    );
    observer.wait_for("aicleaner/availability", "offline").await;
    // Not the last will: we took our leave.
    soon("our leave in the broker's log", async {
        while !broker
            .log_text()
            .contains("Received DISCONNECT from aicleaner-app")
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn stopping_without_a_broker_is_quick() {
    let mut broker = Mosquitto::start().await.unwrap();
    broker.kill().await.unwrap();
    let mut app = App::start(Source::new(broker.port()));
    let unavailable = app.wait_unavailable(|_| true).await;
    let asked = Instant::now();

    app.stop.cancel();
    soon("the end of the session", &mut app.session)
        .await
        .unwrap();

    assert!(
        asked.elapsed() < Duration::from_millis(500),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(unavailable.code, Code::MqttUnreachable);
}

#[tokio::test]
async fn a_broker_that_forgot_everything_gets_everything_again_within_two_seconds() {
    let mut broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    broker.kill().await.unwrap();
    app.wait_unavailable(|_| true).await;
    soon(
        "not being online",
        app.mqtt.online().wait_for(|online| !online),
    )
    .await
    .unwrap();

    broker.restart().await.unwrap();
    let back = Instant::now();
    app.wait_online().await;
    let took = back.elapsed();

    assert!(took < Duration::from_secs(2), "{took:?}");
    let mut late = Observer::start(broker.port()).await;
    late.send("end", b"", false).await;
    let all = late.collect_until("end", "").await;
    assert!(
        all.iter()
            .any(|seen| seen.is("aicleaner/availability", "online"))
    );
    assert!(
        all.iter()
            .any(|seen| seen.is("aicleaner/kitchen/cleanliness", "62"))
    );
    assert!(
        all.iter()
            .any(|seen| seen.topic == "homeassistant/device/aicleaner-kitchen/config")
    );
}

#[tokio::test]
async fn a_change_made_while_the_broker_is_away_is_there_afterwards() {
    let mut broker = Mosquitto::start_with(&Options {
        persistent: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let app = App::start_online(&broker).await;
    broker.kill().await.unwrap();
    app.wait_unavailable(|_| true).await;

    app.change(|view| view.watching = false);
    app.mqtt.publish_event("aicleaner/kitchen/assessment", "{}");
    broker.restart().await.unwrap();
    app.wait_online().await;

    let mut late = Observer::start(broker.port()).await;
    late.send("end", b"", false).await;
    let all = late.collect_until("end", "").await;
    assert!(
        all.iter()
            .any(|seen| seen.is("aicleaner/kitchen/watching", "OFF"))
    );
    assert_eq!(app.count("mqtt_event_dropped", "disconnected"), 1);
}

#[tokio::test]
async fn a_wrong_password_is_told_once_and_a_new_one_is_taken() {
    let user = Some(("aicleaner".to_owned(), "right-password".to_owned()));
    let broker = Mosquitto::start_with(&Options {
        user,
        ..Options::default()
    })
    .await
    .unwrap();
    let source = Source::new(broker.port());
    source.log_in("aicleaner", "wrong-password");

    let app = App::start(source.clone());
    let unavailable = app.wait_unavailable(|_| true).await;
    let mut asked = source.asked.subscribe();
    soon("a third try", asked.wait_for(|asked| *asked >= 3))
        .await
        .unwrap();

    assert_eq!(unavailable.code, Code::MqttRefused);
    assert!(
        !unavailable.details.contains("wrong-password"),
        "{}",
        unavailable.details
    );
    assert_eq!(
        app.count("mqtt_disconnected", Code::MqttRefused.as_str()),
        1
    );

    source.log_in("aicleaner", "right-password");
    app.wait_online().await;
    assert_eq!(*app.mqtt.status().borrow(), MqttStatus::Connected);
}

#[tokio::test]
async fn another_client_with_our_id_is_noticed_and_named() {
    let broker = Mosquitto::start().await.unwrap();
    let (_client, mut event_loop) = AsyncClient::new(
        MqttOptions::new("aicleaner-app", "127.0.0.1", broker.port()),
        8,
    );
    let twin = tokio::spawn(async move {
        loop {
            // It comes back at once whenever it is thrown out, as clients do.
            let _ = event_loop.poll().await;
        }
    });

    let app = App::start(Source::new(broker.port()));
    let unavailable = app
        .wait_unavailable(|unavailable| unavailable.code == Code::MqttDuplicate)
        .await;

    assert!(
        unavailable.details.contains("aicleaner-app"),
        "{}",
        unavailable.details
    );
    twin.abort();
    app.wait_online().await;
}

#[tokio::test]
async fn what_contradicts_us_is_said_again() {
    let broker = Mosquitto::start().await.unwrap();
    let app = App::start_online(&broker).await;
    let mut observer = Observer::start(broker.port()).await;
    observer.wait_for("aicleaner/availability", "online").await;

    // As a last will of ours that comes too late, or somebody who cleans up.
    observer
        .send("aicleaner/availability", b"offline", true)
        .await;
    observer.wait_for("aicleaner/availability", "offline").await;
    let all = observer
        .collect_until("aicleaner/availability", "online")
        .await;

    assert!(
        all.iter()
            .any(|seen| seen.is("aicleaner/kitchen/cleanliness", "62"))
    );
    assert_eq!(app.count("mqtt_said_again", "contradicted"), 1);
    assert_eq!(app.count("mqtt_connected", ""), 1);
}

#[tokio::test]
async fn what_the_broker_does_not_send_back_is_said_once_more() {
    let broker = Mosquitto::start_with(&Options {
        rules: [
            "topic readwrite homeassistant/#",
            "topic readwrite aicleaner/+/+",
            "topic readwrite aicleaner/+/+/+",
            // Also our availability: it may be written, but not read.
            "topic write aicleaner/+",
        ]
        .map(str::to_owned)
        .into(),
        ..Options::default()
    })
    .await
    .unwrap();
    let mut observer = Observer::start(broker.port()).await;

    let app = App::start_online(&broker).await;
    let cleanliness = "aicleaner/kitchen/cleanliness";
    observer.wait_for(cleanliness, "62").await;
    observer.wait_for(cleanliness, "62").await;

    assert_eq!(app.count("mqtt_said_again", "no_echo"), 1);
}

#[tokio::test]
async fn a_broker_that_holds_what_it_confirmed_is_told_once() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;

    let app = App::start_online(&broker).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    observer.send("end", b"", false).await;
    let all = observer.collect_until("end", "").await;

    let of_score = all
        .iter()
        .filter(|seen| seen.topic == "aicleaner/kitchen/cleanliness");
    assert_eq!(of_score.count(), 1);
    assert_eq!(app.count("mqtt_said_again", "no_echo"), 0);
}

#[tokio::test]
async fn under_a_new_prefix_nothing_is_left_under_the_old_one() {
    let broker = Mosquitto::start().await.unwrap();
    let before = App::start_online(&broker).await;
    drop(before);
    let mut observer = Observer::start(broker.port()).await;
    let old = "homeassistant/device/aicleaner-kitchen/config";
    observer.wait("what was", |seen| seen.topic == old).await;

    let after = App::start_under("hass", Source::new(broker.port()));
    after.wait_online().await;
    let gone = observer
        .wait("a removal", |seen| {
            seen.topic == old && seen.payload.is_empty()
        })
        .await;

    assert!(gone.payload.is_empty());
    observer
        .wait("what is", |seen| {
            seen.topic == "homeassistant/device/aicleaner/config" && seen.payload.is_empty()
        })
        .await;
}

#[tokio::test]
async fn a_huge_message_that_others_left_does_not_keep_us_away() {
    let broker = Mosquitto::start().await.unwrap();
    let mut observer = Observer::start(broker.port()).await;
    let huge = "homeassistant/device/huge/config";
    observer.send(huge, &vec![b'x'; 2 << 20], true).await;
    observer.wait(huge, |seen| seen.topic == huge).await;

    let app = App::start(Source::new(broker.port()));
    let unavailable = app.wait_unavailable(|_| true).await;
    app.wait_online().await;
    app.change(|view| view.watching = false);
    observer.wait_for("aicleaner/kitchen/watching", "OFF").await;

    assert_eq!(unavailable.code, Code::MqttTooLarge);
    assert_eq!(app.count("mqtt_connected", ""), 2);
}
