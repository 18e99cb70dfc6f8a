//! `aicleaner diagnose`: what is stored of zones, tasks and lists, for a person who looks for a fault.

use super::{Environment, FAILURE, SUCCESS, data_folder, host};
use crate::cli::DataArguments;
use crate::i18n::log_remedy;
use crate::store;

/// Prints it as JSON. Works while another AICleaner runs there; changes nothing.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
pub fn diagnose(arguments: DataArguments, environment: &Environment) -> u8 {
    let data = data_folder(arguments.data, &host(environment));
    match store::diagnosis(&data) {
        Ok(diagnosis) => {
            println!("{diagnosis:#}");
            SUCCESS
        }
        Err(error) => {
            eprintln!(
                "The database can't be read: {error}\n{} ({})",
                log_remedy(error.code()),
                error.code()
            );
            FAILURE
        }
    }
}
