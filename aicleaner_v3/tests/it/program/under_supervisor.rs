//! The program as Supervisor's app: broker and Home Assistant through Supervisor, and faulty settings that
//! keep it up to tell.

use aicleaner_testkit::fixtures::{get, wait_until};
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::supervisor::{MqttService, Supervisor};

use super::process::{PATIENCE, Program};
use crate::spine::rig::{CAMERA, LIST, home, until_open};

const TOKEN: &str = "canary-supervisor-token";

#[tokio::test]
async fn as_an_app_it_finds_home_and_broker_through_supervisor() {
    let (home, room) = home().await;
    let broker = Mosquitto::start().await.unwrap();
    let supervisor = Supervisor::start(&home, TOKEN, MqttService::on_port(broker.port()))
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    room.leave("cup-on-desk").unwrap();

    let url = supervisor.url();
    let yaml = format!("zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}}}]");
    let program = Program::start(
        folder.path(),
        &yaml,
        &[("SUPERVISOR_TOKEN", TOKEN), ("SUPERVISOR_URL", &url)],
    )
    .await;
    until_open(&home, &["Take the cup to the kitchen"]).await;
    let ready = format!("http://127.0.0.1:{}/health/ready", program.health);
    wait_until(PATIENCE, "readiness", || async {
        get(&ready).await.is_ok_and(|(status, _)| status == 200)
    })
    .await
    .unwrap();
    let (page, _) = get(&format!("http://127.0.0.1:{}/", program.page))
        .await
        .unwrap();

    assert_eq!(page, 403, "only ingress may open the page");
    program.signal("TERM").await;
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test]
async fn faulty_settings_keep_it_up_and_are_told_in_home_assistant() {
    let (home, _) = home().await;
    let supervisor = Supervisor::start(&home, TOKEN, MqttService::NotEnabled)
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = supervisor.url();
    let environment = [
        ("SUPERVISOR_TOKEN", TOKEN),
        ("SUPERVISOR_URL", url.as_str()),
    ];

    let program = Program::start(
        folder.path(),
        "zones: [{name: A, cameras: [kitchen]}]",
        &environment,
    )
    .await;
    wait_until(PATIENCE, "the notification", || async {
        home.notifications()
            .iter()
            .any(|it| it.message.contains("zones[0].cameras[0]"))
    })
    .await
    .unwrap();
    let (status, text) = get(&format!("http://127.0.0.1:{}/health/ready", program.health))
        .await
        .unwrap();
    assert_eq!(status, 503);
    assert!(
        text.contains("\"settings\"") && text.contains("zones[0].cameras[0]"),
        "{text}"
    );
    program.signal("TERM").await;
    assert_eq!(program.ended().await.0.code(), Some(0));

    let program = Program::start(
        folder.path(),
        &format!("zones: [{{name: A, cameras: [{CAMERA}]}}]"),
        &environment,
    )
    .await;
    wait_until(PATIENCE, "the notification to go", || async {
        home.notifications().is_empty()
    })
    .await
    .unwrap();
    program.signal("TERM").await;
    program.ended().await;
}
