//! People and lists that behave badly: what people do stands, and nothing is doubled, lost or taken for gone.

use std::time::Duration;

use aicleaner::engine::ZoneEvent;
use aicleaner::model::TaskState;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::{Fault, Home};

use super::spine::rig::{LIST, Running, home, settings, summaries, until_open};

const CUP: &str = "Take the cup to the kitchen";
const SOCKS: &str = "Pick up the socks";

async fn ended(app: &mut Running) -> TaskState {
    app.event("the task's end", |event| match event {
        ZoneEvent::TaskEnded(event) => Some(event.task.state),
        _ => None,
    })
    .await
}

/// Looks once, and has all effects done: what is left then is settled.
async fn look(app: &mut Running) {
    app.assess().await;
    app.assessed().await;
}

fn calls(home: &Home, service: &str) -> usize {
    home.service_calls("todo", service).len()
}

#[tokio::test]
async fn a_deleted_item_is_dismissed_and_not_proposed_again() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    room.leave("socks-on-floor").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP, SOCKS]).await;

    home.todo(LIST).delete(CUP).unwrap();
    assert_eq!(ended(&mut app).await, TaskState::Dismissed);
    look(&mut app).await;
    look(&mut app).await;

    until_open(&home, &[SOCKS]).await;
    assert_eq!(calls(&home, "add_item"), 2);
    app.stop().await;
}

#[tokio::test]
async fn an_item_opened_again_by_a_person_is_not_closed_by_the_next_glance() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    room.tidy_all();
    look(&mut app).await;
    until_open(&home, &[]).await;

    // Only when our own tick is confirmed can a person's word be told from it.
    let completed = || async { calls(&home, "update_item") == 1 && app.pending().await == 0 };
    wait_until(Duration::from_secs(10), "the tick", completed)
        .await
        .unwrap();
    home.todo(LIST).untick(CUP).unwrap();
    wait_until(Duration::from_secs(10), "the task", || async {
        app.open_tasks() == [CUP]
    })
    .await
    .unwrap();
    look(&mut app).await;

    assert_eq!(summaries(&home).1, [CUP]);
    assert_eq!(calls(&home, "update_item"), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_name_that_a_person_gave_stays() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    wait_until(Duration::from_secs(10), "the item", || async {
        app.pending().await == 0
    })
    .await
    .unwrap();

    home.todo(LIST).rename(CUP, "Grandma's cup!").unwrap();
    wait_until(Duration::from_secs(10), "the name", || async {
        app.open_tasks() == ["Grandma's cup!"]
    })
    .await
    .unwrap();
    look(&mut app).await;
    until_open(&home, &["Grandma's cup!"]).await;
    room.tidy_all();
    look(&mut app).await;
    until_open(&home, &[]).await;

    assert_eq!(summaries(&home).0, ["Grandma's cup!"]);
    app.stop().await;
}

#[tokio::test]
async fn what_comes_back_soon_is_opened_again_not_doubled() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    room.tidy_all();
    look(&mut app).await;
    until_open(&home, &[]).await;

    room.leave("cup-on-desk").unwrap();
    look(&mut app).await;
    until_open(&home, &[CUP]).await;

    assert_eq!(summaries(&home).0, [CUP]);
    app.stop().await;
}

#[tokio::test]
async fn an_item_that_was_added_although_the_list_said_no_is_not_added_twice() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    home.strike("todo", "add_item", Fault::DoAndRefuse("timeout".to_owned()));
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    wait_until(Duration::from_secs(10), "the item", || async {
        app.pending().await == 0
    })
    .await
    .unwrap();

    assert_eq!(calls(&home, "add_item"), 1);
    app.stop().await;
}

#[tokio::test]
async fn pushes_that_are_lost_or_doubled_and_other_orders_change_nothing() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let list = home.todo(LIST);
    list.double_pushes(true).unwrap();
    list.reverse(true).unwrap();
    list.lose_pushes(1).unwrap();
    room.leave("cup-on-desk").unwrap();
    room.leave("socks-on-floor").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP, SOCKS]).await;

    wait_until(Duration::from_secs(15), "the items", || async {
        app.pending().await == 0
    })
    .await
    .unwrap();
    look(&mut app).await;

    assert_eq!(calls(&home, "add_item"), 2);
    app.stop().await;
}

#[tokio::test]
async fn a_list_that_knows_nothing_for_a_while_or_is_reloaded_dismisses_nothing() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    let list = home.todo(LIST);
    list.go_blank(true).unwrap();
    look(&mut app).await;
    list.go_blank(false).unwrap();
    list.unload().unwrap();
    look(&mut app).await;
    list.load().unwrap();
    list.tick(CUP).unwrap();

    assert_eq!(
        ended(&mut app).await,
        TaskState::DoneByPerson,
        "heard after the reload"
    );
    assert_eq!(calls(&home, "add_item"), 1);
    app.stop().await;
}

#[tokio::test]
async fn on_a_list_that_hides_ticked_items_both_ways_work() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    home.todo(LIST).hide_completed(true).unwrap();
    room.leave("cup-on-desk").unwrap();
    room.leave("socks-on-floor").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP, SOCKS]).await;

    room.tidy("cup-on-desk");
    look(&mut app).await;
    until_open(&home, &[SOCKS]).await;
    wait_until(Duration::from_secs(20), "our own tick", || async {
        app.pending().await == 0
    })
    .await
    .unwrap();
    assert_eq!(ended(&mut app).await, TaskState::DoneByCamera);
    home.todo(LIST).tick(SOCKS).unwrap();

    assert_eq!(
        ended(&mut app).await,
        TaskState::DoneByPerson,
        "gone means done"
    );
    app.stop().await;
}

#[tokio::test]
async fn open_items_move_when_another_list_is_chosen() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    wait_until(Duration::from_secs(10), "the item", || async {
        app.pending().await == 0
    })
    .await
    .unwrap();
    app.stop().await;
    home.add_todo_list("todo.other", "Other");

    let yaml = settings(&home, "").replace(LIST, "todo.other");
    let app = Running::start(&yaml, data.path()).await;
    let moved = || async {
        home.todo(LIST).items().is_empty() && home.todo("todo.other").item(CUP).is_some()
    };
    wait_until(Duration::from_secs(20), "the move", moved)
        .await
        .unwrap();

    assert_eq!(home.todo("todo.other").items().len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn after_the_database_is_lost_items_of_ours_are_adopted_not_doubled() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    app.stop().await;
    home.todo(LIST).add_by_person("Buy milk").unwrap();

    let anew = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), anew.path()).await;
    app.assessed().await;
    wait_until(Duration::from_secs(10), "the task", || async {
        app.open_tasks() == [CUP] && app.pending().await == 0
    })
    .await
    .unwrap();
    room.tidy_all();
    look(&mut app).await;

    until_open(&home, &["Buy milk"]).await;
    assert_eq!(summaries(&home).0, ["Buy milk", CUP]);
    app.stop().await;
}
