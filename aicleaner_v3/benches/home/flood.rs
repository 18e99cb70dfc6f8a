//! A server that speaks just enough of Home Assistant's websocket to let a client in, and then sends changes of states
//! as fast as they are taken; and the two clients that are measured on it.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Instant;

use aicleaner::clock::Clock;
use aicleaner::home_assistant::{Connection, HomeAssistant};
use aicleaner::model::EntityId;
use aicleaner::telemetry::Telemetry;
use aicleaner_testkit::report::{Better, Figure, Report};
use futures_util::{SinkExt as _, StreamExt as _};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::common::{Result, median};

const MESSAGES: usize = 600_000;
/// Home Assistant puts what waits for a client into one frame (`coalesce_messages`).
const IN_A_FRAME: usize = 64;
const ENTITIES: usize = 100;
const RUNS: usize = 3;
const PYTHON: &str = "AICLEANER_PEERS_PYTHON";

/// Adds how many changes of states are read in a second.
pub async fn measure(report: &mut Report) -> Result<()> {
    let mut ours = Vec::new();
    for _ in 0..RUNS {
        ours.push(our_rate().await?);
    }
    report.add(
        Figure::at_least(
            "changes of states read and kept, median",
            median(&mut ours),
            "/s",
            200_000.0,
        )
        .against("a Python client: aiohttp and orjson"),
    );
    let Ok(python) = std::env::var(PYTHON) else {
        return Ok(());
    };
    let mut theirs = Vec::new();
    for _ in 0..RUNS {
        theirs.push(python_rate(&python).await?);
    }
    report.add(Figure::plain(
        "the same by aiohttp and orjson, median",
        median(&mut theirs),
        "/s",
        Better::Higher,
    ));
    Ok(())
}

fn entity(index: usize) -> String {
    format!("sensor.power_{index}")
}

fn frames(subscription: u64) -> Vec<String> {
    let change = |number: usize| {
        let changed = json!({"+": {"s": format!("{}.5", number % 4000), "lc": 1_800_000_000.25 + number as f64,
            "c": "01KAH2Z0V3Y5N9F4Q6T8W0X2B4", "a": {"last_reset": "2026-11-20T00:00:00+00:00"}}});
        let event = json!({"c": {entity(number % ENTITIES): changed}});
        json!({"id": subscription, "type": "event", "event": event}).to_string()
    };
    let mut frames: Vec<String> = (0..MESSAGES / IN_A_FRAME)
        .map(|frame| {
            let changes: Vec<_> = (0..IN_A_FRAME)
                .map(|number| change(frame * IN_A_FRAME + number))
                .collect();
            format!("[{}]", changes.join(","))
        })
        .collect();
    let end = json!({"c": {entity(0): {"+": {"s": "end"}}}});
    frames.push(json!([{"id": subscription, "type": "event", "event": end}]).to_string());
    frames
}

/// Lets one client in and floods it once it has asked for states and configuration. Tells when the flood begins.
async fn flood(stream: TcpStream, begins: oneshot::Sender<Instant>) -> Result<()> {
    let mut socket = tokio_tungstenite::accept_async(stream).await?;
    socket
        .send(Message::text(
            json!({"type": "auth_required", "ha_version": "2026.11.0"}).to_string(),
        ))
        .await?;
    let (mut subscription, mut is_asked) = (None, false);
    while subscription.is_none() || !is_asked {
        let Some(message) = socket.next().await else {
            return Err("the client went away".into());
        };
        let Message::Text(text) = message? else {
            continue;
        };
        let command: Value = serde_json::from_str(&text)?;
        let id = command["id"].as_u64().unwrap_or_default();
        let mut answers = Vec::new();
        let mut result = Value::Null;
        match command["type"].as_str().unwrap_or_default() {
            "auth" => {
                let ok = json!({"type": "auth_ok", "ha_version": "2026.11.0"});
                socket.send(Message::text(ok.to_string())).await?;
                continue;
            }
            "subscribe_entities" => {
                subscription = Some(id);
                let all: serde_json::Map<String, Value> = (0..ENTITIES)
                    .map(|index| {
                        let state = json!({"s": "0", "a": {"unit_of_measurement": "W", "device_class": "power"}, "c": "x", "lc": 1.0});
                        (entity(index), state)
                    })
                    .collect();
                answers.push(json!({"id": id, "type": "event", "event": {"a": all}}));
            }
            "get_config" => {
                is_asked = true;
                result = json!({"location_name": "Home", "time_zone": "UTC", "language": "en", "version": "2026.11.0", "state": "RUNNING"});
            }
            _ => {}
        }
        answers.insert(
            0,
            json!({"id": id, "type": "result", "success": true, "result": result}),
        );
        for answer in answers {
            socket.send(Message::text(answer.to_string())).await?;
        }
    }
    let frames: Vec<Message> = frames(subscription.unwrap_or_default())
        .into_iter()
        .map(Message::text)
        .collect();
    let _ = begins.send(Instant::now());
    for frame in frames {
        socket.feed(frame).await?;
    }
    socket.flush().await?;
    // Until the client leaves.
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}

/// A server for one client.
struct Server {
    port: u16,
    begun: oneshot::Receiver<Instant>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (begins, begun) = oneshot::channel();
        let task = tokio::spawn(async move {
            let stream = listener.accept().await.map(|(stream, _)| stream);
            if let Ok(stream) = stream {
                // The client ends the conversation.
                let _ = flood(stream, begins).await;
            }
        });
        Ok(Self { port, begun, task })
    }
}

async fn our_rate() -> Result<f64> {
    let server = Server::start().await?;
    let url = format!("http://127.0.0.1:{}", server.port);
    let stop = CancellationToken::new();
    let connection = Connection::standalone(&url, &SecretString::from("token"), None)?;
    let (home, session) = HomeAssistant::new(
        connection,
        Clock::system(),
        Telemetry::default(),
        stop.clone(),
    );
    let watched: std::result::Result<BTreeSet<EntityId>, _> = (0..ENTITIES)
        .map(|index| EntityId::parse(&entity(index)))
        .collect();
    home.watch_entities("bench", watched?);
    let session = tokio::spawn(session);
    let begun = server.begun.await?;
    let last = EntityId::parse(&entity(0))?;
    let mut states = home.states();
    states
        .wait_for(|states| states.get(&last).is_some_and(|state| state.state == "end"))
        .await?;
    let seconds = begun.elapsed().as_secs_f64();
    stop.cancel();
    session.await?;
    server.task.abort();
    Ok(MESSAGES as f64 / seconds)
}

async fn python_rate(python: &str) -> Result<f64> {
    let server = Server::start().await?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/home/client.py");
    let mut client = tokio::process::Command::new(python)
        .args([script, &server.port.to_string()])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let begun = server.begun.await?;
    if !client.wait().await?.success() {
        return Err("the Python client failed".into());
    }
    let seconds = begun.elapsed().as_secs_f64();
    server.task.abort();
    Ok(MESSAGES as f64 / seconds)
}
