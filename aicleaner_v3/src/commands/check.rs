//! `aicleaner check`: are the settings good, and do the providers see?

use std::time::Duration;

use super::{BAD_SETTINGS, Environment, FAILURE, SUCCESS, host, load};
use crate::app::{Host, check_providers};
use crate::cli::CheckArguments;
use crate::i18n::log_remedy;
use crate::router::{SHAPES, SelfTestOutcome, SelfTestReport};
use crate::settings::Settings;

/// How long to wait for Home Assistant, if a provider goes through it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Says what is wrong with the settings, or what is set up.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
pub async fn check(arguments: CheckArguments, environment: &Environment) -> u8 {
    let host = host(environment);
    match load(arguments.settings.settings, &host, environment) {
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
            match arguments.providers {
                true => show_test_pictures(&settings, &host).await,
                false => SUCCESS,
            }
        }
        Err(error) => {
            eprintln!("{error}\n{} ({})", log_remedy(error.code()), error.code());
            BAD_SETTINGS
        }
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
async fn show_test_pictures(settings: &Settings, host: &Host) -> u8 {
    println!("Showing each provider a test picture with {SHAPES} numbered shapes.");
    match check_providers(settings, host, PATIENCE).await {
        Ok(checked) => {
            checked
                .iter()
                .for_each(|checked| println!("- {}", sentence(checked)));
            let good =
                |checked: &SelfTestReport| matches!(checked.outcome, SelfTestOutcome::Sees { .. });
            match checked.iter().all(good) {
                true => SUCCESS,
                false => FAILURE,
            }
        }
        Err(error) => {
            eprintln!("{error}\n{} ({})", log_remedy(error.code()), error.code());
            FAILURE
        }
    }
}

fn sentence(checked: &SelfTestReport) -> String {
    let who = format!("{} ({})", checked.provider, checked.model);
    match &checked.outcome {
        SelfTestOutcome::Sees { right } => format!("{who} sees: {right} of {SHAPES} named right"),
        SelfTestOutcome::Blind { right } => format!(
            "{who} does not see our pictures: {right} of {SHAPES} named right. It is not used"
        ),
        SelfTestOutcome::NoBudget => format!("{who} was not asked: the budget is used up"),
        SelfTestOutcome::Failed(error) => {
            let code = error.code();
            let details = match error.details.as_str() {
                "" => String::new(),
                details => format!(" [{details}]"),
            };
            format!("{who}: {error}{details}. {} ({code})", log_remedy(code))
        }
    }
}
