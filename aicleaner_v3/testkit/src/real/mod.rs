//! Real parts for tests: mosquitto and Home Assistant Core, started on free loopback ports with throw-away
//! configuration. Nothing here may reach beyond this machine, or leave a process or a mount behind.

pub mod client;
pub mod home_assistant;
pub mod mosquitto;

mod config_flows;
mod config_folder;
mod core_process;
mod log;
mod onboarding;
pub(crate) mod port;
mod tethered;
mod websocket;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use client::Client;
pub use home_assistant::{Broker, HomeAssistant, Ollama, Options};
pub use mosquitto::{Mosquitto, Options as BrokerOptions};
pub use websocket::Websocket;

/// What can go wrong with the real parts.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is not installed.
    #[error(
        "{program} was not found: install the Debian package {package} (apt-get install {package})"
    )]
    ProgramMissing {
        /// The program that was looked for.
        program: &'static str,
        /// The Debian package it comes in.
        package: &'static str,
    },
    /// A real Home Assistant needs mounts and `chroot`.
    #[error(
        "a real Home Assistant can only be started by root (it needs chroot and mounts): run this as root"
    )]
    NotRoot,
    /// `prepare.sh` failed.
    #[error("preparing Home Assistant Core failed ({status}): run {script} by hand to see why")]
    Prepare {
        /// The script that failed.
        script: PathBuf,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A process ended although it should run.
    #[error("{program} ended ({status}) before it was ready; the end of its log:\n{log}")]
    Ended {
        /// Which one.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last lines it wrote.
        log: String,
    },
    /// Something expected did not happen in time.
    #[error("{what} did not happen within {}s", .within.as_secs())]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        within: Duration,
    },
    /// No loopback port could be found.
    #[error("no free port on 127.0.0.1 was found in {tries} tries")]
    NoPort {
        /// How many ports were tried.
        tries: u32,
    },
    /// Home Assistant answered, but not as asked.
    #[error("Home Assistant refused {what}: {answer}")]
    Refused {
        /// The request.
        what: String,
        /// What it said.
        answer: String,
    },
    /// A request failed.
    #[error("a request to Home Assistant failed")]
    Http(#[from] reqwest::Error),
    /// The websocket failed.
    #[error("the websocket to Home Assistant failed")]
    Websocket(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    /// An answer was not JSON.
    #[error("Home Assistant's answer is not JSON")]
    Json(#[from] serde_json::Error),
    /// A file or a process could not be handled.
    #[error("{what}")]
    Io {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl Error {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    fn refused(what: impl Into<String>, answer: &impl ToString) -> Self {
        Self::Refused {
            what: what.into(),
            answer: answer.to_string(),
        }
    }
}

/// Waits for `future`, but no longer than `within`. `what` names it in the error.
fn in_time<'a, T: 'a>(
    what: &'a str,
    within: Duration,
    future: impl Future<Output = Result<T, Error>> + Send + 'a,
) -> BoxFuture<'a, Result<T, Error>> {
    Box::pin(async move {
        match tokio::time::timeout(within, future).await {
            Ok(result) => result,
            Err(_) => Err(Error::Timeout {
                what: what.to_owned(),
                within,
            }),
        }
    })
}
