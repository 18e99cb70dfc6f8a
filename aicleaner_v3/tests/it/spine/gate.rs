//! The gate in the whole: nothing is paid for while nothing changes, masks hide, and a room can be judged
//! against its own tidy self with no AI.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aicleaner::engine::{ZoneCommand, ZoneEvent};
use aicleaner::model::{EntityId, Mask, Point, Polygon, SkipReason, Trigger};
use aicleaner::vision::{Raster, encode_jpeg};
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::model::Scripted;

use super::rig::{CAMERA, Running, home, settings, until_open};

/// Why the next check is skipped. The first one may come before Home Assistant is connected: it does not count.
async fn skipped(app: &mut Running) -> &'static str {
    app.event("a skipped look", |event| match event {
        ZoneEvent::CheckSkipped(event) if event.reason != SkipReason::WaitingForHome => {
            Some(event.reason.as_str())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn an_unchanged_room_is_not_judged_again_also_after_a_new_start() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, "check_sight: false"), data.path()).await;
    app.assessed().await;

    app.look(Trigger::Schedule);
    assert_eq!(skipped(&mut app).await, "unchanged");
    app.stop().await;
    let mut app = Running::start(&settings(&home, "check_sight: false"), data.path()).await;
    app.until_home_runs().await;
    app.look(Trigger::Schedule);
    assert_eq!(skipped(&mut app).await, "unchanged");

    assert_eq!(home.ai_task_calls().len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_thing_that_is_left_is_noticed_by_a_scheduled_look() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    room.leave("cup-on-desk").unwrap();
    app.look(Trigger::Schedule);
    app.assessed().await;

    until_open(&home, &["Take the cup to the kitchen"]).await;
    app.stop().await;
}

#[tokio::test]
async fn a_camera_that_was_dark_for_a_moment_is_looked_at_again_before_its_time() {
    let (home, room) = home().await;
    let black = Raster::new(640, 360, vec![2; 640 * 360 * 3]).unwrap();
    let camera = home.camera(CAMERA).unwrap();
    camera.show(Source::Bytes(encode_jpeg(&black, 80).unwrap()));
    let data = tempfile::tempdir().unwrap();
    let settings = settings(&home, "check_sight: false");
    let each_minute = settings.replace("todo_list:", "interval_minutes: 1, todo_list:");
    let mut app = Running::start(&each_minute, data.path()).await;
    assert_eq!(skipped(&mut app).await, "dark");
    let start = Instant::now();

    camera.show(Source::Room(room));
    app.assessed().await;

    // Looks of a minute's interval are 54 seconds apart at least.
    assert!(start.elapsed() < Duration::from_secs(45));
    app.stop().await;
}

#[tokio::test]
async fn what_is_masked_never_reaches_the_model_or_the_page() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    // The simulated model knows rooms by their looks, and would not know a masked one.
    let verdict = r#"{"score": 100, "summary": "Tidy.", "findings": [], "tasks": []}"#;
    home.set_judge(Arc::new(Scripted::Raw(verdict.to_owned())));
    let mut app = Running::start(&settings(&home, "check_sight: false"), data.path()).await;
    app.assessed().await;
    let corners = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)].map(|(x, y)| Point { x, y });
    let left_half = Mask(Polygon::new(corners.to_vec()).unwrap());

    app.command(ZoneCommand::Draw {
        camera: EntityId::parse(CAMERA).unwrap(),
        masks: vec![left_half],
        regions: vec![],
    })
    .await
    .unwrap();
    app.assess().await;
    app.assessed().await;

    let sent = home.ai_task_calls().last().unwrap().attachments[0]
        .bytes
        .clone();
    let frame = format!("{}/zones/kitchen/frame.jpg", app.page);
    let shown = aicleaner_testkit::fixtures::get_bytes(&frame)
        .await
        .unwrap()
        .1;
    for jpeg in [&sent[..], &shown[..]] {
        let picture =
            aicleaner::vision::decode(jpeg, &aicleaner::vision::DecodeLimits::default()).unwrap();
        // JPEG blocks are 16 pixels wide at most: what lies further from the edge is all cover.
        let inside = (picture.width() / 2 - 16) as usize * 3;
        for y in 0..picture.height() {
            let worst = picture.row(y)[..inside]
                .iter()
                .map(|value| value.abs_diff(128))
                .max();
            assert!(worst <= Some(3), "row {y}: {worst:?}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn a_room_is_judged_against_its_own_tidy_self_with_no_ai() {
    let (home, room) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(
        &settings(&home, "providers: [{kind: reference}]"),
        data.path(),
    )
    .await;
    app.until_home_runs().await;
    app.command(ZoneCommand::TidyNow).await.unwrap();
    app.event("the reference", |event| match event {
        ZoneEvent::TidyRemembered(_) => Some(()),
        _ => None,
    })
    .await;

    app.assess().await;
    assert_eq!(app.assessed().await, 100);
    room.leave("bag-on-sofa").unwrap();
    app.assess().await;
    assert!(app.assessed().await < 100);
    wait_until(Duration::from_secs(10), "the item", || async {
        home.todo(super::rig::LIST).items().len() == 1
    })
    .await
    .unwrap();
    room.tidy_all();
    app.assess().await;
    assert_eq!(app.assessed().await, 100);
    until_open(&home, &[]).await;

    assert!(home.ai_task_calls().is_empty());
    app.stop().await;
}
