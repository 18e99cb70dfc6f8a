//! What a household sees when all goes well, and when the program or the home is interrupted.

use std::time::Duration;

use aicleaner::engine::ZoneEvent;
use aicleaner::model::TaskState;
use aicleaner_testkit::fixtures::{get, wait_for, wait_until};

use super::rig::{LIST, Running, home, settings, summaries, until_open};

const CUP: &str = "Take the cup to the kitchen";
const SOCKS: &str = "Pick up the socks";

#[tokio::test]
async fn a_mess_becomes_an_item_and_is_ticked_off_when_it_is_gone() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    let tidy = app.assessed().await;

    room.leave("cup-on-desk").unwrap();
    app.assess().await;
    let messy = app.assessed().await;
    until_open(&home, &[CUP]).await;

    assert!(messy < tidy, "{messy} < {tidy}");
    let item = home.todo(LIST).item(CUP).unwrap();
    assert_eq!(
        item.description.as_deref(),
        Some("Kitchen, desk. About 1 minute.")
    );

    room.tidy("cup-on-desk");
    app.assess().await;
    assert_eq!(app.assessed().await, tidy);
    until_open(&home, &[]).await;
    assert_eq!(summaries(&home).0, [CUP]);
    app.stop().await;
}

#[tokio::test]
async fn items_are_described_in_the_declared_language_and_not_in_home_assistants() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();

    let app = Running::start(&settings(&home, "language: de"), data.path()).await;
    until_open(&home, &[CUP]).await;

    let item = home.todo(LIST).item(CUP).unwrap();
    assert_eq!(
        item.description.as_deref(),
        Some("Kitchen, desk. Etwa 1 Minute.")
    );
    app.stop().await;
}

#[tokio::test]
async fn the_model_gets_our_own_jpeg_and_no_picture_is_left_behind() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();

    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    let calls = home.ai_task_calls();
    // The first call shows the test picture.
    assert_eq!(calls.len(), 2);
    let picture = &calls[1].attachments[0];
    assert!(picture.bytes.starts_with(&[0xFF, 0xD8]), "a JPEG");
    let size =
        aicleaner::vision::decode(&picture.bytes, &aicleaner::vision::DecodeLimits::default())
            .unwrap();
    assert_eq!((size.width(), size.height()), (1024, 576));
    wait_until(
        Duration::from_secs(5),
        "the upload to be deleted",
        || async { home.uploads().is_empty() },
    )
    .await
    .unwrap();
    app.stop().await;
}

#[tokio::test]
async fn a_ticked_item_closes_the_task_and_is_not_added_again() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    home.todo(LIST).tick(CUP).unwrap();
    let state = app
        .event("the task's end", |event| match event {
            ZoneEvent::TaskEnded(event) => Some(event.task.state),
            _ => None,
        })
        .await;
    app.assess().await;
    app.assessed().await;
    room.leave("socks-on-floor").unwrap();
    app.assess().await;
    app.assessed().await;
    until_open(&home, &[SOCKS]).await;

    assert_eq!(state, TaskState::DoneByPerson);
    assert_eq!(summaries(&home).0, [SOCKS, CUP]);
    app.stop().await;
}

#[tokio::test]
async fn a_new_start_doubles_and_forgets_nothing() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;
    app.stop().await;

    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assess().await;
    app.assessed().await;
    room.leave("socks-on-floor").unwrap();
    app.assess().await;
    app.assessed().await;
    until_open(&home, &[CUP, SOCKS]).await;

    assert_eq!(summaries(&home).0, [SOCKS, CUP]);
    app.stop().await;
}

#[tokio::test]
async fn what_happens_while_home_assistant_restarts_is_caught_up_with() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    home.stop().await.unwrap();
    home.todo(LIST).tick(CUP).unwrap();
    app.assess().await;
    home.restart(Duration::from_millis(300)).await.unwrap();
    app.event("the task's end", |event| match event {
        ZoneEvent::TaskEnded(_) => Some(()),
        _ => None,
    })
    .await;

    assert_eq!(summaries(&home), (vec![CUP.to_owned()], vec![]));
    app.stop().await;
}

#[tokio::test]
async fn a_zone_without_a_list_keeps_its_tasks_in_the_app() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let yaml = settings(&home, "").replace(&format!(", todo_list: {LIST}"), "");

    let mut app = Running::start(&yaml, data.path()).await;
    app.assessed().await;

    let page = get(&app.page).await.unwrap().1;
    assert!(page.contains(CUP), "{page}");
    assert!(home.todo(LIST).items().is_empty());
    app.stop().await;
}

#[tokio::test]
async fn the_page_and_health_tell_how_things_stand() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    let ready = format!("{}/health/ready", app.health);
    assert_eq!(get(&ready).await.unwrap().0, 200);
    home.stop().await.unwrap();
    let missing = wait_for(Duration::from_secs(10), "what is missing", || async {
        let (status, text) = get(&ready).await.ok()?;
        (status == 503).then_some(text)
    })
    .await
    .unwrap();
    let live = get(&format!("{}/health/live", app.health)).await.unwrap();
    let metrics = get(&format!("{}/metrics", app.health)).await.unwrap().1;

    assert!(missing.contains("\"home_assistant\""), "{missing}");
    assert_eq!(live.0, 200);
    assert!(metrics.contains("event=\"zone_assessed\""), "{metrics}");
    assert!(
        metrics.contains("process_resident_memory_bytes "),
        "{metrics}"
    );
    app.stop().await;
}

#[tokio::test]
async fn an_entity_that_evaluates_is_asked_for_probabilities_too() {
    use aicleaner_testkit::camera::Source;
    use aicleaner_testkit::home::Home;
    use aicleaner_testkit::model::SceneJudge;
    use aicleaner_testkit::scene::Room;

    let room = Room::new("kitchen", 7);
    let home = Home::builder()
        .camera(super::rig::CAMERA, Source::Room(room.clone()))
        .todo_list(LIST, "Chores")
        .judge(SceneJudge::new([room.clone()]))
        .evaluates()
        .start()
        .await
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    room.tidy("cup-on-desk");
    app.assess().await;
    app.assessed().await;
    until_open(&home, &[]).await;

    let evaluated = home.service_calls("ai_task", "evaluate");
    assert_eq!(evaluated.len(), 2);
    assert_eq!(evaluated[1].data["questions"]["t1"]["type"], "noul");
    assert!(evaluated[1].data["attachments"][0]["media_content_id"].is_string());
    app.stop().await;
}
