//! The program that is killed: this very test in a process of its own, with a whole AICleaner in it that looks
//! as often as it can.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

use aicleaner::app::{App, AppOptions, Host};
use aicleaner::clock::Clock;
use aicleaner::engine::{EngineCommand, ZoneCommand};
use aicleaner::model::{Actor, Trigger, ZoneId};
use aicleaner::settings::{Deployment, Listeners, Settings};
use aicleaner::setup::DeclaredSource;
use aicleaner::telemetry::{Redactor, Telemetry};
use tokio_util::sync::CancellationToken;

use super::world::World;

const FOLDER: &str = "CRASH_VICTIM_FOLDER";
/// Between two checks.
const EVERY: Duration = Duration::from_millis(100);

/// Where a victim can die: each step of the outbox, and around a commit.
pub const FAULT_POINTS: [&str; 8] = [
    "commit.before",
    "commit.inside",
    "commit.after",
    "outbox.before_stage",
    "outbox.after_stage",
    "outbox.after_call",
    "outbox.before_confirm",
    "outbox.after_confirm",
];

pub struct Victim(Child);

impl Victim {
    /// Starts it in front of `world`, to die at `point` if there is one.
    pub fn start(world: &World, point: Option<&str>) -> Self {
        let mut process = Process::new(std::env::current_exe().unwrap());
        process
            .args(["--exact", "victim", "--ignored", "--nocapture"])
            .env(FOLDER, world.folder())
            .env_remove("AICLEANER_FAULT_POINT")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(world.log());
        if let Some(point) = point {
            process.env("AICLEANER_FAULT_POINT", point);
        }
        Self(process.spawn().unwrap())
    }

    pub fn lives(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The victim's own life, which only a kill ends.
pub fn run() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    tracing_subscriber::fmt()
        .with_env_filter("warn,aicleaner=debug")
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let file = folder.join("settings.yaml");
        let options = AppOptions {
            settings: Settings::load(
                Some(&file),
                &BTreeMap::new(),
                Deployment::Standalone,
                &aicleaner::providers::Kinds,
            ),
            listeners: Listeners::without_file(&BTreeMap::new(), Deployment::Standalone),
            host: Host::default(),
            data: folder.join("data"),
            clock: Clock::system(),
            telemetry: Telemetry::default(),
            declared: DeclaredSource::default(),
            redactor: Redactor::default(),
        };
        let app = App::start(options, CancellationToken::new()).await.unwrap();
        let engine = app.engine().unwrap();
        let zone = ZoneId::parse("kitchen").unwrap();
        loop {
            let command = EngineCommand::Zone {
                zone: zone.clone(),
                command: ZoneCommand::AssessNow(Trigger::Button),
            };
            // One that may not start yet is no matter: the next one comes soon.
            let _ = engine.command(command, Actor::Program).await;
            tokio::time::sleep(EVERY).await;
        }
    });
}
