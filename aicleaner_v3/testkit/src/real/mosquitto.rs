//! A real mosquitto on a free loopback port, for tests that need a true broker.
//! Must never use a configuration of the machine, nor outlive the value that stands for it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::log::Log;
use super::{Error, in_time, port};

const START_WITHIN: Duration = Duration::from_secs(15);
/// How many other ports are tried when somebody takes the chosen one first.
const PORT_TRIES: u32 = 5;
/// Debian's place for daemons, which is not on everybody's `PATH`.
const DEBIAN_PATH: &str = "/usr/sbin/mosquitto";

/// How the broker is set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only this user (name, password) may come in; without one, everybody may.
    pub user: Option<(String, String)>,
    /// Keeps retained messages and sessions over a restart. They are written when the broker stops and on every change.
    pub persistent: bool,
}

/// A running broker. Dropping it kills it.
pub struct Mosquitto {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
    log: Log,
}

impl Mosquitto {
    /// Starts a broker that lets everybody in and keeps nothing.
    ///
    /// # Errors
    /// `ProgramMissing` when mosquitto is not installed, `Ended` when it does not start.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with(&Options::default()).await
    }

    /// Starts a broker with options.
    ///
    /// # Errors
    /// As [`Mosquitto::start`].
    pub async fn start_with(options: &Options) -> Result<Self, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::start_once(options).await {
                // Somebody else took the port between the choice and the start.
                Err(Error::Ended { log, .. })
                    if log.contains("Address already in use") && tries < PORT_TRIES => {}
                result => return result,
            }
        }
    }

    async fn start_once(options: &Options) -> Result<Self, Error> {
        let folder =
            tempfile::tempdir().map_err(Error::io("cannot make a folder for mosquitto"))?;
        let port = port::free()?;
        let mut broker = Self {
            folder,
            port,
            child: None,
            log: Log::new(),
        };
        broker.write_config(options).await?;
        broker.restart().await?;
        Ok(broker)
    }

    async fn write_config(&self, options: &Options) -> Result<(), Error> {
        let folder = self.folder.path();
        let mut config = format!(
            "listener {} 127.0.0.1\nallow_anonymous {}\nlog_dest stderr\nlog_type all\nconnection_messages true\nuser root\n",
            self.port,
            options.user.is_none(),
        );
        if options.persistent {
            let _ = write!(
                config,
                "persistence true\npersistence_location {}/\nautosave_interval 1\nautosave_on_changes true\n",
                folder.display()
            );
        }
        if let Some((user, password)) = &options.user {
            let file = folder.join("passwords");
            write_passwords(&file, user, password).await?;
            let _ = writeln!(config, "password_file {}", file.display());
        }
        tokio::fs::write(self.config_path(), config)
            .await
            .map_err(Error::io("cannot write mosquitto's configuration"))
    }

    fn config_path(&self) -> PathBuf {
        self.folder.path().join("mosquitto.conf")
    }

    /// The port on 127.0.0.1 it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it wrote so far: who connected, subscribed and published.
    #[must_use]
    pub fn log_text(&self) -> String {
        self.log.text()
    }

    /// Kills it with SIGKILL, as a crash or a pulled plug would.
    ///
    /// # Errors
    /// `Io` when it cannot be killed.
    pub async fn kill(&mut self) -> Result<(), Error> {
        if let Some(mut child) = self.child.take() {
            child
                .kill()
                .await
                .map_err(Error::io("cannot kill mosquitto"))?;
        }
        Ok(())
    }

    /// Starts it again on the same port, killing it first if it runs. Returns when it accepts connections.
    ///
    /// # Errors
    /// As [`Mosquitto::start`].
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.kill().await?;
        let position = self.log.position();
        let mut child = Command::new(program())
            .arg("-c")
            .arg(self.config_path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(missing_or("mosquitto", "mosquitto"))?;
        let output = child.stderr.take().map(|output| self.log.collect(output));
        in_time("mosquitto's start", START_WITHIN, async {
            tokio::select! {
                () = self.log.wait_for(position, " running") => Ok(()),
                ended = child.wait() => {
                    if let Some(output) = output {
                        let _ = output.await;
                    }
                    Err(Error::Ended {
                        program: "mosquitto",
                        status: ended.map_or_else(|error| error.to_string(), |status| status.to_string()),
                        log: self.log.text(),
                    })
                }
            }
        })
        .await?;
        self.child = Some(child);
        Ok(())
    }
}

fn program() -> &'static str {
    if Path::new(DEBIAN_PATH).exists() {
        DEBIAN_PATH
    } else {
        "mosquitto"
    }
}

/// Tells a program that is not installed from other failures to start it.
pub(super) fn missing_or(
    program: &'static str,
    package: &'static str,
) -> impl FnOnce(std::io::Error) -> Error {
    move |error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::ProgramMissing { program, package },
        _ => Error::Io {
            what: format!("cannot start {program}"),
            source: error,
        },
    }
}

async fn write_passwords(file: &Path, user: &str, password: &str) -> Result<(), Error> {
    let status = Command::new("mosquitto_passwd")
        .args(["-b", "-c"])
        .arg(file)
        .args([user, password])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .map_err(missing_or("mosquitto_passwd", "mosquitto"))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Ended {
        program: "mosquitto_passwd",
        status: status.to_string(),
        log: String::new(),
    })
}
