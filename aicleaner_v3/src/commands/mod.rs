//! The commands of the program. Each returns the exit code.

mod assess;
mod backup;
mod check;
mod diagnose;
mod healthcheck;
mod run;

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::app::{Host, SupervisorAccess};
use crate::providers::Kinds;
use crate::settings::{Settings, SettingsError};

pub use assess::assess;
pub use backup::backup;
pub use check::check;
pub use diagnose::diagnose;
pub use healthcheck::healthcheck;
pub use run::run;

/// All went well.
pub const SUCCESS: u8 = 0;
/// It did not work.
pub const FAILURE: u8 = 1;
/// The settings can't be used (`EX_CONFIG` of BSD's `sysexits.h`).
pub const BAD_SETTINGS: u8 = 78;

/// Supervisor's address inside its network; another one is for tests.
const SUPERVISOR: &str = "http://supervisor";
const APP_OPTIONS: &str = "/data/options.json";
/// The data folder of the app, and of the image.
pub const APP_DATA: &str = "/data";
const OWN_DATA: &str = "data";

/// The process's environment, as far as it is text.
pub type Environment = BTreeMap<String, String>;

/// Set in the image, to the user that the program runs as.
const IN_IMAGE: &str = "AICLEANER_RUN_AS";

/// Supervisor's token tells that we are its app, and a variable of the image that we are in a container.
fn host(environment: &Environment) -> Host {
    let token = environment
        .get("SUPERVISOR_TOKEN")
        .filter(|token| !token.is_empty());
    let access = |token: &String| SupervisorAccess {
        url: environment
            .get("SUPERVISOR_URL")
            .cloned()
            .unwrap_or_else(|| SUPERVISOR.to_owned()),
        token: SecretString::from(token.as_str()),
    };
    Host {
        supervisor: token.map(access),
        in_container: environment.contains_key(IN_IMAGE),
    }
}

/// The data folder, unless another one was named.
fn data_folder(named: Option<PathBuf>, host: &Host) -> PathBuf {
    named.unwrap_or_else(|| {
        PathBuf::from(match &host.supervisor {
            Some(_) => APP_DATA,
            None => OWN_DATA,
        })
    })
}

fn load(
    file: Option<PathBuf>,
    host: &Host,
    environment: &Environment,
) -> Result<Settings, SettingsError> {
    let of_app = host.supervisor.as_ref().map(|_| PathBuf::from(APP_OPTIONS));
    let file = file.or(of_app);
    Settings::load(file.as_deref(), environment, host.deployment(), &Kinds)
}
