//! A real mosquitto on a free loopback port, for tests that need a true broker.
//! Must never use a configuration of the machine, nor outlive the value that stands for it.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::log::Log;
use super::tethered::Tethered;
use super::{Error, in_time, port};

const START_WITHIN: Duration = Duration::from_secs(15);
/// How many other ports are tried when somebody takes the chosen one first.
const PORT_TRIES: u32 = 5;
const PACKAGE: &str = "mosquitto";

/// How the broker is set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only this user (name, password) may come in; without one, everybody may.
    pub user: Option<(String, String)>,
    /// Keeps retained messages and sessions over a restart. They are written when the broker stops and on every change.
    pub persistent: bool,
    /// Who may read and write what, in mosquitto's words; without any, everybody may everything.
    pub rules: Vec<String>,
}

/// A running broker. Dropping it kills it.
pub struct Mosquitto {
    folder: TempDir,
    port: u16,
    child: Option<Tethered>,
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
        if !options.rules.is_empty() {
            let file = folder.join("rules");
            let rules = options.rules.join("\n") + "\n";
            tokio::fs::write(&file, rules)
                .await
                .map_err(Error::io("cannot write mosquitto's rules"))?;
            let _ = writeln!(config, "acl_file {}", file.display());
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
        match self.child.take() {
            Some(child) => child.kill().await,
            None => Ok(()),
        }
    }

    /// Kills it, and takes all that it kept.
    ///
    /// # Errors
    /// `Io` when it cannot be killed or its file cannot be removed.
    pub async fn kill_and_forget(&mut self) -> Result<(), Error> {
        self.kill().await?;
        match tokio::fs::remove_file(self.folder.path().join("mosquitto.db")).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("cannot remove what mosquitto kept")(error))
            }
            _ => Ok(()),
        }
    }

    /// Starts it again on the same port, killing it first if it runs. Returns when it accepts connections.
    ///
    /// # Errors
    /// As [`Mosquitto::start`].
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.kill().await?;
        let position = self.log.position();
        let arguments = [OsString::from("-c"), self.config_path().into()];
        let mut child = Tethered::spawn("mosquitto", PACKAGE, arguments, &self.log)?;
        in_time("mosquitto's start", START_WITHIN, async {
            tokio::select! {
                () = self.log.wait_for(position, " running") => Ok(()),
                status = child.wait() => Err(Error::Ended {
                    program: "mosquitto",
                    status: status?.to_string(),
                    log: self.log.text(),
                }),
            }
        })
        .await?;
        self.child = Some(child);
        Ok(())
    }
}

async fn write_passwords(file: &Path, user: &str, password: &str) -> Result<(), Error> {
    let log = Log::new();
    let arguments = [
        OsStr::new("-b"),
        OsStr::new("-c"),
        file.as_os_str(),
        OsStr::new(user),
        OsStr::new(password),
    ];
    let status = Tethered::spawn("mosquitto_passwd", PACKAGE, arguments, &log)?
        .wait()
        .await?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Ended {
        program: "mosquitto_passwd",
        status: status.to_string(),
        log: log.text(),
    })
}
