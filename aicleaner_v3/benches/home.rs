//! At home in Home Assistant, measured: how soon 50 zones are back after its start, what a storm of changes costs the
//! program, how much of what it does not watch it hears, and how fast changes of states are read, beside a Python client
//! on the same messages.

#![allow(clippy::print_stdout, missing_docs)]

#[allow(dead_code, reason = "each bench uses its part")]
mod common;
#[path = "home/flood.rs"]
mod flood;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::report::{Better, Figure, Report};
use aicleaner_testkit::scene::Room;
use common::{Program, Result, median, publish};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::Map;

const ZONES: usize = 50;
const BIRTHS: usize = 5;
/// Fifty rooms are looked at one after the other before anything is measured.
const PATIENCE: Duration = Duration::from_secs(600);
/// Changes of watched entities in a second of the storm.
const CHANGES_A_SECOND: u32 = 10_000;
const STORM_SECONDS: u32 = 60;
const MEGABYTE: f64 = 1e6;

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let mut report = Report::new("home");
    flood::measure(&mut report).await?;
    println!("{}", report.table());

    let broker = Mosquitto::start().await?;
    let home = home().await?;
    let folder = tempfile::tempdir()?;
    let program = Program::start(&home, broker.port(), &zones(), folder.path())?;
    program.until_live()?;
    wait_until(PATIENCE, "the first look at every zone", || {
        let looked = home.ai_task_calls().len() >= ZONES && home.uploads().is_empty();
        async move { looked }
    })
    .await?;
    let mut times = births(broker.port()).await?;
    report.add(Figure::at_most(
        "Home Assistant's `online` to all entities of 50 zones said again and `online`, median",
        median(&mut times),
        "ms",
        2000.0,
    ));
    storm(&home, &program, &mut report).await?;

    publish(&report)
}

fn motion(index: usize) -> String {
    format!("binary_sensor.motion_{index}")
}

fn zones() -> Vec<String> {
    (0..ZONES)
        .map(|index| {
            let motion = motion(index);
            format!(
                "{{name: Room {index}, cameras: [camera.room_{index}], interval_minutes: 10080, clear_minutes: 0,
                  occupancy_entities: [{motion}], trigger_entities: [{motion} to off]}}"
            )
        })
        .collect()
}

async fn home() -> Result<Home> {
    let room = Room::new("room", 7);
    let mut builder = Home::builder().judge(SceneJudge::new([room.clone()]));
    for index in 0..ZONES {
        builder = builder
            .camera(
                &format!("camera.room_{index}"),
                Source::Room(Arc::clone(&room)),
            )
            .entity(&motion(index), "off", Map::new())
            .entity(&format!("sensor.unwatched_{index}"), "0", Map::new());
    }
    Ok(builder.start().await?)
}

/// Milliseconds from the birth message to our own `online`, which comes when everything else was confirmed.
async fn births(broker: u16) -> Result<Vec<f64>> {
    let mut options = MqttOptions::new("bench", "127.0.0.1", broker);
    options.set_max_packet_size(4 << 20, 4 << 20);
    let (client, mut connection) = AsyncClient::new(options, 16);
    for filter in ["aicleaner/#", "homeassistant/#"] {
        client.try_subscribe(filter, QoS::AtMostOnce)?;
    }
    let (mut known, mut times) = (BTreeSet::new(), Vec::new());
    let mut quiet_since = Instant::now();
    // What is retained comes first.
    while quiet_since.elapsed() < Duration::from_secs(3) {
        let polled = tokio::time::timeout(Duration::from_secs(1), connection.poll()).await;
        if let Ok(Ok(Event::Incoming(Packet::Publish(publish)))) = polled
            && publish.retain
        {
            known.insert(publish.topic);
            quiet_since = Instant::now();
        }
    }
    for _ in 0..BIRTHS {
        let mut missing: BTreeSet<String> = known.clone();
        client.try_publish("homeassistant/status", QoS::AtMostOnce, false, "online")?;
        let start = Instant::now();
        while !missing.is_empty() {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let event = tokio::time::timeout(left, connection.poll()).await??;
            if let Event::Incoming(Packet::Publish(publish)) = event {
                missing.remove(&publish.topic);
            }
        }
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}

/// A minute of changes of everything that is watched, and of what is not.
async fn storm(home: &Home, program: &Program, report: &mut Report) -> Result<()> {
    program.at_rest().await?;
    let (before, sent, looked) = (program.resident(), home.messages_sent(), looks(home));
    let connections = home.websockets_so_far();
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    let mut changes = 0_u64;
    program.forget_peak()?;
    let start = Instant::now();
    let ticks = STORM_SECONDS * 100;
    for round in 0..ticks {
        tick.tick().await;
        for change in 0..CHANGES_A_SECOND / 100 {
            let number = (round * (CHANGES_A_SECOND / 100) + change) as usize;
            let state = if (number / ZONES).is_multiple_of(2) {
                "on"
            } else {
                "off"
            };
            home.set_state(&motion(number % ZONES), state, Map::new());
            changes += 1;
            // And as much that nobody watches.
            let unwatched = format!("sensor.unwatched_{}", number % ZONES);
            home.set_state(&unwatched, &number.to_string(), Map::new());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let heard = home.messages_sent() - sent;
    let looked = looks(home) - looked;
    report.add(Figure::plain(
        "storm: changes of watched entities",
        changes as f64 / seconds,
        "/s",
        Better::Higher,
    ));
    report.add(Figure::at_most(
        "storm: peak of resident memory more than before",
        program.peak().saturating_sub(before) as f64 * 1024.0 / MEGABYTE,
        "MB",
        8.0,
    ));
    report.add(Figure::at_most(
        "storm: lost connections",
        (home.websockets_so_far() - connections) as f64,
        "",
        0.0,
    ));
    report.add(Figure::at_most(
        "storm: messages heard for each that matters",
        heard as f64 / changes as f64,
        "",
        1.05,
    ));
    report.add(Figure::at_most(
        "storm: pictures for each zone",
        looked as f64 / ZONES as f64,
        "",
        2.0,
    ));
    Ok(())
}

/// How many pictures were asked of all cameras.
fn looks(home: &Home) -> u64 {
    (0..ZONES)
        .filter_map(|index| home.camera(&format!("camera.room_{index}")))
        .map(|camera| camera.request_count())
        .sum()
}
