//! The program `aicleaner`: parses the command line, runs one command, gives its exit code.

use std::process::ExitCode;

use aicleaner::cli::{Cli, Command, RunArguments};
use aicleaner::commands;
use clap::Parser as _;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment: commands::Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::from(commands::FAILURE),
    };
    let code = runtime.block_on(async {
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
    });
    // A thread that waits for a disk or a name server must not hold up the stop.
    runtime.shutdown_background();
    ExitCode::from(code)
}
