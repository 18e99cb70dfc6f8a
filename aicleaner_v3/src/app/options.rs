//! What a run needs to know before anything is started.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::clock::Clock;
use crate::model::Deployment;
use crate::settings::{Listeners, Settings, SettingsError};
use crate::setup::DeclaredSource;
use crate::telemetry::{Redactor, Telemetry};

/// What a run needs to know.
pub struct AppOptions {
    /// The settings, or why there are none.
    pub settings: Result<Settings, SettingsError>,
    /// Where to listen when there are none.
    pub listeners: Listeners,
    /// Where it runs.
    pub host: Host,
    /// The data folder.
    pub data: PathBuf,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Learns the secrets.
    pub redactor: Redactor,
    /// What is followed for changes.
    pub declared: DeclaredSource,
}

/// Where the program runs.
#[derive(Clone, Default)]
pub struct Host {
    /// The way to Supervisor; none without one.
    pub supervisor: Option<SupervisorAccess>,
    /// Whether it runs in a container.
    pub in_container: bool,
}

/// The way to Supervisor.
#[derive(Clone)]
pub struct SupervisorAccess {
    /// Its address.
    pub url: String,
    /// `SUPERVISOR_TOKEN`.
    pub token: SecretString,
}

impl Host {
    /// How the program was installed.
    pub fn deployment(&self) -> Deployment {
        match (&self.supervisor, self.in_container) {
            (Some(_), _) => Deployment::App,
            (None, true) => Deployment::Container,
            (None, false) => Deployment::Standalone,
        }
    }
}
