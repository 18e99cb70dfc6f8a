//! The whole program as it is shipped, with five zones connected to a simulated home and a real mosquitto:
//! memory at rest, time to the first sign of life, and how fast a button press reaches the camera.

#![allow(clippy::print_stdout, missing_docs)]

#[allow(dead_code, reason = "each bench uses its part")]
mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::{wait_for, wait_until};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::report::{Figure, Report};
use aicleaner_testkit::scene::Room;
use common::{PATIENCE, Program, Result, median, publish};
use rumqttc::{AsyncClient, MqttOptions, QoS};

const ZONES: usize = 5;
const STARTS: usize = 11;
const PRESSES: usize = 30;
const REST: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let broker = Mosquitto::start().await?;
    let home = home().await?;
    let folder = tempfile::tempdir()?;
    let mut report = Report::new("spine");

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let program = Program::start(&home, broker.port(), &zones(), folder.path())?;
        starts.push(program.until_live()?);
    }
    report.add(Figure::at_most(
        "spawn to /health/live 200, median",
        median(&mut starts),
        "ms",
        50.0,
    ));

    let program = Program::start(&home, broker.port(), &zones(), folder.path())?;
    program.until_live()?;
    wait_until(PATIENCE, "the first look at every zone", || {
        let looked = home.ai_task_calls().len() >= ZONES && home.uploads().is_empty();
        async move { looked }
    })
    .await?;
    report.add(Figure::at_most(
        "idle resident memory, 5 zones connected",
        program.at_rest().await?,
        "MB",
        10.0,
    ));
    report.add(Figure::at_most(
        "button on MQTT to the camera's request, median",
        presses(&home, broker.port()).await?,
        "ms",
        10.0,
    ));

    publish(&report)
}

fn camera(index: usize) -> String {
    format!("camera.room_{index}")
}

fn zones() -> Vec<String> {
    (0..ZONES)
        .map(|index| {
            format!(
                "{{name: Room {index}, cameras: [{}], todo_list: todo.chores, interval_minutes: 1440}}",
                camera(index)
            )
        })
        .collect()
}

async fn home() -> Result<Home> {
    let rooms: Vec<Arc<Room>> = (0..ZONES)
        .map(|index| Room::new(&format!("room_{index}"), index as u64))
        .collect();
    let mut builder = Home::builder()
        .todo_list("todo.chores", "Chores")
        .judge(SceneJudge::new(rooms.clone()));
    for (index, room) in rooms.into_iter().enumerate() {
        builder = builder.camera(&camera(index), Source::Room(room));
    }
    Ok(builder.start().await?)
}

/// Median milliseconds from the publish of a press to the snapshot request at the camera.
async fn presses(home: &Home, broker: u16) -> Result<f64> {
    let (client, mut connection) =
        AsyncClient::new(MqttOptions::new("bench", "127.0.0.1", broker), 16);
    let poll = tokio::spawn(async move { while connection.poll().await.is_ok() {} });
    let camera = home.camera(&camera(0)).ok_or("no camera")?;
    let mut times = Vec::new();
    for press in 0..PRESSES {
        let before = camera.request_instants().len();
        let calls = home.ai_task_calls().len();
        let pressed = Instant::now();
        client
            .publish(
                "aicleaner/room_0/assess_now/set",
                QoS::AtMostOnce,
                false,
                "PRESS",
            )
            .await?;
        let asked = wait_for(
            PATIENCE,
            &format!("the request after press {press}"),
            || {
                let asked = camera.request_instants().get(before).copied();
                async move { asked }
            },
        )
        .await?;
        times.push(asked.duration_since(pressed).as_secs_f64() * 1e3);
        wait_until(PATIENCE, "the look to end", || {
            let ended = home.ai_task_calls().len() > calls && home.uploads().is_empty();
            async move { ended }
        })
        .await?;
        // The check's own end (the picture that people are shown, the commit) is not part of the next press.
        tokio::time::sleep(REST).await;
    }
    poll.abort();
    Ok(median(&mut times))
}
