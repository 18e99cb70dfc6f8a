//! Coming, going and coming back.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aicleaner::home_assistant::{Connection, HomeError, HomeStatus, TodoList};
use aicleaner::telemetry::Code;
use aicleaner_testkit::fixtures::free_port;
use aicleaner_testkit::home::{CoreState, Home};
use secrecy::SecretString;
use serde_json::{Map, json};
use tokio::time::timeout;

use super::{Client, LIMIT, LIST, entity, until};

const MOTION: &str = "binary_sensor.motion";

#[tokio::test]
async fn a_running_home_tells_what_it_is() {
    let home = Home::builder()
        .time_zone("Europe/Vienna")
        .language("de")
        .start()
        .await
        .unwrap();

    let client = Client::running(&home).await;

    let info = client.home.home().borrow().clone().unwrap();
    assert_eq!(info.time_zone, "Europe/Vienna");
    assert_eq!(info.language, "de");
    assert_eq!(info.location_name, "Simulated home");
    assert_eq!(client.count("home_assistant_connected", ""), 1);
}

#[tokio::test]
async fn a_wrong_token_is_told_clearly() {
    let home = Home::builder().start().await.unwrap();
    let token = SecretString::from("not the token");
    let client = Client::start(Connection::standalone(&home.url(), &token, None).unwrap());

    let status = client
        .reaches(|status| *status == HomeStatus::TokenRefused)
        .await;

    assert_eq!(status.code(), Some(Code::HomeAssistantToken));
    let error = client
        .home
        .command(json!({"type": "ping"}))
        .await
        .unwrap_err();
    assert_eq!(error, HomeError::TokenRefused);
    assert_eq!(client.count("home_assistant_token_refused", ""), 1);
}

#[tokio::test]
async fn an_absent_home_is_waited_for() {
    let port = free_port().unwrap();
    let token = SecretString::from("token");
    let url = format!("http://127.0.0.1:{port}");
    let client = Client::start(Connection::standalone(&url, &token, None).unwrap());

    let status = client
        .reaches(|status| matches!(status, HomeStatus::Connecting { why: Some(_) }))
        .await;

    assert_eq!(status.code(), Some(Code::HomeAssistantUnreachable));
    let error = client
        .home
        .command(json!({"type": "ping"}))
        .await
        .unwrap_err();
    assert_eq!(error, HomeError::NotConnected);
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn starting_is_no_error_and_ends_with_the_homes_own_event() {
    let home = Home::builder()
        .core_state(CoreState::Starting)
        .start()
        .await
        .unwrap();
    let client = Client::of(&home);
    client
        .reaches(|status| *status == HomeStatus::Starting)
        .await;

    let since = Instant::now();
    home.finish_starting();
    client.reaches(HomeStatus::is_running).await;

    assert!(
        since.elapsed() < Duration::from_secs(4),
        "it was the event, not the poll"
    );
    let code = Code::HomeAssistantUnreachable.as_str();
    assert_eq!(client.count("home_assistant_disconnected", code), 0);
    assert_eq!(client.count("home_assistant_starting", ""), 1);
}

#[tokio::test]
async fn after_a_restart_everything_is_followed_again_within_two_seconds() {
    let home = Home::builder()
        .todo_list(LIST, "Chores")
        .entity(MOTION, "off", Map::new())
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;
    client
        .home
        .watch_entities("test", BTreeSet::from([entity(MOTION)]));
    let (mut states, mut list) = (client.home.states(), client.home.todo_list(&entity(LIST)));
    until(&mut list, |list| matches!(list, TodoList::Items(_))).await;

    home.stop().await.unwrap();
    client
        .reaches(|status| matches!(status, HomeStatus::Connecting { .. }))
        .await;
    assert!(states.borrow().is_empty());
    assert_eq!(*list.borrow(), TodoList::Unknown);
    home.start().unwrap();
    let since = Instant::now();
    client.reaches(HomeStatus::is_running).await;
    let back_after = since.elapsed();

    home.set_state(MOTION, "on", Map::new());
    home.todo(LIST).add_by_person("Dust").unwrap();
    until(&mut states, |states| {
        states
            .get(&entity(MOTION))
            .is_some_and(|state| state.state == "on")
    })
    .await;
    until(
        &mut list,
        |list| matches!(list, TodoList::Items(items) if items.len() == 1),
    )
    .await;
    assert!(back_after < Duration::from_millis(2500), "{back_after:?}");
}

#[tokio::test]
async fn only_wanted_entities_are_followed_and_the_set_can_change() {
    let home = Home::builder()
        .entity(MOTION, "off", Map::new())
        .entity("light.desk", "on", Map::new())
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;
    let mut states = client.home.states();
    client
        .home
        .watch_entities("test", BTreeSet::from([entity(MOTION)]));
    let first = until(&mut states, |states| !states.is_empty()).await;
    assert_eq!(first.keys().collect::<Vec<_>>(), [&entity(MOTION)]);

    client
        .home
        .watch_entities("test", BTreeSet::from([entity("light.desk")]));

    until(&mut states, |states| {
        states.contains_key(&entity("light.desk")) && !states.contains_key(&entity(MOTION))
    })
    .await;
}

#[tokio::test]
async fn a_cut_connection_fails_what_waits_and_comes_back() {
    let home = Home::builder()
        .todo_list(LIST, "Chores")
        .start()
        .await
        .unwrap();
    let client = Client::running(&home).await;
    home.strike(
        "persistent_notification",
        "create",
        aicleaner_testkit::home::Fault::LoseAnswer,
    );
    let handle = client.home.clone();
    let waiting =
        tokio::spawn(async move { handle.notify_persistent("id", "title", "message").await });
    until_called(&home).await;

    home.cut_websockets();

    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error, HomeError::ConnectionLost);
    assert!(error.may_have_happened());
    client
        .reaches(|status| matches!(status, HomeStatus::Running))
        .await;
}

async fn until_called(home: &Home) {
    let called = || async {
        !home
            .service_calls("persistent_notification", "create")
            .is_empty()
    };
    aicleaner_testkit::fixtures::wait_until(LIMIT, "the call", called)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_session_ends_soon_after_it_is_told_to() {
    let home = Home::builder().start().await.unwrap();
    let mut client = Client::running(&home).await;

    client.stop.cancel();

    timeout(Duration::from_secs(2), &mut client.session)
        .await
        .expect("it ends")
        .unwrap();
}
