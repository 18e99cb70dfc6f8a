//! Exit codes and signals.

use std::time::{Duration, Instant};

use super::process::{Program, command};
use crate::spine::rig::{home, settings};

#[tokio::test]
async fn good_settings_pass_the_check_and_bad_ones_end_with_78() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    let check = || async {
        let output = command()
            .arg("check")
            .arg("--settings")
            .arg(&file)
            .output()
            .await
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };

    std::fs::write(&file, "home_assistant: {url: 'http://ha:8123', token: canary-token}\nzones: [{name: A, cameras: [camera.a]}]").unwrap();
    assert_eq!(check().await, (Some(0), String::new()));

    std::fs::write(&file, "home_assistant: {url: 'http://ha:8123', token: canary-token}\nzones: [{name: A, cameras: [kitchen]}]").unwrap();
    let (code, printed) = check().await;
    assert_eq!(code, Some(78));
    assert!(
        printed.starts_with("zones[0].cameras[0]: ") && printed.contains("AIC-SET-002"),
        "{printed}"
    );
    assert!(!printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn standalone_bad_settings_end_the_program_with_78() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    for settings in [
        "zones: [",
        "zones: []",
        "home_assistant: {url: nowhere, token: abcd}",
    ] {
        std::fs::write(&file, settings).unwrap();

        let output = command()
            .arg("run")
            .arg("--settings")
            .arg(&file)
            .arg("--data")
            .arg(folder.path())
            .output()
            .await
            .unwrap();

        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(78), "{settings}: {printed}");
        assert!(printed.contains("AIC-SET-00"), "{printed}");
    }
}

#[tokio::test]
async fn sigterm_and_sigint_end_the_program_within_two_seconds_with_0() {
    let (home, _) = home().await;
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(folder.path(), &bare(&settings(&home, "")), &[]).await;

        let asked = Instant::now();
        program.signal(signal).await;
        let (status, log) = program.ended().await;

        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "{signal}: {:?}\n{log}",
            asked.elapsed()
        );
        assert_eq!(status.code(), Some(0), "{signal}: {log}");
    }
}

#[tokio::test]
async fn the_health_check_tells_life_from_death() {
    let (home, _) = home().await;
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &bare(&settings(&home, "")), &[]).await;
    let health = program.health.to_string();
    let check = || async {
        command()
            .args(["healthcheck", "--port", &health])
            .output()
            .await
            .unwrap()
    };

    let alive = check().await;
    program.kill().await;
    let dead = check().await;

    assert_eq!(alive.status.code(), Some(0));
    assert_eq!(dead.status.code(), Some(1));
    assert!(
        String::from_utf8(dead.stderr)
            .unwrap()
            .contains("not alive")
    );
}

#[tokio::test]
async fn a_second_program_on_the_same_data_is_kept_out() {
    let (home, _) = home().await;
    let folder = tempfile::tempdir().unwrap();
    let _first = Program::start(folder.path(), &bare(&settings(&home, "")), &[]).await;

    let second = command()
        .arg("run")
        .arg("--settings")
        .arg(folder.path().join("settings.yaml"))
        .arg("--data")
        .arg(folder.path().join("data"))
        .env("AICLEANER__HEALTH__PORT", "0")
        .env("AICLEANER__WEB__LISTEN", "127.0.0.1:0")
        .output()
        .await
        .unwrap();

    let printed = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("AIC-STO-001") && printed.contains("used by another AICleaner"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_wrong_token_is_told_once_and_never_shown() {
    let (home, _) = home().await;
    let folder = tempfile::tempdir().unwrap();
    let yaml = bare(&settings(&home, "log_level: debug"))
        .replace(&home.token().unwrap(), "canary-wrong-token");
    let program = Program::start(folder.path(), &yaml, &[]).await;
    let ready = format!("http://127.0.0.1:{}/health/ready", program.health);
    aicleaner_testkit::fixtures::wait_until(super::process::PATIENCE, "the refusal", || async {
        aicleaner_testkit::fixtures::get(&ready)
            .await
            .is_ok_and(|(_, text)| text.contains("access token"))
    })
    .await
    .unwrap();

    program.signal("TERM").await;
    let (_, log) = program.ended().await;

    assert_eq!(log.matches("AIC-HA-002").count(), 1, "{log}");
    assert!(!log.contains("canary"), "{log}");
}

/// The listeners come from the environment.
pub fn bare(settings: &str) -> String {
    settings
        .lines()
        .filter(|line| !line.starts_with("web:") && !line.starts_with("health:"))
        .collect::<Vec<_>>()
        .join("\n")
}
