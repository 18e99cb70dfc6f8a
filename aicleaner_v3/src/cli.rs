//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Sensitivity;

/// Notices the mess in a room and puts it on Home Assistant's to-do list.
#[derive(Debug, Parser)]
#[command(name = "aicleaner", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Watch the zones until stopped (the default).
    Run(RunArguments),
    /// Check the settings and say what is wrong; exit code 78 if anything is.
    Check(CheckArguments),
    /// Judge pictures against a picture of the same place when it was tidy. No server, no AI.
    Assess(AssessArguments),
    /// Ask a running AICleaner whether it is alive; exit code 1 if not.
    Healthcheck(HealthcheckArguments),
    /// Make the whole copy of the database that a backup of the home takes, also while AICleaner runs.
    Backup(DataArguments),
    /// Print what is known of zones, tasks and lists, with what happened lately, as JSON without secrets.
    Diagnose(DataArguments),
}

/// Where the data is.
#[derive(Debug, Clone, Default, Args)]
pub struct DataArguments {
    /// The data folder. As an app: /data. Standalone: the folder `data` where the program is started.
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Where the settings are.
#[derive(Debug, Clone, Default, Args)]
pub struct SettingsArguments {
    /// The settings file, YAML or JSON. As an app: /data/options.json.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

/// What to check.
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArguments {
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingsArguments,
    /// Also show each provider a small test picture, which costs one call each; exit code 1 if one does not see it.
    #[arg(long)]
    pub providers: bool,
}

/// What a run needs.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArguments {
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingsArguments,
    /// The data folder. As an app: /data. Standalone: the folder `data` where the program is started.
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Whom to ask.
#[derive(Debug, Clone, Args)]
pub struct HealthcheckArguments {
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingsArguments,
    /// The port of the health listener, if it is not the one of the settings.
    #[arg(long)]
    pub port: Option<u16>,
}

/// What is judged, and by what.
#[derive(Debug, Clone, Args)]
pub struct AssessArguments {
    /// The picture to judge: JPEG, PNG or WebP. Given several times, frames of one camera, seconds apart and oldest
    /// first: only what all of them show counts.
    #[arg(long, value_name = "PHOTO", required = true)]
    pub image: Vec<PathBuf>,
    /// A picture of the same place, from the same camera, when it was tidy.
    #[arg(long, value_name = "TIDY")]
    pub reference: Option<PathBuf>,
    /// Where to write a copy of the picture with a numbered box around each finding.
    #[arg(long, value_name = "OUT", requires = "reference")]
    pub annotate: Option<PathBuf>,
    /// How small a difference is noticed.
    #[arg(long, value_enum, default_value = "normal")]
    pub sensitivity: SensitivityArgument,
    /// Print JSON instead of text.
    #[arg(long)]
    pub json: bool,
}

/// How small a difference is noticed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SensitivityArgument {
    /// Large things: a bag, a pile of clothes.
    Low,
    /// Things as large as a cup.
    Normal,
    /// Small and faint things too.
    High,
}

impl From<SensitivityArgument> for Sensitivity {
    fn from(argument: SensitivityArgument) -> Self {
        match argument {
            SensitivityArgument::Low => Self::Low,
            SensitivityArgument::Normal => Self::Normal,
            SensitivityArgument::High => Self::High,
        }
    }
}
