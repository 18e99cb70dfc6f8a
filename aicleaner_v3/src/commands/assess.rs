//! `aicleaner assess`: judge real pictures from the command line, with no server and no AI: against a picture of
//! the same place when it was tidy.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::json;

use super::{FAILURE, SUCCESS};
use crate::cli::AssessArguments;
use crate::i18n::log_remedy;
use crate::model::{Area, Verdict};
use crate::telemetry::Code;
use crate::vision::{
    CannotJudge, DecodeLimits, Frame, Grid, PictureError, Raster, Reference, References, annotate,
    decode, encode_jpeg, judge,
};

const QUALITY: u8 = 90;

/// Why a picture could not be judged.
#[derive(Debug, thiserror::Error)]
enum AssessError {
    #[error("{}: {reason}", path.display())]
    File {
        path: PathBuf,
        reason: std::io::Error,
    },
    #[error("{}: {reason}", path.display())]
    Picture { path: PathBuf, reason: PictureError },
    #[error("{}: {reason}", path.display())]
    ShowsNothing { path: PathBuf, reason: String },
    #[error("{0}")]
    CannotJudge(#[from] CannotJudge),
}

/// Judges the pictures and says what is out of place.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this command talks to a person"
)]
pub fn assess(arguments: &AssessArguments) -> u8 {
    match judged(arguments) {
        Ok(text) => {
            println!("{text}");
            SUCCESS
        }
        Err(error) => {
            eprintln!("{error}\n{} ({})", log_remedy(Code::Picture), Code::Picture);
            FAILURE
        }
    }
}

fn judged(arguments: &AssessArguments) -> Result<String, AssessError> {
    let mut frames = Vec::new();
    let mut last = None;
    for path in &arguments.image {
        let raster = read(path)?;
        let frame = usable(path, &raster)?;
        frames.push(Grid::new(&raster, &[], Grid::REFERENCE_SIDE));
        last = Some((raster, frame));
    }
    let (raster, frame) = last.ok_or(CannotJudge::NoFrame)?;
    let light = frame.light_mode();
    let Some(tidy) = &arguments.reference else {
        let quality = frame.quality();
        return Ok(if arguments.json {
            json!({"light": light, "quality": quality, "verdict": null}).to_string()
        } else {
            format!(
                "The picture can be judged ({} light, brightness {:.0} of 255, contrast {:.0}). Give a picture of the same place \
                 when it was tidy with --reference.",
                light.as_str(),
                quality.brightness,
                quality.contrast
            )
        });
    };
    let reference = read(tidy)?;
    let mut references = References::default();
    references.add(Reference {
        light: usable(tidy, &reference)?.light_mode(),
        grid: Grid::new(&reference, &[], Grid::REFERENCE_SIDE),
    });
    let verdict = judge(
        &references,
        &frames,
        light,
        &[],
        arguments.sensitivity.into(),
    )?;
    if let Some(out) = &arguments.annotate {
        let areas: Vec<Area> = verdict
            .findings
            .iter()
            .filter_map(|finding| finding.area)
            .collect();
        let picture = |reason| AssessError::Picture {
            path: out.clone(),
            reason,
        };
        let jpeg = encode_jpeg(&annotate(&raster, &areas), QUALITY).map_err(picture)?;
        std::fs::write(out, jpeg).map_err(|reason| AssessError::File {
            path: out.clone(),
            reason,
        })?;
    }
    Ok(if arguments.json {
        json!({"light": light, "quality": frame.quality(), "verdict": verdict}).to_string()
    } else {
        told(&verdict)
    })
}

fn read(path: &Path) -> Result<Raster, AssessError> {
    let file = |reason| AssessError::File {
        path: path.to_owned(),
        reason,
    };
    let picture = |reason| AssessError::Picture {
        path: path.to_owned(),
        reason,
    };
    let limits = DecodeLimits::default();
    let found = std::fs::metadata(path).map_err(file)?.len();
    let found = usize::try_from(found).unwrap_or(usize::MAX);
    if found > limits.bytes {
        return Err(picture(PictureError::TooManyBytes {
            found,
            limit: limits.bytes,
        }));
    }
    decode(&std::fs::read(path).map_err(file)?, &limits).map_err(picture)
}

fn usable(path: &Path, raster: &Raster) -> Result<Frame, AssessError> {
    let frame = Frame::new(raster, &[], Timestamp::UNIX_EPOCH);
    match frame.quality().fault(None) {
        Some(fault) => Err(AssessError::ShowsNothing {
            path: path.to_owned(),
            reason: fault.to_string(),
        }),
        None => Ok(frame),
    }
}

fn told(verdict: &Verdict) -> String {
    let mut lines = vec![format!("{} — {}", verdict.score, verdict.summary)];
    for (number, finding) in (1..).zip(&verdict.findings) {
        lines.push(format!(
            "{number}. {} ({:.0} % sure)",
            finding.title,
            finding.confidence.get() * 100.0
        ));
    }
    lines.join("\n")
}
