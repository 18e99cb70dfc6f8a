//! The whole program as it is shipped, with five zones connected to a simulated home and a real mosquitto:
//! memory at rest, time to the first sign of life, and how fast a button press reaches the camera.

#![allow(clippy::print_stdout, missing_docs)]

use std::error::Error;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::{free_port, wait_for, wait_until};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::report::{Figure, Report};
use aicleaner_testkit::scene::Room;
use rumqttc::{AsyncClient, MqttOptions, QoS};

const ZONES: usize = 5;
const STARTS: usize = 11;
const PRESSES: usize = 30;
const PATIENCE: Duration = Duration::from_secs(30);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

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
        let program = Program::start(&home, broker.port(), folder.path())?;
        starts.push(program.until_live()?);
    }
    report.add(Figure::at_most(
        "spawn to /health/live 200, median",
        median(&mut starts),
        "ms",
        50.0,
    ));

    let program = Program::start(&home, broker.port(), folder.path())?;
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

    println!("{}", report.table());
    let file = report.write(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        env!("CARGO_PKG_VERSION"),
    )?;
    println!("written to {}", file.display());
    Ok(())
}

fn camera(index: usize) -> String {
    format!("camera.room_{index}")
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

struct Program {
    child: Child,
    health: u16,
    started: Instant,
}

impl Program {
    fn start(home: &Home, broker: u16, folder: &Path) -> Result<Self> {
        let health = free_port()?;
        let zones: Vec<_> = (0..ZONES)
            .map(|index| format!("{{name: Room {index}, cameras: [{}], todo_list: todo.chores, interval_minutes: 1440}}", camera(index)))
            .collect();
        let yaml = format!(
            "home_assistant: {{url: '{}', token: '{}'}}\nmqtt: {{host: 127.0.0.1, port: {broker}}}\n\
             web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: {health}}}\nzones: [{}]\n",
            home.url(),
            home.token().ok_or("no token")?,
            zones.join(", ")
        );
        let settings = folder.join("settings.yaml");
        std::fs::write(&settings, yaml)?;
        let started = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_aicleaner"))
            .args(["run", "--settings"])
            .arg(&settings)
            .arg("--data")
            .arg(folder.join("data"))
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            child,
            health,
            started,
        })
    }

    /// Milliseconds from the spawn to the first `200`.
    fn until_live(&self) -> Result<f64> {
        while self.started.elapsed() < PATIENCE {
            if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.health)) {
                std::io::Write::write_all(&mut stream, b"GET /health/live HTTP/1.0\r\n\r\n")?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer)?;
                if answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200") {
                    return Ok(self.started.elapsed().as_secs_f64() * 1e3);
                }
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Err("the program did not come to life".into())
    }

    /// Resident memory in MB (10^6 bytes) once it has not changed for two seconds.
    async fn at_rest(&self) -> Result<f64> {
        let (mut last, mut since) = (0, Instant::now());
        wait_for(PATIENCE, "the memory to come to rest", || {
            let now = self.resident();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            let rest = (since.elapsed() > Duration::from_secs(2)).then_some(last);
            async move { rest }
        })
        .await
        .map(|kilobytes| kilobytes as f64 * 1024.0 / 1e6)
        .map_err(Into::into)
    }

    /// `VmRSS` of `/proc/PID/status`, in kB.
    fn resident(&self) -> u64 {
        std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .ok()
            .and_then(|status| {
                let line = status
                    .lines()
                    .find(|line| line.starts_with("VmRSS:"))?
                    .to_owned();
                line.split_whitespace().nth(1)?.parse().ok()
            })
            .unwrap_or(0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
    }
    poll.abort();
    Ok(median(&mut times))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
