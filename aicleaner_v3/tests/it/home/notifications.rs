//! Notifications: what is told to whom, what replaces it, and what people press.

use std::sync::Arc;

use aicleaner::model::{Actor, Command, CommandRefusal, SkipReason};
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::{Fault, Home};
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;
use serde_json::{Map, Value, json};

use crate::program::process::PATIENCE;
use crate::spine::rig::{CAMERA, LIST, Running, settings, until_open};

const PHONE: &str = "mobile_app_phone";
const CUP: &str = "Take the cup to the kitchen";

async fn home(language: &str) -> (Home, Arc<Room>) {
    let room = Room::new("kitchen", 7);
    let home = Home::builder()
        .camera(CAMERA, Source::Room(room.clone()))
        .todo_list(LIST, "Chores")
        .judge(SceneJudge::new([room.clone()]))
        .language(language)
        .notifier(PHONE)
        .entity("notify.kiosk", "unknown", Map::new())
        .start()
        .await
        .unwrap();
    (home, room)
}

/// Waits for the notification number `count` of a notify service, and returns what it says.
async fn sent(home: &Home, service: &str, count: usize) -> Value {
    wait_until(PATIENCE, "a notification", || async {
        home.service_calls("notify", service).len() >= count
    })
    .await
    .unwrap();
    home.service_calls("notify", service)[count - 1]
        .data
        .clone()
}

fn press(home: &Home, action: &str) {
    home.fire_event(
        "mobile_app_notification_action",
        &json!({"action": action, "tag": "x"}),
    );
}

#[tokio::test]
async fn a_phone_is_told_of_a_mess_and_its_buttons_work() {
    let (home, room) = home("en").await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let more = format!("notifications: {{to: [notify.{PHONE}], tone: friendly}}");
    let mut app = Running::start(&settings(&home, &more), data.path()).await;
    app.assessed().await;

    let mess = sent(&home, PHONE, 1).await;
    let action = |at: usize| {
        mess["data"]["actions"][at]["action"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    until_open(&home, &[CUP]).await;
    assert_eq!(mess["title"], "Kitchen");
    assert!(mess["message"].as_str().unwrap().contains(CUP), "{mess}");
    assert_eq!(mess["data"]["tag"], "aicleaner-kitchen");
    assert_eq!(mess["data"]["actions"][1]["title"], "Done");

    press(&home, &action(0));
    app.assessed().await;
    let forged = action(1).replace(&action(1)[action(1).len() - 6..], "000000");
    press(&home, &forged);
    press(&home, "DONE");
    press(&home, &action(1).replace("kitchen", "attic"));
    press(&home, &action(1));
    let tidy = sent(&home, PHONE, 2).await;

    until_open(&home, &[]).await;
    assert_eq!(home.todo(LIST).items().len(), 1, "ticked, not deleted");
    assert_eq!(tidy["data"]["tag"], "aicleaner-kitchen", "in its place");
    assert!(tidy["data"]["actions"].is_null());
    assert!(
        tidy["message"].as_str().unwrap().contains("All tidy"),
        "{tidy}"
    );
    assert!(app.open_tasks().is_empty());
    app.stop().await;
}

#[tokio::test]
async fn a_button_that_is_refused_is_told_with_who_pressed_it_and_why() {
    let (home, room) = home("en").await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let more = format!("notifications: {{to: [notify.{PHONE}]}}");
    let mut app = Running::start(&settings(&home, &more), data.path()).await;
    app.assessed().await;
    let mess = sent(&home, PHONE, 1).await;
    let pause = Command::PauseAll { paused: true };
    app.control.ask(Actor::Api, pause).await.unwrap();
    let mut refused = app.control.refused();

    press(
        &home,
        mess["data"]["actions"][0]["action"].as_str().unwrap(),
    );

    let refusal = refused.recv().await.unwrap();
    assert_eq!(
        (refusal.actor, refusal.command, refusal.refusal),
        (
            Actor::Phone,
            "assess_now",
            CommandRefusal::CheckForbidden(SkipReason::Paused)
        )
    );
    app.stop().await;
}

#[tokio::test]
async fn what_is_dismissed_on_the_phone_leaves_the_list_and_is_not_proposed_again() {
    let (home, room) = home("en").await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let more = format!("notifications: {{to: [notify.{PHONE}], all_tidy: false}}");
    let mut app = Running::start(&settings(&home, &more), data.path()).await;
    app.assessed().await;
    let mess = sent(&home, PHONE, 1).await;
    until_open(&home, &[CUP]).await;

    press(
        &home,
        mess["data"]["actions"][2]["action"].as_str().unwrap(),
    );
    until_open(&home, &[]).await;
    let over = sent(&home, PHONE, 2).await;
    app.assess().await;
    app.assessed().await;

    assert_eq!(over["message"], "clear_notification");
    assert_eq!(over["data"]["tag"], mess["data"]["tag"]);
    assert!(home.todo(LIST).items().is_empty());
    assert!(app.open_tasks().is_empty());
    app.stop().await;
}

#[tokio::test]
async fn the_drawer_and_notify_entities_are_told_in_the_language_of_the_household() {
    let (home, room) = home("de").await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let more = "notifications: {to: [persistent_notification, notify.kiosk]}";
    // The first try fails; it is tried again.
    home.strike(
        "persistent_notification",
        "create",
        Fault::Refuse("busy".to_owned()),
    );
    let mut app = Running::start(&settings(&home, more), data.path()).await;
    app.assessed().await;

    let kiosk = sent(&home, "send_message", 1).await;
    wait_until(PATIENCE, "the drawer", || async {
        !home.notifications().is_empty()
    })
    .await
    .unwrap();
    let drawer = home.notifications();

    assert_eq!(kiosk["entity_id"], "notify.kiosk");
    assert!(
        kiosk["message"]
            .as_str()
            .unwrap()
            .starts_with("Aufzuräumen: 1."),
        "{kiosk}"
    );
    assert_eq!(drawer.len(), 1);
    assert_eq!(drawer[0].notification_id, "aicleaner_kitchen");
    assert!(drawer[0].message.contains("Aufzuräumen"), "{drawer:?}");
    app.stop().await;
}
