//! From the lit scene to what a sensor gives: exposure, white balance, infrared, and grain.
//! The camera's view is moved here too, so that shake moves light and things alike.

use std::time::Duration;

use super::light::{Light, Lighting};
use super::maps::{LAMPS, Maps, OUTSIDE, Reach, SKY, SUN};
use crate::scene::canvas::{Canvas, to_byte};
use crate::scene::light::{mix_bits, unit};

/// Samples of grain kept ready.
const SAMPLES: usize = 1 << 14;

/// Lights a scene and takes its picture. `shift` is how far the view moved, in shares of the picture.
pub(super) fn expose(
    maps: &Maps,
    scene: &Canvas,
    lighting: &Lighting,
    now: f32,
    shift: (f32, f32),
) -> Canvas {
    let light = lighting.at(now);
    let gains = lighting.gains(maps, now);
    let (width, height) = (scene.width(), scene.height());
    let mut picture = Canvas::new(width, height);
    let columns = sources(width, shift.0);
    let rows = sources(height, shift.1);
    let stride = usize::from(width);
    let targets = picture.pixels_mut().chunks_exact_mut(stride * 3);
    for (target, &row) in targets.zip(&rows) {
        let y = share(row, height);
        let sunny = sunny(&light, y);
        let reach = &maps.reach[row * stride..][..stride];
        let source = &scene.pixels()[row * stride * 3..][..stride * 3];
        for (out, &column) in target.chunks_exact_mut(3).zip(&columns) {
            let pixel = [
                source[column * 3],
                source[column * 3 + 1],
                source[column * 3 + 2],
            ];
            if light.infrared {
                let level = by_infrared(pixel, &reach[column], &light, gains[1]);
                out.fill(to_byte(level));
                continue;
            }
            let sun = sunny.map_or(0.0, |patch| patch.at(share(column, width))) * light.sun;
            for c in 0..3 {
                let level = lit(&reach[column], &light, c) + sun * SUN[c] * reach[column].sky;
                out[c] = to_byte(f32::from(pixel[c]) * (level * gains[c]).sqrt());
            }
        }
    }
    picture
}

fn lit(reach: &Reach, light: &Light, c: usize) -> f32 {
    let lamps = light.lamps[0] * LAMPS[0][c] * reach.lamps[0]
        + light.lamps[1] * LAMPS[1][c] * reach.lamps[1];
    light.sky * (SKY[c] * reach.sky + OUTSIDE * reach.glass) + lamps + 0.0008
}

/// How a colour looks by infrared: dyes differ less, and what is near is brighter.
pub(super) fn grey_of([r, g, b]: [u8; 3]) -> f32 {
    let grey = f32::from(r) * 0.5 + f32::from(g) * 0.3 + f32::from(b) * 0.2;
    grey * 0.75 + 38.0
}

fn by_infrared(pixel: [u8; 3], reach: &Reach, light: &Light, gain: f32) -> f32 {
    let lamps = light.lamps.iter().sum::<f32>() * 3.0;
    grey_of(pixel) * ((reach.infrared + lamps + light.sky) * gain).sqrt()
}

/// The patch of sun on one row of the floor: two panes with a bar between them.
#[derive(Clone, Copy)]
struct Patch {
    left: f32,
    width: f32,
}

fn sunny(light: &Light, y: f32) -> Option<Patch> {
    if light.sun <= 0.0 || !(0.64..0.93).contains(&y) {
        return None;
    }
    let left = 0.72 - 0.6 * light.patch + (y - 0.64) * (0.5 - light.patch);
    Some(Patch {
        left,
        width: 0.15 + (y - 0.64) * 0.2,
    })
}

impl Patch {
    fn at(self, x: f32) -> f32 {
        const SOFT: f32 = 0.008;
        let part = (x - self.left) / self.width;
        let bar = (part - 0.5).abs() < 0.03;
        let edge = (x - self.left).min(self.left + self.width - x);
        if bar {
            0.1
        } else {
            (edge / SOFT).clamp(0.0, 1.0)
        }
    }
}

/// Adds the grain of a moment: fine, and blotches as a camera's own smoothing leaves them.
pub(super) fn grain(picture: &mut Canvas, strength: f32, seed: u64, at: Duration) {
    let moment = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
    let mut state = mix_bits(seed ^ mix_bits(moment));
    let samples: Vec<f32> = (0..SAMPLES)
        .scan(mix_bits(seed), |state, _| {
            *state = mix_bits(*state);
            let throws = unit(*state) + unit(mix_bits(*state ^ 1)) + unit(mix_bits(*state ^ 2));
            Some((throws - 1.5) * 2.0 * strength)
        })
        .collect();
    let width = usize::from(picture.width()) * 3;
    let start = |state: &mut u64| {
        *state = mix_bits(*state);
        usize::try_from(*state % (1 << 14)).unwrap_or(0)
    };
    let mut blotches = 0;
    for (y, row) in picture.pixels_mut().chunks_exact_mut(width).enumerate() {
        if y % 4 == 0 {
            blotches = start(&mut state);
        }
        let fine = start(&mut state);
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let blotch = samples[(blotches + x / 4) % SAMPLES] * 0.3;
            for (c, channel) in pixel.iter_mut().enumerate() {
                // Brightness has most of the grain, colour a little.
                let own = samples[(fine + x) % SAMPLES] * 0.9
                    + samples[(fine + x * 3 + c * 101) % SAMPLES] * 0.4;
                *channel = to_byte(f32::from(*channel) + own + blotch);
            }
        }
    }
}

/// Which row or column each one of the picture shows.
fn sources(length: u16, shift: f32) -> Vec<usize> {
    let last = f32::from(length) - 1.0;
    (0..length)
        .map(|at| {
            whole(
                (f32::from(at) + shift * f32::from(length))
                    .round()
                    .clamp(0.0, last),
            )
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "rows and columns are below 65,536"
)]
fn share(at: usize, length: u16) -> f32 {
    (at as f32 + 0.5) / f32::from(length)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture before"
)]
fn whole(value: f32) -> usize {
    value as usize
}
