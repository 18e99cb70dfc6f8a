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
    Buffers, Decision, Found, Frame, Grid, History, Limits, Policy, Raster, decide, decode_for,
    encode_jpeg, shrink,
};
use aicleaner_testkit::report::{Better, Figure, Report};
use common::publish;
use jiff::Timestamp;

const SIZES: [(&str, u32, u32); 3] = [
    ("720p", 1280, 720),
    ("1080p", 1920, 1080),
    ("4k", 3840, 2160),
];
const BATCHES: usize = 5;
const BATCH_NANOS: f64 = 3e8;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let limits = Limits::default();
    let _kept = Buffers::keep();
    let mut report = Report::new("vision");
    let mut ours = Vec::new();
    for (name, width, height) in SIZES {
        let bytes = encode_jpeg(&room(width, height)?, 85)?;
        std::fs::write(folder.path().join(format!("{name}.jpg")), &bytes)?;
        let full = median(|| -> Result<(), Box<dyn Error>> {
            let raster = shrink(decode_for(&bytes, &limits, 1024)?.raster, 1024);
            black_box(Grid::new(&raster, &[], Grid::GATE_SIDE));
            black_box(encode_jpeg(&raster, 85)?);
            Ok(())
        })?;
        let raster = decode_for(&bytes, &limits, Grid::REFERENCE_SIDE)?.raster;
        let first = Frame::new(&raster, &[], Timestamp::UNIX_EPOCH);
        let mut history = History::default().assessed(&first, Found::Change);
        let gate = median(|| -> Result<(), Box<dyn Error>> {
            let raster = decode_for(&bytes, &limits, Grid::REFERENCE_SIDE)?.raster;
            let frame = Frame::new(&raster, &[], Timestamp::UNIX_EPOCH);
            let (decision, next) = decide(
                &frame,
                std::mem::take(&mut history),
                &Policy::default(),
                false,
            );
            history = next;
            assert!(matches!(decision, Decision::Skip(_)));
            Ok(())
        })?;
        report.add(Figure::plain(
            &format!("{name}: full path"),
            full,
            "ms",
            Better::Lower,
        ));
        report.add(Figure::plain(
            &format!("{name}: gate path with its decision"),
            gate,
            "ms",
            Better::Lower,
        ));
        ours.push((name, full, gate));
    }
    if let Some(peers) = peers(folder.path())? {
        for ((name, full, gate), peer) in ours.iter().zip(&peers) {
            let of = |key: &str| {
                peer[key]
                    .as_f64()
                    .ok_or_else(|| format!("peers.py gave no {key}"))
            };
            let (pillow, opencv, vips, floor) = (
                of("pillow_ms")?,
                of("opencv_ms")?,
                of("vips_ms")?,
                of("floor_ms")?,
            );
            report.add(
                Figure::at_least(
                    &format!("{name}: full path, times as fast"),
                    pillow / full,
                    "x",
                    3.0,
                )
                .against("Pillow + ImageHash"),
            );
            report.add(
                Figure::plain(
                    &format!("{name}: full path, times as fast"),
                    opencv / full,
                    "x",
                    Better::Higher,
                )
                .against("OpenCV"),
            );
            report.add(
                Figure::at_most(
                    &format!("{name}: full path, times the time"),
                    full / vips,
                    "x",
                    1.3,
                )
                .against("libvips, shrink on load"),
            );
            report.add(
                Figure::at_most(
                    &format!("{name}: gate path, times the time"),
                    gate / floor,
                    "x",
                    3.0,
                )
                .against("1/8 decode + dHash, libjpeg-turbo"),
            );
        }
    }
    publish(&report)
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
    Ok((common::median(&mut times) * 100.0).round() / 100.0)
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
