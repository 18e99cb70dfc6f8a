//! What is to be run.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use aicleaner::model::Sensitivity;
use clap::Parser;

/// Runs the gate on whole days and reports what it notices, what it costs and where it is wrong.
#[derive(Parser)]
#[command(name = "gate-report")]
pub struct Arguments {
    /// The seeds of the simulated days; those below 2000 are for tuning.
    #[arg(long, default_value = "2001-2020", value_parser = seeds)]
    pub seeds: RangeInclusive<u64>,
    /// Only busy or only quiet days, instead of both.
    #[arg(long, value_parser = ["busy", "quiet"])]
    pub tempo: Option<String>,
    /// Minutes between looks; real frames without it are all looked at.
    #[arg(long, value_parser = minutes)]
    pub interval: Option<Duration>,
    /// How small a change counts.
    #[arg(long, default_value = "normal", value_parser = sensitivity)]
    pub sensitivity: Sensitivity,
    /// The size of the simulated camera's pictures.
    #[arg(long, default_value = "640x360", value_parser = size)]
    pub size: (u16, u16),
    /// Tell each wrong assessment and each late notice.
    #[arg(long)]
    pub log: bool,
    /// Run real frames from this folder, by its truth.txt, instead of simulated days.
    #[arg(long)]
    pub footage: Option<PathBuf>,
    /// Write the frames of the first seed's busy day and their truth.txt to this folder, and run nothing.
    #[arg(long)]
    pub samples: Option<PathBuf>,
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err("expected a seed or a range of seeds, such as 2001-2020".to_owned()),
    }
}

fn minutes(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(minutes @ 1..=240) => Ok(Duration::from_secs(minutes * 60)),
        _ => Err("expected minutes from 1 to 240".to_owned()),
    }
}

fn sensitivity(text: &str) -> Result<Sensitivity, String> {
    Sensitivity::ALL
        .into_iter()
        .find(|sensitivity| sensitivity.as_str() == text)
        .ok_or_else(|| "expected low, normal or high".to_owned())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once('x').map(|(w, h)| (w.parse(), h.parse()));
    match sides {
        Some((Ok(w @ 160..=3840), Ok(h @ 90..=2160))) => Ok((w, h)),
        _ => Err("expected a size such as 640x360".to_owned()),
    }
}
