//! CPU time per frame of the picture pipeline on one thread, at 720p, 1080p and 4K, beside Pillow, OpenCV and libvips
//! on the same files in the same run (`peers.py`, with the Python of `AICLEANER_PEERS_PYTHON`; without it, ours alone).

#![allow(clippy::print_stdout, missing_docs, reason = "it prints for people")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it draws"
)]

#[allow(dead_code, reason = "each bench uses its part")]
mod common;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use aicleaner::vision::{
    AssessmentOutcome, Buffers, Decision, DecodeLimits, Frame, GatePolicy, Grid, History, Raster,
    decide, decode_for, encode_jpeg, shrink,
};
use aicleaner_testkit::report::{Better, Figure, Report};
use common::publish;
use jiff::Timestamp;

const SIZES: [(&str, u32, u32); 3] = [
    ("720p", 1280, 720),
    ("1080p", 1920, 1080),
    ("4k", 3840, 2160),
];
const ROUNDS: usize = 3;
const BATCHES: usize = 5;
const BATCH_NANOS: f64 = 3e8;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut pictures = Vec::new();
    for (name, width, height) in SIZES {
        let bytes = encode_jpeg(&room(width, height)?, 85)?;
        std::fs::write(folder.path().join(format!("{name}.jpg")), &bytes)?;
        pictures.push(bytes);
    }
    // Ours and theirs in turns, as the machine is not equally fast at all times.
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let ours: Vec<Ours> = pictures
            .iter()
            .map(|bytes| ours(bytes))
            .collect::<Result<_, _>>()?;
        rounds.push((ours, peers(folder.path())?));
    }
    let mut report = Report::new("vision");
    for (at, (name, ..)) in SIZES.into_iter().enumerate() {
        let of = |time: fn(&Ours) -> f64| {
            let mut times: Vec<f64> = rounds.iter().map(|(ours, _)| time(&ours[at])).collect();
            common::median(&mut times)
        };
        let mut plain = |what: &str, time: f64| {
            report.add(Figure::plain(
                &format!("{name}: {what}"),
                (time * 100.0).round() / 100.0,
                "ms",
                Better::Lower,
            ));
        };
        plain("full path", of(|ours| ours.full));
        plain("gate path with its decision", of(|ours| ours.gate));
    }
    for (at, (name, ..)) in SIZES.into_iter().enumerate() {
        if rounds.iter().any(|(_, peers)| peers.is_none()) {
            break;
        }
        let ratio = |peer: &str, of: fn(&Ours, f64) -> f64| -> Result<f64, Box<dyn Error>> {
            let mut ratios = Vec::new();
            for (ours, peers) in &rounds {
                let time = peers.as_ref().and_then(|peers| peers[at][peer].as_f64());
                let time = time.ok_or_else(|| format!("peers.py gave no {peer}"))?;
                ratios.push(of(&ours[at], time));
            }
            Ok(common::median(&mut ratios))
        };
        report.add(
            Figure::at_least(
                &format!("{name}: full path, times as fast"),
                ratio("pillow_ms", |ours, pillow| pillow / ours.full)?,
                "x",
                3.0,
            )
            .against("Pillow + ImageHash"),
        );
        report.add(
            Figure::plain(
                &format!("{name}: full path, times as fast"),
                ratio("opencv_ms", |ours, opencv| opencv / ours.full)?,
                "x",
                Better::Higher,
            )
            .against("OpenCV"),
        );
        report.add(
            Figure::at_most(
                &format!("{name}: full path, times the time"),
                ratio("vips_ms", |ours, vips| ours.full / vips)?,
                "x",
                1.3,
            )
            .against("libvips, shrink on load"),
        );
        report.add(
            Figure::at_most(
                &format!("{name}: gate path, times the time"),
                ratio("floor_ms", |ours, floor| ours.gate / floor)?,
                "x",
                3.0,
            )
            .against("1/8 decode + dHash, libjpeg-turbo"),
        );
    }
    publish(&report)
}

/// CPU time a frame, in milliseconds.
struct Ours {
    /// Decoded, its longest side 1024 pixels, measured and written.
    full: f64,
    /// Decoded as far as the gate needs, measured and decided on.
    gate: f64,
}

fn ours(bytes: &[u8]) -> Result<Ours, Box<dyn Error>> {
    let limits = DecodeLimits::default();
    let _kept = Buffers::keep();
    let full = median(|| -> Result<(), Box<dyn Error>> {
        let raster = shrink(decode_for(bytes, &limits, 1024)?.raster, 1024);
        black_box(Grid::new(&raster, &[], Grid::GATE_SIDE));
        black_box(encode_jpeg(&raster, 85)?);
        Ok(())
    })?;
    let raster = decode_for(bytes, &limits, Grid::REFERENCE_SIDE)?.raster;
    let first = Frame::new(&raster, &[], Timestamp::UNIX_EPOCH);
    let mut history = History::default().assessed(&first, AssessmentOutcome::Changed);
    let gate = median(|| -> Result<(), Box<dyn Error>> {
        let raster = decode_for(bytes, &limits, Grid::REFERENCE_SIDE)?.raster;
        let frame = Frame::new(&raster, &[], Timestamp::UNIX_EPOCH);
        let (decision, next) = decide(
            &frame,
            std::mem::take(&mut history),
            &GatePolicy::default(),
            false,
        );
        history = next;
        assert!(matches!(decision, Decision::Skip(_)));
        Ok(())
    })?;
    Ok(Ours { full, gate })
}

fn peers(folder: &Path) -> Result<Option<Vec<serde_json::Value>>, Box<dyn Error>> {
    let Some(python) = std::env::var_os("AICLEANER_PEERS_PYTHON") else {
        return Ok(None);
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches")
        .join("peers.py");
    let output = std::process::Command::new(python)
        .arg(script)
        .arg(folder)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

/// The CPU time of a run in milliseconds: the median of five batches, each long enough for a coarse clock.
fn median(mut run: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    run()?;
    let mut times = Vec::with_capacity(BATCHES);
    for _ in 0..BATCHES {
        let start = on_cpu()?;
        let mut runs = 0.0;
        while on_cpu()? - start < BATCH_NANOS {
            run()?;
            runs += 1.0;
        }
        times.push((on_cpu()? - start) / runs / 1e6);
    }
    Ok(common::median(&mut times))
}

/// Nanoseconds this thread has run so far (Linux, Documentation/scheduler/sched-stats.rst).
fn on_cpu() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split_whitespace().next().unwrap_or("0").parse()?)
}

/// A room with texture and a sensor's noise.
fn room(width: u32, height: u32) -> Result<Raster, Box<dyn Error>> {
    let mut noise = 1_u32;
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (
                f64::from(x) / f64::from(width),
                f64::from(y) / f64::from(height),
            );
            let wood = (u * 170.0 + (v * 23.0).sin() * 2.0).sin() * 14.0 + (v * 90.0).sin() * 9.0;
            let colour = if v < 0.45 {
                let paper = (u * 140.0).sin() * (v * 120.0).sin() * 10.0;
                [176.0 + paper, 170.0 + paper, 150.0 + paper]
            } else if (0.55..0.9).contains(&u) && v < 0.75 {
                let weave = (u * 460.0).sin() * (v * 310.0).cos() * 14.0;
                [52.0 + weave, 66.0 + weave, 98.0 + weave]
            } else {
                [132.0 + wood, 104.0 + wood, 78.0 + wood * 0.8]
            };
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let grain = f64::from(noise % 1000) / 100.0 - 5.0;
            rgb.extend(colour.map(|c| (c + grain).clamp(0.0, 255.0) as u8));
        }
    }
    Raster::new(width, height, rgb).ok_or_else(|| "the picture is empty".into())
}
