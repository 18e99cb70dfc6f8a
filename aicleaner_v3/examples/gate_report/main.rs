//! The gate on whole days: simulated ones, whose truth is known to the second, or real frames with a truth
//! file. Prints figures, and writes them and a plot of one day to `target/reports`. See `docs/gate-report.md`.

#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod arguments;
mod causes;
mod days;
mod figures;
mod footage;
mod plot;
mod samples;
mod simulation;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use self::arguments::Arguments;
use self::simulation::Rules;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let rules = Rules::new(&arguments);
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    if let Some(folder) = &arguments.samples {
        return samples::write(folder, &arguments);
    }
    if let Some(folder) = &arguments.footage {
        let outcome = footage::replay(folder, &rules)?;
        return Ok(figures::publish(&footage::report(&outcome), home)?);
    }
    let days = days::run(&arguments, &rules)?;
    if arguments.log {
        days.iter()
            .for_each(|day| figures::print_log(day, rules.interval));
    }
    figures::publish(&figures::report(&days, &rules), home)?;
    if let Some(day) = days.first() {
        let file = home.join("target/reports/gate.svg");
        std::fs::write(&file, plot::svg(day, rules.interval))?;
        println!(
            "plot of day {} ({:?}): {}",
            day.seed,
            day.tempo,
            file.display()
        );
    }
    Ok(())
}
