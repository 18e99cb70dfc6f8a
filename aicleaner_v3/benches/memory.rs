//! Resident memory of the program as it is shipped while it assesses 4K frames without a pause, for so many seconds
//! (`AICLEANER_BENCH_SECONDS`, 600 unless told): the peak, and how it grows.

#![allow(clippy::print_stdout, missing_docs)]

#[allow(dead_code, reason = "each bench uses its part")]
mod common;

use std::time::{Duration, Instant};

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::Scripted;
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::report::{Better, Figure, Report};
use aicleaner_testkit::scene::Room;
use common::{PATIENCE, Program, Result, publish};
use rumqttc::{AsyncClient, MqttOptions, QoS};

const SIZE: (u16, u16) = (3840, 2160);
/// What is left out at the beginning: caches fill.
const WARM_UP: usize = 20;

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let seconds = std::env::var("AICLEANER_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(600);
    let broker = Mosquitto::start().await?;
    let frame = Room::new("room", 5)
        .snapshot(Duration::from_secs(1), SIZE)?
        .jpeg;
    let verdict = r#"{"score": 100, "summary": "Tidy.", "findings": [], "tasks": []}"#;
    let home = Home::builder()
        .camera("camera.room", Source::Bytes(frame))
        .todo_list("todo.chores", "Chores")
        .judge(std::sync::Arc::new(Scripted::Raw(verdict.to_owned())))
        .start()
        .await?;
    let folder = tempfile::tempdir()?;
    let zone =
        "{name: Room, cameras: [camera.room], todo_list: todo.chores, interval_minutes: 1440}"
            .to_owned();
    let program = Program::start(&home, broker.port(), &[zone], folder.path())?;
    program.until_live()?;

    let (client, mut connection) =
        AsyncClient::new(MqttOptions::new("bench", "127.0.0.1", broker.port()), 16);
    let poll = tokio::spawn(async move { while connection.poll().await.is_ok() {} });
    let camera = home.camera("camera.room").ok_or("no camera")?;
    let start = Instant::now();
    let mut samples = Vec::new();
    while start.elapsed() < Duration::from_secs(seconds) {
        let before = camera.request_count();
        client
            .publish(
                "aicleaner/room/assess_now/set",
                QoS::AtMostOnce,
                false,
                "PRESS",
            )
            .await?;
        wait_until(PATIENCE, "the next look", || {
            let looked = camera.request_count() > before && home.uploads().is_empty();
            async move { looked }
        })
        .await?;
        samples.push((
            start.elapsed().as_secs_f64() / 60.0,
            program.resident() as f64 * 1024.0 / 1e6,
        ));
    }
    poll.abort();

    let mut report = Report::new("memory");
    report.add(Figure::plain(
        "4K frames looked at",
        samples.len() as f64,
        "frames",
        Better::Higher,
    ));
    report.add(Figure::at_most(
        "peak resident memory",
        program.peak() as f64 * 1024.0 / 1e6,
        "MB",
        48.0,
    ));
    report.add(Figure::at_most(
        "growth after the warm-up",
        slope(samples.get(WARM_UP..).unwrap_or(&[])),
        "MB/min",
        0.1,
    ));
    publish(&report)
}

/// The slope of the least-squares line.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len().max(1) as f64;
    let (mean_x, mean_y) = points.iter().fold((0.0, 0.0), |(x, y), point| {
        (x + point.0 / n, y + point.1 / n)
    });
    let (over, under) = points.iter().fold((0.0, 0.0), |(over, under), (x, y)| {
        (
            over + (x - mean_x) * (y - mean_y),
            under + (x - mean_x).powi(2),
        )
    });
    if under > 0.0 { over / under } else { 0.0 }
}
