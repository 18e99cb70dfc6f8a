//! Bad input from cameras, models and lists: each gives one clear message, changes no task, and the next
//! round works.

use std::sync::Arc;
use std::time::Duration;

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::{get, wait_until};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::{Judge, SceneJudge, Scripted};
use aicleaner_testkit::scene::Room;

use super::rig::{CAMERA, LIST, Running, home, settings, summaries, until_open};

const CUP: &str = "Take the cup to the kitchen";

async fn after_a_bad_picture(source: Source) -> (String, String) {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    home.camera(CAMERA).unwrap().show(source);
    app.assess().await;
    let told = app.failed().await;
    assert_eq!(summaries(&home).1, [CUP], "no task changed");

    works_again(&home, &room, &mut app).await;
    app.stop().await;
    told
}

async fn works_again(home: &Home, room: &Arc<Room>, app: &mut Running) {
    home.camera(CAMERA)
        .unwrap()
        .show(Source::Room(room.clone()));
    home.set_judge(SceneJudge::new([room.clone()]));
    room.tidy_all();
    app.assess().await;
    app.assessed().await;
    until_open(home, &[]).await;
}

#[tokio::test]
async fn a_camera_that_sends_html_is_told() {
    let (code, sentence) = after_a_bad_picture(Source::Html).await;

    assert_eq!(code, "AIC-CAM-003");
    assert!(sentence.contains(CAMERA), "{sentence}");
}

#[tokio::test]
async fn a_body_of_200_mb_is_cut_off() {
    let (code, sentence) = after_a_bad_picture(Source::HugeBody).await;

    assert_eq!(code, "AIC-CAM-004", "{sentence}");
}

#[tokio::test]
async fn a_truncated_jpeg_is_told() {
    let (code, sentence) = after_a_bad_picture(Source::TruncatedJpeg).await;

    assert_eq!(code, "AIC-CAM-003");
    assert!(sentence.contains(CAMERA), "{sentence}");
}

#[tokio::test]
async fn a_picture_of_20000_x_20000_is_refused() {
    let (code, sentence) = after_a_bad_picture(Source::Bomb20000x20000).await;

    assert_eq!(code, "AIC-CAM-004");
    assert!(sentence.contains("20000"), "{sentence}");
}

async fn after_a_bad_answer(judge: Scripted) -> (String, String) {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    until_open(&home, &[CUP]).await;

    home.set_judge(Arc::new(judge));
    app.assess().await;
    let told = app.failed().await;
    assert_eq!(summaries(&home).1, [CUP], "no task changed");
    assert!(told.1.len() < 600, "one clear message: {}", told.1);

    works_again(&home, &room, &mut app).await;
    app.stop().await;
    told
}

#[tokio::test]
async fn answers_that_are_no_verdict_are_told() {
    for judge in [
        Scripted::Empty,
        Scripted::Prose,
        Scripted::WrongJson,
        Scripted::TenMegabytes,
    ] {
        let (code, sentence) = after_a_bad_answer(judge).await;

        assert!(code.starts_with("AIC-PRO-"), "{code}: {sentence}");
    }
}

#[tokio::test]
async fn an_error_of_the_model_is_told() {
    let (code, sentence) =
        after_a_bad_answer(Scripted::Error(500, "model exploded".to_owned())).await;

    assert_eq!(code, "AIC-PRO-002", "{sentence}");
}

#[tokio::test]
async fn a_camera_that_is_off_is_skipped_not_failed() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    home.camera(CAMERA).unwrap().show(Source::Unavailable503);
    app.assess().await;
    let reason = app
        .event("a skipped look", |event| match event {
            aicleaner::engine::ZoneEvent::CheckSkipped(event) => Some(event.reason.as_str()),
            _ => None,
        })
        .await;

    assert_eq!(reason, "camera_unavailable");
    works_again(&home, &room, &mut app).await;
    app.stop().await;
}

#[tokio::test]
async fn a_list_that_does_not_exist_is_told_once_and_used_when_it_comes() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();
    let yaml = settings(&home, "").replace(LIST, "todo.nowhere");

    let mut app = Running::start(&yaml, data.path()).await;
    app.assessed().await;
    wait_until(Duration::from_secs(10), "the message", || async {
        app.telemetry.metrics().get("list_unusable", "AIC-HA-005") == 1
    })
    .await
    .unwrap();
    let page = get(&app.page).await.unwrap().1;
    app.assess().await;
    app.assessed().await;

    assert!(page.contains("todo.nowhere does not exist"), "{page}");
    assert_eq!(
        app.telemetry.metrics().get("list_unusable", "AIC-HA-005"),
        1
    );
    app.stop().await;

    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    room.leave("socks-on-floor").unwrap();
    app.assess().await;
    app.assessed().await;
    // What waited for the list that does not exist moves to the one that does.
    until_open(&home, &[CUP, "Pick up the socks"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_slow_model_delays_no_stop() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let slow = Scripted::Delay(
        Duration::from_secs(60),
        SceneJudge::new([room]) as Arc<dyn Judge>,
    );
    home.set_judge(Arc::new(slow));
    let app = Running::start(&settings(&home, ""), data.path()).await;
    wait_until(Duration::from_secs(10), "the question", || async {
        home.ai_task_calls().len() == 1
    })
    .await
    .unwrap();

    let started = std::time::Instant::now();
    app.stop().await;

    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}
