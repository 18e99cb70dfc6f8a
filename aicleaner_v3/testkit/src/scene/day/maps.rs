//! What never changes in a day: the tidy room with the grain of its materials, and how far each light reaches.
//! Made once a day and size.

use super::light::Light;
use super::random::drift;
use crate::scene::canvas::{Canvas, to_byte};
use crate::scene::furniture::{Furniture, Palette, Shell, Window};
use crate::scene::layer::Layer;
use crate::scene::light::{mix_bits, unit};
use std::time::Duration;

/// Colours of the lights, linear.
pub(super) const SKY: [f32; 3] = [0.86, 0.96, 1.1];
pub(super) const SUN: [f32; 3] = [1.1, 1.0, 0.84];
pub(super) const LAMPS: [[f32; 3]; 2] = [[1.25, 0.95, 0.6], [1.15, 1.0, 0.78]];
/// How much brighter it is outside than in the room.
pub(super) const OUTSIDE: f32 = 2.6;
/// The glass of the window.
const GLASS: [f32; 4] = [0.29, 0.09, 0.51, 0.39];

/// How far each light reaches, pixel by pixel.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    pub(super) sky: f32,
    pub(super) glass: f32,
    pub(super) lamps: [f32; 2],
    pub(super) infrared: f32,
}

/// The unchanging parts of a day.
#[derive(Debug)]
pub(super) struct Maps {
    pub(super) tidy: Canvas,
    pub(super) reach: Vec<Reach>,
    /// Means of reach times the room's brightness, per channel.
    sky: [f32; 3],
    glass: [f32; 3],
    lamps: [[f32; 3]; 2],
    infrared: f32,
}

impl Maps {
    pub(super) fn new(seed: u64, size: (u16, u16)) -> Self {
        let palette = Palette::of(mix_bits(seed));
        let mut tidy = Canvas::new(size.0, size.1);
        let layers: [&dyn Layer; 3] = [&Shell(palette), &Window, &Furniture(palette)];
        for layer in layers {
            layer.draw(&mut tidy, Duration::ZERO);
        }
        weave(&mut tidy, seed);
        let reach = reach_of(&tidy);
        let mut maps = Self {
            tidy,
            reach,
            sky: [0.0; 3],
            glass: [0.0; 3],
            lamps: [[0.0; 3]; 2],
            infrared: 0.0,
        };
        maps.measure();
        maps
    }

    /// How bright a light makes the picture, per channel: what a camera's exposure goes by.
    pub(super) fn means(&self, light: &Light) -> [f32; 3] {
        if light.infrared {
            return [self.infrared + light.lamps.iter().sum::<f32>() * 0.3; 3];
        }
        [0, 1, 2].map(|c| {
            let lamps: f32 = (0..2)
                .map(|i| light.lamps[i] * LAMPS[i][c] * self.lamps[i][c])
                .sum();
            let outside = light.sky * OUTSIDE * self.glass[c];
            let sky = light.sky * SKY[c] * self.sky[c];
            // A patch of sun covers about a twentieth of the picture.
            sky + outside + lamps + light.sun * SUN[c] * 0.05 * self.sky[c] + 0.0008
        })
    }

    fn measure(&mut self) {
        let mut count = 0.0_f32;
        let pixels = self.tidy.pixels().chunks_exact(3).zip(&self.reach);
        for (pixel, reach) in pixels.step_by(37) {
            count += 1.0;
            for (c, &channel) in pixel.iter().enumerate() {
                let level = (f32::from(channel) / 255.0).powi(2);
                self.sky[c] += level * reach.sky;
                self.glass[c] += level * reach.glass;
                for lamp in 0..2 {
                    self.lamps[lamp][c] += level * reach.lamps[lamp].min(3.0);
                }
            }
            self.infrared += 0.3 * reach.infrared;
        }
        for c in 0..3 {
            self.sky[c] /= count;
            self.glass[c] /= count;
            for lamp in 0..2 {
                self.lamps[lamp][c] /= count;
            }
        }
        self.infrared /= count;
    }
}

/// Gives every material a grain, coarse and fine.
fn weave(canvas: &mut Canvas, seed: u64) {
    let width = usize::from(canvas.width());
    let scale = 640.0 / f32::from(canvas.width());
    let mut state = mix_bits(seed ^ 77);
    for (y, row) in canvas.pixels_mut().chunks_exact_mut(width * 3).enumerate() {
        let v = single(y) * scale;
        let board = drift(seed ^ 5, v, 9.0);
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let u = single(x) * scale;
            state = mix_bits(state);
            let fine = unit(state) - 0.5;
            let coarse = drift(seed ^ 6, u + board * 40.0, 5.0) * 0.5
                + drift(seed ^ 7, u * 0.3 + v, 4.0) * 0.5;
            let factor = 1.0 + coarse * 0.045 + fine * 0.05;
            for channel in pixel {
                *channel = to_byte(f32::from(*channel) * factor);
            }
        }
    }
}

fn reach_of(canvas: &Canvas) -> Vec<Reach> {
    let (width, height) = (canvas.width(), canvas.height());
    let mut reach = Vec::with_capacity(usize::from(width) * usize::from(height));
    let away =
        |x: f32, y: f32, cx: f32, cy: f32| ((x - cx).powi(2) + ((y - cy) * 0.6).powi(2)).sqrt();
    for row in 0..height {
        let y = (f32::from(row) + 0.5) / f32::from(height);
        for column in 0..width {
            let x = (f32::from(column) + 0.5) / f32::from(width);
            if x > GLASS[0] && x < GLASS[2] && y > GLASS[1] && y < GLASS[3] {
                reach.push(Reach {
                    glass: 1.0,
                    infrared: 0.12,
                    lamps: [0.1, 0.14],
                    ..Reach::default()
                });
                continue;
            }
            let floor_lamp = 0.2 + 1.7 * (-(away(x, y, 0.95, 0.26) / 0.3).powi(2)).exp();
            // The lamp's shade itself shines.
            let shade = y > 0.18 && y < 0.34 && (x - 0.952).abs() < (y - 0.18) / 0.16 * 0.05;
            reach.push(Reach {
                sky: 0.45 + 0.75 * (-away(x, y, 0.4, 0.5) / 0.35).exp(),
                glass: 0.0,
                lamps: [
                    if shade { 5.0 } else { floor_lamp },
                    0.75 + 0.35 * (1.0 - away(x, y, 0.5, 0.3)),
                ],
                infrared: 0.18 + 1.1 * (-(away(x, y, 0.5, 0.6) / 0.5).powi(2)).exp(),
            });
        }
    }
    reach
}

#[expect(
    clippy::cast_precision_loss,
    reason = "rows and columns are below 65,536"
)]
fn single(value: usize) -> f32 {
    value as f32
}
