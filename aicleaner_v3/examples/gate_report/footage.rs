//! Real frames with a truth file through the real decoder and gate.
//! The format is in `docs/gate-report.md`; a line that does not fit is an error with its number.

use std::path::Path;
use std::time::Duration;

use aicleaner::vision::{
    AssessReason, AssessmentOutcome, Decision, DecodeLimits, Frame, Grid, History, decide,
    decode_for,
};
use aicleaner_testkit::report::{Better, Figure, Report};
use jiff::Timestamp;

use crate::simulation::Rules;

/// A change that is not assessed within this time is missed.
const HOUR: Duration = Duration::from_secs(3600);

/// Why footage can't be run.
#[derive(Debug, thiserror::Error)]
pub enum FootageError {
    #[error("{file} can't be read: {reason}. A folder of footage holds frames and a truth.txt.")]
    Unreadable {
        file: String,
        reason: std::io::Error,
    },
    #[error(
        "truth.txt, line {line}: {reason}. Each line is: file, time (ISO 8601), changed (0 or 1)."
    )]
    Line { line: usize, reason: &'static str },
    #[error("truth.txt names no frames.")]
    Empty,
}

/// One line of the truth file.
struct Shot {
    file: String,
    at: Timestamp,
    changed: bool,
}

/// What the gate made of footage.
#[derive(Default)]
pub struct Outcome {
    frames: usize,
    unusable: usize,
    calls: usize,
    due: usize,
    wrong: Vec<(Timestamp, String)>,
    /// How long each change waited for an assessment; none means that it never came.
    waits: Vec<(String, Option<Duration>)>,
}

/// Runs the frames of a folder in order of time.
///
/// # Errors
/// When the truth file or a frame can't be read.
pub fn replay(folder: &Path, rules: &Rules) -> Result<Outcome, FootageError> {
    let shots = parse(&read_text(&folder.join("truth.txt"))?)?;
    let mut outcome = Outcome::default();
    let mut history = History::default();
    let mut wanted = Timestamp::MIN;
    let mut open: Vec<(String, Timestamp)> = Vec::new();
    for shot in shots {
        if shot.changed {
            open.push((shot.file.clone(), shot.at));
        }
        if shot.at < wanted {
            continue;
        }
        outcome.frames += 1;
        let bytes = std::fs::read(folder.join(&shot.file))
            .map_err(|reason| unreadable(&folder.join(&shot.file), reason))?;
        let Ok(decoded) = decode_for(&bytes, &DecodeLimits::default(), Grid::REFERENCE_SIDE) else {
            outcome.unusable += 1;
            continue;
        };
        let frame = Frame::new(&decoded.raster, &[], shot.at);
        let (decision, next) = decide(&frame, history, &rules.policy, false);
        history = next;
        let wait = match decision {
            Decision::Recapture(after) => after,
            Decision::Skip(_) => rules.every.unwrap_or_default(),
            Decision::Assess(why) => {
                let found = match open.is_empty() {
                    true => AssessmentOutcome::Unchanged,
                    false => AssessmentOutcome::Changed,
                };
                history = history.assessed(&frame, found);
                outcome.calls += 1;
                if matches!(why, AssessReason::First | AssessReason::Due(_)) {
                    outcome.due += 1;
                } else if open.is_empty() {
                    outcome.wrong.push((shot.at, shot.file));
                }
                for (file, since) in open.drain(..) {
                    outcome.waits.push((file, Some(between(since, shot.at))));
                }
                rules.every.unwrap_or_default()
            }
        };
        wanted = shot.at + wait;
    }
    outcome
        .waits
        .extend(open.into_iter().map(|(file, _)| (file, None)));
    Ok(outcome)
}

/// The figures of footage, and what was wrong.
pub fn report(outcome: &Outcome) -> Report {
    for (at, file) in &outcome.wrong {
        println!("false assessment at {at}: {file}");
    }
    let within = |limit: Duration| {
        let in_time = |wait: &&(String, Option<Duration>)| wait.1.is_some_and(|wait| wait <= limit);
        outcome.waits.iter().filter(in_time).count()
    };
    for (file, wait) in &outcome.waits {
        if wait.is_none_or(|wait| wait > HOUR) {
            println!("missed for more than an hour: {file}");
        }
    }
    let changes = outcome.waits.len();
    let mut report = Report::new("gate-footage");
    let mut add = |name: &str, count: usize| {
        let value = u32::try_from(count).map_or(f64::INFINITY, f64::from);
        report.add(Figure::plain(name, value, "", Better::Lower));
    };
    add("frames looked at", outcome.frames);
    add("frames that could not be used", outcome.unusable);
    add("assessments asked for", outcome.calls);
    add("- first, or because the last was a day ago", outcome.due);
    add("changes in truth", changes);
    add("changes noticed within half an hour", within(HOUR / 2));
    add(
        "changes missed for more than an hour",
        changes - within(HOUR),
    );
    add("false assessments", outcome.wrong.len());
    report
}

fn parse(text: &str) -> Result<Vec<Shot>, FootageError> {
    let mut shots = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fault = |reason| FootageError::Line {
            line: number + 1,
            reason,
        };
        // A file's name may hold spaces; the time and the truth never do.
        let mut parts = line.rsplitn(3, char::is_whitespace);
        let changed = match parts.next() {
            Some("0") => false,
            Some("1") => true,
            _ => return Err(fault("changed is neither 0 nor 1")),
        };
        let at = parts.next().and_then(|time| time.parse().ok());
        let at = at.ok_or_else(|| fault("the time is not such as 2026-11-20T07:15:00Z"))?;
        let file = parts.next().map(str::trim).filter(|file| !file.is_empty());
        let file = file.ok_or_else(|| fault("the file is missing"))?.to_owned();
        shots.push(Shot { file, at, changed });
    }
    if shots.is_empty() {
        return Err(FootageError::Empty);
    }
    shots.sort_by_key(|shot| shot.at);
    Ok(shots)
}

fn read_text(file: &Path) -> Result<String, FootageError> {
    std::fs::read_to_string(file).map_err(|reason| unreadable(file, reason))
}

fn unreadable(file: &Path, reason: std::io::Error) -> FootageError {
    FootageError::Unreadable {
        file: file.display().to_string(),
        reason,
    }
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use clap::Parser as _;

    use super::*;
    use crate::arguments::Arguments;

    fn fault(text: &str) -> String {
        match parse(text) {
            Err(fault) => fault.to_string(),
            Ok(_) => panic!("{text} was read"),
        }
    }

    #[test]
    fn frames_are_read_in_order_of_time_whatever_their_offset() {
        let text = "# file time changed\n\n\
            b.jpg 2026-11-20T08:00:00+01:00 1\n\
            \ta room/a.jpg   2026-11-20T06:30:00Z\t0\n";

        let shots = parse(text).unwrap();

        let read: Vec<_> = shots.iter().map(|s| (s.file.as_str(), s.changed)).collect();
        assert_eq!(read, [("a room/a.jpg", false), ("b.jpg", true)]);
        assert_eq!(
            between(shots[0].at, shots[1].at),
            Duration::from_secs(30 * 60)
        );
    }

    #[test]
    fn a_line_that_does_not_fit_is_named_with_its_number_and_what_is_wrong() {
        let cases = [
            (
                "a.jpg 2026-11-20T06:30:00Z 0\nb.jpg 2026-11-20T06:45:00Z 2",
                "line 2: changed",
            ),
            ("# frames\na.jpg yesterday 0", "line 2: the time"),
            ("a.jpg 2026-11-20T06:30:00 0", "line 1: the time"),
            ("2026-11-20T06:30:00Z 0", "line 1: the file"),
            ("a.jpg", "line 1: changed"),
        ];
        for (text, part) in cases {
            assert!(fault(text).contains(part), "{text}: {}", fault(text));
        }
        assert!(fault("# nothing\n").contains("no frames"));
    }

    #[test]
    fn a_folder_without_a_truth_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Rules::new(&Arguments::parse_from(["gate-report"]));

        let fault = replay(folder.path(), &rules).err().unwrap().to_string();

        assert!(fault.contains("truth.txt"), "{fault}");
    }

    #[test]
    fn a_change_counts_from_its_frame_to_the_assessment_that_follows() {
        let folder = tempfile::tempdir().unwrap();
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let mut truth = String::new();
        let mut add = |second: i64, with: bool, changed: bool| {
            let name = format!("{second}.jpg");
            std::fs::write(folder.path().join(&name), room(second, with)).unwrap();
            truth += &format!("{name} {} {}\n", at(second), u8::from(changed));
        };
        add(0, false, false);
        add(900, false, false);
        for look in 0..6 {
            add(1800 + look * 8, true, look == 0);
        }
        std::fs::write(folder.path().join("broken.jpg"), b"\xFF\xD8").unwrap();
        truth += &format!("broken.jpg {} 0\n", at(3600));
        std::fs::write(folder.path().join("truth.txt"), truth).unwrap();
        let rules = Rules::new(&Arguments::parse_from(["gate-report"]));

        let outcome = replay(folder.path(), &rules).unwrap();

        assert_eq!(
            (outcome.calls, outcome.due),
            (2, 1),
            "the first, and the change"
        );
        assert_eq!((outcome.unusable, outcome.wrong.len()), (1, 0));
        let waited: Vec<_> = outcome
            .waits
            .iter()
            .map(|(file, wait)| (file.as_str(), wait.unwrap()))
            .collect();
        assert_eq!(waited, [("1800.jpg", Duration::from_secs(24))]);
    }

    /// A textured room with the noise of a moment, perhaps with a red thing in it.
    fn room(moment: i64, with: bool) -> Vec<u8> {
        let mut noise = u32::try_from(moment).unwrap().wrapping_mul(2_654_435_761) | 1;
        let mut rgb = Vec::new();
        for y in 0..180_u32 {
            for x in 0..320_u32 {
                noise ^= noise << 13;
                noise ^= noise >> 17;
                noise ^= noise << 5;
                let board = u8::from(y % 24 < 2) * 40 + u8::from(x % 60 < 2) * 25;
                let grain = noise.to_le_bytes()[0] % 7;
                let is_thing = with && (140..170).contains(&x) && (100..125).contains(&y);
                let colour = if is_thing {
                    [200, 40, 40]
                } else {
                    [150 - board, 120 - board, 95 - board]
                };
                rgb.extend(colour.map(|c| c + grain));
            }
        }
        let raster = aicleaner::vision::Raster::new(320, 180, rgb).unwrap();
        aicleaner::vision::encode_jpeg(&raster, 85).unwrap()
    }
}
