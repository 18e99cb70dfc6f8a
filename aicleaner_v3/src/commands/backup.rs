//! `aicleaner backup`: the consistent copy of the database that a backup of the home takes (`backup_pre`).

use super::{Environment, FAILURE, SUCCESS, data_folder, host};
use crate::cli::DataArguments;
use crate::clock::Clock;
use crate::i18n::log_remedy;
use crate::store;

/// Makes the copy and says where it is. Works while another AICleaner runs there.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
pub fn backup(arguments: DataArguments, environment: &Environment) -> u8 {
    let data = data_folder(arguments.data, &host(environment));
    match store::copy_for_backups(&data, Clock::system().now()) {
        Ok(copy) => {
            println!("The copy is {}.", copy.display());
            SUCCESS
        }
        Err(error) => {
            eprintln!(
                "There is no copy: {error}\n{} ({})",
                log_remedy(error.code()),
                error.code()
            );
            FAILURE
        }
    }
}
