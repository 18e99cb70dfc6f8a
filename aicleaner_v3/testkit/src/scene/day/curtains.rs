//! Curtains at both sides of the window: they sway in the draught and are sometimes drawn a little further.

use super::random::drift;
use crate::scene::canvas::{Canvas, Rgb, mix};

/// The heights at which a curtain is drawn, so that it swings more below than above.
const BANDS: u8 = 12;
const FOLDS: u8 = 6;

/// The curtains of a day.
#[derive(Clone, Debug)]
pub(super) struct Curtains {
    pub(super) seed: u64,
    /// How much wind there is, 0 to 1.
    pub(super) wind: f32,
    /// From when on (in seconds) they are drawn how far (0 to 1), in order.
    pub(super) moves: Vec<(f32, f32)>,
}

impl Curtains {
    /// How far they are drawn at a moment, in seconds.
    pub(super) fn drawn(&self, now: f32) -> f32 {
        let past = self.moves.iter().rev().find(|(at, _)| *at <= now);
        past.map_or(0.0, |&(_, drawn)| drawn)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, now: f32) {
        let width = 0.055 + 0.06 * self.drawn(now);
        let gust = (0.3 + 0.7 * drift(self.seed ^ 3, now, 90.0)).max(0.0) * self.wind;
        for band in 0..BANDS {
            let low = f32::from(band) / f32::from(BANDS);
            let swing = (0.002 + 0.022 * gust) * drift(self.seed, now + low, 1.7) * low;
            let (y, h) = (0.045 + 0.47 * low, 0.47 / f32::from(BANDS) + 0.002);
            self.strip(canvas, [0.248, y, width + swing, h], 1.0);
            self.strip(canvas, [0.552 - width + swing, y, width - swing, h], -1.0);
        }
    }

    fn strip(&self, canvas: &mut Canvas, [x, y, w, h]: [f32; 4], side: f32) {
        const CLOTHS: [Rgb; 3] = [[198, 186, 160], [150, 164, 172], [180, 150, 140]];
        let cloth = CLOTHS[usize::try_from(self.seed % 3).unwrap_or(0)];
        for fold in 0..FOLDS {
            let part = w / f32::from(FOLDS);
            let dark = if fold % 2 == 0 {
                0.05
            } else {
                0.22 + 0.03 * side
            };
            canvas.rectangle(
                x + part * f32::from(fold),
                y,
                part + 0.001,
                h,
                mix(cloth, [0, 0, 0], dark),
            );
        }
    }
}
