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

use crate::app::Place;
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

/// Supervisor's token tells that we are its app.
fn place(environment: &Environment) -> Place {
    match environment
        .get("SUPERVISOR_TOKEN")
        .filter(|token| !token.is_empty())
    {
        Some(token) => Place::App {
            supervisor: environment
                .get("SUPERVISOR_URL")
                .cloned()
                .unwrap_or_else(|| SUPERVISOR.to_owned()),
            token: SecretString::from(token.as_str()),
        },
        None => Place::Standalone,
    }
}

/// The data folder, unless another one was named.
fn data_folder(named: Option<PathBuf>, place: &Place) -> PathBuf {
    named.unwrap_or_else(|| {
        PathBuf::from(match place {
            Place::App { .. } => APP_DATA,
            Place::Standalone => OWN_DATA,
        })
    })
}

fn load(
    file: Option<PathBuf>,
    place: &Place,
    environment: &Environment,
) -> Result<Settings, SettingsError> {
    let file = file.or_else(|| match place {
        Place::App { .. } => Some(PathBuf::from(APP_OPTIONS)),
        Place::Standalone => None,
    });
    Settings::load(file.as_deref(), environment, place.deployment())
}
