//! The built program as a child process, killed when dropped.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use aicleaner_testkit::fixtures::{free_port, get, wait_until};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aicleaner"));
    for (name, _) in std::env::vars() {
        if name.starts_with("AICLEANER__") || name.starts_with("SUPERVISOR_") {
            command.env_remove(name);
        }
    }
    command.kill_on_drop(true).stdin(Stdio::null());
    command
}

/// A running program.
pub struct Program {
    child: Child,
    pub health: u16,
    pub page: u16,
}

impl Program {
    /// Starts `aicleaner run` with `settings` (without listeners) and `environment`; waits until it is alive.
    pub async fn start(folder: &Path, settings: &str, environment: &[(&str, &str)]) -> Self {
        let file: PathBuf = folder.join("settings.yaml");
        std::fs::write(&file, settings).unwrap();
        let health = free_port().unwrap();
        let page = std::iter::repeat_with(|| free_port().unwrap())
            .find(|port| *port != health)
            .unwrap();
        let child = command()
            .arg("run")
            .arg("--settings")
            .arg(&file)
            .arg("--data")
            .arg(folder.join("data"))
            .env("AICLEANER__HEALTH__PORT", health.to_string())
            .env("AICLEANER__WEB__LISTEN", format!("127.0.0.1:{page}"))
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let program = Self {
            child,
            health,
            page,
        };
        let live = format!("http://127.0.0.1:{health}/health/live");
        wait_until(PATIENCE, "the program to come to life", || async {
            get(&live).await.is_ok_and(|(status, _)| status == 200)
        })
        .await
        .unwrap();
        program
    }

    /// Sends SIGTERM or another signal by name.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        // The shell's own: a bare Debian has no program of that name.
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; the exit status and all that was logged.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        let read = stderr.read_to_string(&mut log);
        tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
        (self.child.wait().await.unwrap(), log)
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}
