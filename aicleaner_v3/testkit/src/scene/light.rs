//! Light that drifts slowly and the grain of a camera's sensor.
//! Both are functions of the seed and the time passed in: the same moment looks the same for ever.

use std::time::Duration;

use super::canvas::{Canvas, to_byte};

/// Samples of grain kept ready; a prime's worth of shifts hides the repeat.
const SAMPLES: usize = 1 << 15;

/// Slow changes of brightness and warmth.
#[derive(Clone, Copy, Debug)]
pub struct Light {
    /// How far brightness strays from 1, up and down.
    pub swing: f32,
    /// How long one slow wave takes.
    pub period: Duration,
}

impl Default for Light {
    /// 4 % up and down in ten minutes: a day with a few clouds.
    fn default() -> Self {
        Self {
            swing: 0.04,
            period: Duration::from_secs(600),
        }
    }
}

impl Light {
    /// How bright each of red, green and blue is at a moment, 1 being plain.
    #[must_use]
    pub fn gains(&self, seed: u64, at: Duration) -> [f32; 3] {
        let phase = unit(mix_bits(seed)) * std::f32::consts::TAU;
        let turn = at.as_secs_f32() / self.period.as_secs_f32().max(1.0) * std::f32::consts::TAU;
        let wave = (turn + phase).sin() * 0.7 + (turn * 2.7 + phase * 1.9).sin() * 0.3;
        let warm = (turn * 0.37 + phase).sin() * self.swing * 0.3;
        let bright = 1.0 + wave * self.swing;
        [bright + warm, bright, bright - warm]
    }

    /// Applies the light of a moment to a picture.
    pub fn shine(&self, canvas: &mut Canvas, seed: u64, at: Duration) {
        let tables = self.gains(seed, at).map(|gain| {
            let mut table = [0_u8; 256];
            for (level, slot) in (0_u8..=255).zip(&mut table) {
                *slot = to_byte(f32::from(level) * gain);
            }
            table
        });
        for pixel in canvas.pixels_mut().chunks_exact_mut(3) {
            for (channel, table) in pixel.iter_mut().zip(&tables) {
                *channel = table[usize::from(*channel)];
            }
        }
    }
}

/// The grain of a sensor: small random changes of brightness, new in every picture.
#[derive(Clone, Debug)]
pub struct Grain {
    samples: Vec<i8>,
    seed: u64,
}

impl Grain {
    /// Grain of about `strength` levels (of 255) up and down.
    #[must_use]
    pub fn new(seed: u64, strength: f32) -> Self {
        let samples = (0..SAMPLES)
            .scan(mix_bits(seed), |state, _| {
                *state = mix_bits(*state);
                // The sum of two even throws is bell-shaped enough for a sensor.
                let throw = unit(*state) + unit(mix_bits(*state ^ 0x5bd1)) - 1.0;
                Some(to_level(throw * strength * 1.7))
            })
            .collect();
        Self { samples, seed }
    }

    /// Adds the grain of a moment to a picture.
    pub fn sprinkle(&self, canvas: &mut Canvas, at: Duration) {
        let nanos = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        let mut state = mix_bits(self.seed ^ nanos);
        let row_bytes = usize::from(canvas.width()) * 3;
        for row in canvas.pixels_mut().chunks_exact_mut(row_bytes) {
            state = mix_bits(state);
            let start = usize::try_from(state % (1 << 15)).unwrap_or(0);
            let endless = self.samples[start..]
                .iter()
                .chain(self.samples.iter().cycle());
            for (pixel, &grain) in row.chunks_exact_mut(3).zip(endless) {
                for channel in pixel {
                    *channel = channel.saturating_add_signed(grain);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to a signed byte first"
)]
fn to_level(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

/// Spreads the bits of a number (splitmix64's finaliser).
pub(crate) fn mix_bits(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 to 1 out of random bits.
#[expect(
    clippy::cast_precision_loss,
    reason = "24 bits fit a single float exactly"
)]
pub(crate) fn unit(bits: u64) -> f32 {
    (bits >> 40) as f32 / 16_777_216.0
}
