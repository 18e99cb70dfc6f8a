//! Draws the seeds that fuzzing starts from into `corpus/`: a small picture of every kind, and a few masks.

use std::fs;
use std::io;
use std::path::Path;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const WIDTH: u16 = 40;
const HEIGHT: u16 = 28;

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let decode = corpus.join("decode");
    fs::create_dir_all(&decode)?;
    for (name, bytes) in jpegs().into_iter().chain([("png", png()?), ("webp", webp()?)]) {
        fs::write(decode.join(name), bytes)?;
    }
    let polygons = corpus.join("polygons");
    fs::create_dir_all(&polygons)?;
    let masks = [
        r#"[]"#,
        r#"[[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}]]"#,
        r#"[[{"x":0.1,"y":0.5},{"x":0.9,"y":0.5},{"x":0.5,"y":0.5},{"x":0.2,"y":0.1}]]"#,
    ];
    for (number, text) in masks.iter().enumerate() {
        // libFuzzer takes the sizes from the end of the input.
        let seed = [text.as_bytes(), &[63, 47]].concat();
        fs::write(polygons.join(format!("masks-{number}")), seed)?;
    }
    Ok(())
}

fn pixels() -> Vec<u8> {
    let (width, height) = (u32::from(WIDTH), u32::from(HEIGHT));
    (0..width * height * 3)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 / 2 + (i / 40 % 100) as u8)
        .collect()
}

fn jpegs() -> Vec<(&'static str, Vec<u8>)> {
    let kinds = [
        ("baseline", SamplingFactor::R_4_2_0, false, 0),
        ("restarts", SamplingFactor::R_4_2_2, false, 2),
        ("progressive", SamplingFactor::R_4_2_0, true, 0),
        ("progressive-restarts", SamplingFactor::R_4_4_4, true, 3),
    ];
    let mut all = Vec::new();
    for (name, sampling, progressive, restarts) in kinds {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 70);
        encoder.set_sampling_factor(sampling);
        encoder.set_progressive(progressive);
        if restarts > 0 {
            encoder.set_restart_interval(restarts);
        }
        if encoder.encode(&pixels(), WIDTH, HEIGHT, ColorType::Rgb).is_ok() {
            all.push((name, bytes));
        }
    }
    for (name, kind, depth) in [("grey", ColorType::Luma, 1), ("ink", ColorType::CmykAsYcck, 4)] {
        let data: Vec<u8> = pixels().into_iter().cycle().take(40 * 28 * depth).collect();
        let mut bytes = Vec::new();
        if Encoder::new(&mut bytes, 70).encode(&data, WIDTH, HEIGHT, kind).is_ok() {
            all.push((name, bytes));
        }
    }
    all
}

fn png() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH.into(), HEIGHT.into());
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels())?;
    writer.finish()?;
    Ok(bytes)
}

fn webp() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(&pixels(), WIDTH.into(), HEIGHT.into(), image_webp::ColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(bytes)
}
