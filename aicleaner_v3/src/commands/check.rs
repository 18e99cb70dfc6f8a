//! `aicleaner check`: are the settings good?

use super::{BAD_SETTINGS, Environment, SUCCESS, load, place};
use crate::cli::SettingsArguments;

/// Says what is wrong with the settings, or what is set up.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
pub fn check(arguments: SettingsArguments, environment: &Environment) -> u8 {
    match load(arguments.settings, &place(environment), environment) {
        Ok(settings) => {
            println!("The settings are good: {} zones.", settings.zones.len());
            for zone in &settings.zones {
                println!(
                    "- {} ({}), {} cameras",
                    zone.name,
                    zone.id,
                    zone.cameras.len()
                );
            }
            SUCCESS
        }
        Err(error) => {
            eprintln!("{error}\n{} ({})", error.code().remedy(), error.code());
            BAD_SETTINGS
        }
    }
}
