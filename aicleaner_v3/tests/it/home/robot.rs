//! The robot vacuum: sent for what lies on the floor, at most once an hour, and the zone is looked at when it is back.

use std::sync::Arc;

use aicleaner::engine::ZoneEvent;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::{Home, vacuum};
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;
use serde_json::{Map, json};

use crate::program::process::PATIENCE;
use crate::spine::rig::{CAMERA, LIST, Running};

const ROBOT: &str = "vacuum.robot";
const SENSOR: &str = "binary_sensor.kitchen";

async fn home(features: u32, areas: &[&str]) -> (Home, Arc<Room>) {
    let room = Room::new("kitchen", 7);
    let home = Home::builder()
        .area("kitchen_area", "Kitchen")
        .camera(CAMERA, Source::Room(room.clone()))
        .in_area(CAMERA, "kitchen_area")
        .todo_list(LIST, "Chores")
        .vacuum(ROBOT, features, areas)
        .judge(SceneJudge::new([room.clone()]))
        .start()
        .await
        .unwrap();
    (home, room)
}

fn settings(home: &Home) -> String {
    settings_with(home, "")
}

fn settings_with(home: &Home, more: &str) -> String {
    let (url, token) = (home.url(), home.token().unwrap());
    format!(
        "home_assistant: {{url: '{url}', token: '{token}'}}\n\
         web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: 0}}\n\
         zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}, vacuum: {ROBOT}{more}}}]\n"
    )
}

fn robot(home: &Home, state: &str, features: u32) {
    let attributes = json!({"supported_features": features});
    let attributes: Map<_, _> = attributes.as_object().cloned().unwrap();
    home.set_state(ROBOT, state, attributes);
}

async fn until_called(home: &Home, service: &str) {
    wait_until(PATIENCE, "the robot's call", || async {
        !home.service_calls("vacuum", service).is_empty()
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_robot_cleans_the_zones_area_once_and_the_zone_is_looked_at_when_it_is_back() {
    let (home, room) = home(vacuum::START | vacuum::CLEAN_AREA, &["kitchen_area"]).await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home), data.path()).await;
    app.assessed().await;
    assert!(
        home.service_calls("vacuum", "clean_area").is_empty(),
        "a cup on a desk"
    );

    room.leave("paper-on-floor").unwrap();
    app.assess().await;
    app.assessed().await;
    until_called(&home, "clean_area").await;
    room.leave("socks-on-floor").unwrap();
    app.assess().await;
    app.assessed().await;
    robot(&home, "returning", vacuum::CLEAN_AREA);
    assert!(room.tidy("paper-on-floor"));
    assert!(room.tidy("socks-on-floor"));
    robot(&home, "docked", vacuum::CLEAN_AREA);
    app.assessed().await;

    let calls = home.service_calls("vacuum", "clean_area");
    assert_eq!(calls.len(), 1, "once an hour");
    assert_eq!(calls[0].data["cleaning_area_id"], json!(["kitchen_area"]));
    assert_eq!(calls[0].data["entity_id"], ROBOT);
    assert!(home.service_calls("vacuum", "start").is_empty());
    app.stop().await;
}

#[tokio::test]
async fn a_robot_that_knows_no_areas_is_started() {
    let (home, room) = home(vacuum::START, &[]).await;
    robot(&home, "unavailable", vacuum::START);
    room.leave("paper-on-floor").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home), data.path()).await;
    app.assessed().await;
    assert!(
        home.service_calls("vacuum", "start").is_empty(),
        "it is not there"
    );

    robot(&home, "docked", vacuum::START);

    until_called(&home, "start").await;
    app.stop().await;
}

#[tokio::test]
async fn a_robot_whose_map_lacks_the_area_stays_in_its_dock() {
    let (home, room) = home(vacuum::START | vacuum::CLEAN_AREA, &["hall"]).await;
    room.leave("paper-on-floor").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home), data.path()).await;
    app.assessed().await;

    wait_until(PATIENCE, "the reason", || async {
        app.telemetry
            .metrics()
            .get("errand_dropped", "area_not_mapped_to_the_robot")
            == 1
    })
    .await
    .unwrap();

    assert!(home.service_calls("vacuum", "start").is_empty());
    app.stop().await;
}

#[tokio::test]
async fn the_robot_waits_until_nobody_is_there() {
    let (home, room) = home(vacuum::START, &[]).await;
    home.set_state(SENSOR, "off", Map::new());
    robot(&home, "unavailable", vacuum::START);
    room.leave("paper-on-floor").unwrap();
    let data = tempfile::tempdir().unwrap();
    let more = format!(", occupancy_entities: [{SENSOR}], clear_minutes: 0");
    let mut app = Running::start(&settings_with(&home, &more), data.path()).await;
    app.assessed().await;

    home.set_state(SENSOR, "on", Map::new());
    app.assess().await;
    app.event("a skipped look", |event| match event {
        ZoneEvent::CheckSkipped(event) => Some(event.reason),
        _ => None,
    })
    .await;
    robot(&home, "docked", vacuum::START);
    app.assess().await;
    app.event("a skipped look", |event| match event {
        ZoneEvent::CheckSkipped(event) => Some(event.reason),
        _ => None,
    })
    .await;
    assert!(
        home.service_calls("vacuum", "start").is_empty(),
        "somebody is there"
    );
    home.set_state(SENSOR, "off", Map::new());

    until_called(&home, "start").await;
    app.stop().await;
}
