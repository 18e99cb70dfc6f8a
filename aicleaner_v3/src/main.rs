//! The program `aicleaner`: parses the command line, runs one command, gives its exit code.

#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use aicleaner::cli::{Cli, Command, RunArguments};
use aicleaner::commands;
use aicleaner::i18n::log_remedy;
use clap::Parser as _;

#[cfg(target_os = "linux")]
use aicleaner::privileges::{self, PrivilegesError};

#[expect(clippy::print_stderr, reason = "nothing that logs is there yet")]
fn main() -> ExitCode {
    let cli = Cli::parse();
    #[cfg(target_os = "linux")]
    if let Err(error) = give_up_root(&cli) {
        eprintln!(
            "AICleaner can't start: {error}\n{} ({})",
            log_remedy(error.code()),
            error.code()
        );
        return ExitCode::from(commands::FAILURE);
    }
    let environment: commands::Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    // One thread is enough for what mostly waits: pixels and the database have threads of their own.
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Threads for what blocks end soon: between checks their stacks would be kept for nothing.
        .thread_keep_alive(Duration::from_secs(1))
        .build()
    {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::from(commands::FAILURE),
    };
    // In the heap: as a value it would be moved about on a stack whose pages stay.
    let code = runtime.block_on(Box::pin(async {
        match cli
            .command
            .unwrap_or_else(|| Command::Run(RunArguments::default()))
        {
            Command::Run(arguments) => commands::run(arguments, &environment).await,
            Command::Assess(arguments) => commands::assess(&arguments),
            Command::Check(arguments) => commands::check(arguments, &environment).await,
            Command::Backup(arguments) => commands::backup(arguments, &environment),
            Command::Diagnose(arguments) => commands::diagnose(arguments, &environment),
            Command::Healthcheck(arguments) => commands::healthcheck(arguments, &environment).await,
        }
    }));
    // A thread that waits for a disk or a name server must not hold up the stop.
    runtime.shutdown_background();
    ExitCode::from(code)
}

/// Before anything else, while this is the only thread. The program itself takes the image's data folder with it;
/// commands that are run beside it find it handed over.
#[cfg(target_os = "linux")]
fn give_up_root(cli: &Cli) -> Result<(), PrivilegesError> {
    let runs = matches!(cli.command, None | Some(Command::Run(_)));
    let run_as = std::env::var(privileges::RUN_AS).ok();
    privileges::give_up_root(
        run_as.as_deref(),
        runs.then_some(Path::new(commands::APP_DATA)),
    )
}
