//! Settings that change while the program runs.

use std::path::Path;

use aicleaner_testkit::fixtures::{get, wait_until};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::supervisor::{MqttService, Supervisor};
use serde_json::json;

use crate::program::process::{PATIENCE, Program};
use crate::spine::rig::{CAMERA, LIST, home, until_open};

const TOKEN: &str = "canary-supervisor-token";

fn settings(home: &Home, zones: &str, more: &str) -> String {
    let (url, token) = (home.url(), home.token().unwrap());
    format!("home_assistant: {{url: '{url}', token: '{token}'}}\nzones: [{zones}]\n{more}")
}

fn zone(name: &str) -> String {
    format!("{{name: {name}, cameras: [{CAMERA}], todo_list: {LIST}}}")
}

async fn declare(folder: &Path, program: &Program, yaml: &str) {
    std::fs::write(folder.join("settings.yaml"), yaml).unwrap();
    program.signal("HUP").await;
}

async fn until_page(program: &Program, what: &str, wanted: impl Fn(&str) -> bool) -> String {
    let url = format!("http://127.0.0.1:{}/", program.page);
    wait_until(PATIENCE, what, || async {
        get(&url).await.is_ok_and(|(_, text)| wanted(&text))
    })
    .await
    .unwrap();
    get(&url).await.unwrap().1
}

#[tokio::test]
async fn a_changed_file_is_taken_up_zone_by_zone_and_a_bad_one_is_refused() {
    let (home, _) = home().await;
    let folder = tempfile::tempdir().unwrap();
    let two = format!("{}, {}", zone("Kitchen"), zone("Attic"));
    let program = Program::start(folder.path(), &settings(&home, &zone("Kitchen"), ""), &[]).await;

    declare(folder.path(), &program, &settings(&home, &two, "")).await;
    until_page(&program, "the attic", |page| {
        page.contains("<h2>Attic</h2>")
    })
    .await;

    declare(
        folder.path(),
        &program,
        &settings(&home, "{name: Attic}", ""),
    )
    .await;
    let page = until_page(&program, "the refusal", |page| page.contains("zones[0]")).await;
    assert!(
        page.contains("<h2>Kitchen</h2>"),
        "the old settings go on: {page}"
    );
    wait_until(PATIENCE, "the notification", || async {
        home.notifications()
            .iter()
            .any(|it| it.message.contains("zones[0]"))
    })
    .await
    .unwrap();

    let more = "mqtt: {host: 127.0.0.1, port: 9}\nproviders: [{kind: reference}]\nbudget: {calls_per_day: 7}";
    declare(
        folder.path(),
        &program,
        &settings(&home, &zone("Attic"), more),
    )
    .await;
    let page = until_page(&program, "what needs a restart", |page| {
        page.contains("mqtt.host")
    })
    .await;
    assert!(
        !page.contains("<h2>Kitchen</h2>"),
        "a zone that is gone: {page}"
    );
    assert!(!page.contains("zones[0]"), "the refusal is over: {page}");

    declare(
        folder.path(),
        &program,
        &settings(&home, &zone("Attic"), ""),
    )
    .await;
    until_page(&program, "nothing to restart for", |page| {
        !page.contains("mqtt.host")
    })
    .await;
    wait_until(PATIENCE, "the notification to go", || async {
        home.notifications().is_empty()
    })
    .await
    .unwrap();
    program.signal("TERM").await;
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("zones_removed=1"), "{log}");
}

#[tokio::test]
async fn supervisors_live_options_are_taken_up_and_not_the_file_of_the_start() {
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
    let yaml = format!("zones: [{}]", zone("Kitchen"));
    let program = Program::start(folder.path(), &yaml, &environment).await;

    supervisor.set_options(json!({
        "zones": [{"name": "Kitchen", "cameras": [CAMERA]}, {"name": "Attic", "cameras": [CAMERA]}],
    }));
    program.signal("HUP").await;
    let metrics = format!("http://127.0.0.1:{}/metrics", program.health);
    wait_until(PATIENCE, "the new options", || async {
        get(&metrics)
            .await
            .is_ok_and(|(_, text)| text.contains("settings_taken_up"))
    })
    .await
    .unwrap();
    supervisor.set_options(json!({"zones": [{"name": "Kitchen", "cameras": ["light.x"]}]}));
    program.signal("HUP").await;
    wait_until(PATIENCE, "the refusal", || async {
        home.notifications()
            .iter()
            .any(|it| it.message.contains("light.x"))
    })
    .await
    .unwrap();

    program.signal("TERM").await;
    let (_, log) = program.ended().await;
    assert!(
        log.contains("zones_added=1") && log.contains("zones_changed=1"),
        "{log}"
    );
}

#[tokio::test]
async fn settings_that_kept_the_app_from_its_work_are_mended_without_a_restart() {
    let (home, room) = home().await;
    room.leave("cup-on-desk").unwrap();
    let supervisor = Supervisor::start(&home, TOKEN, MqttService::NotEnabled)
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = supervisor.url();
    let environment = [
        ("SUPERVISOR_TOKEN", TOKEN),
        ("SUPERVISOR_URL", url.as_str()),
    ];
    supervisor.set_options(json!({"zones": [{"name": "A", "cameras": ["kitchen"]}]}));
    let faulty = "zones: [{name: A, cameras: [kitchen]}]";
    let program = Program::start(folder.path(), faulty, &environment).await;
    wait_until(PATIENCE, "the notification", || async {
        !home.notifications().is_empty()
    })
    .await
    .unwrap();

    supervisor.set_options(json!({
        "zones": [{"name": "Kitchen", "cameras": [CAMERA], "todo_list": LIST}],
    }));
    program.signal("HUP").await;

    until_open(&home, &["Take the cup to the kitchen"]).await;
    wait_until(PATIENCE, "the notification to go", || async {
        home.notifications().is_empty()
    })
    .await
    .unwrap();
    program.signal("TERM").await;
    assert_eq!(program.ended().await.0.code(), Some(0));
}
