//! People who come in, walk about, stop here and there, and leave.
//! They cover what is behind them, as people do.

use super::random::drift;
use crate::scene::canvas::{Canvas, Rgb, mix};

/// A place on a person's way: when they are there, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// In seconds from the day's start.
    pub(super) at: f32,
    /// From left to right; beyond 0 and 1 is outside of the picture.
    pub(super) x: f32,
    /// Where the feet are: 0.68 is far, 0.97 near.
    pub(super) feet: f32,
}

/// One person's visit.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) seed: u64,
    /// At least two, in order.
    pub(super) way: Vec<Step>,
}

impl Visit {
    /// Whether the person is there at a moment, in seconds.
    pub(super) fn covers(&self, now: f32) -> bool {
        let first = self.way.first().map_or(f32::MAX, |step| step.at);
        let last = self.way.last().map_or(f32::MIN, |step| step.at);
        (first..last).contains(&now)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, now: f32) {
        let Some((from, to)) = self
            .way
            .iter()
            .zip(self.way.iter().skip(1))
            .find(|(from, to)| (from.at..to.at).contains(&now))
        else {
            return;
        };
        let part = (now - from.at) / (to.at - from.at);
        let walks = (to.x - from.x).abs() > 0.02;
        let feet = from.feet + (to.feet - from.feet) * part;
        let sway = drift(self.seed, now, 1.3) * 0.006;
        let x = from.x + (to.x - from.x) * part + sway;
        let swing = if walks {
            (now * 6.0).sin() * 0.03
        } else {
            0.004
        };
        let arms = drift(self.seed ^ 9, now, 0.9) * 0.012;
        self.draw_at(canvas, x, feet, swing, arms);
    }

    fn draw_at(&self, canvas: &mut Canvas, x: f32, feet: f32, swing: f32, arms: f32) {
        const SHIRTS: [Rgb; 4] = [[170, 50, 50], [50, 80, 150], [220, 215, 200], [60, 120, 80]];
        const TROUSERS: [Rgb; 3] = [[40, 44, 60], [90, 84, 72], [30, 30, 34]];
        let pick = |count: u64| usize::try_from(self.seed % count).unwrap_or(0);
        let (shirt, trousers) = (SHIRTS[pick(4)], TROUSERS[pick(3)]);
        let tall = 0.62 * (feet / 0.85);
        let wide = tall * 0.135;
        let top = feet - tall;
        canvas.ellipse(x - wide, feet - 0.02, wide * 2.0, 0.035, [60, 52, 46]);
        for side in [-1.0, 1.0] {
            let leg = x + side * wide * 0.3 + side * swing;
            canvas.rectangle(
                leg - wide * 0.22,
                top + tall * 0.52,
                wide * 0.44,
                tall * 0.47,
                trousers,
            );
        }
        canvas.rectangle(
            x - wide * 0.55,
            top + tall * 0.18,
            wide * 1.1,
            tall * 0.38,
            shirt,
        );
        for side in [-1.0, 1.0] {
            let arm = x + side * wide * 0.68 + arms;
            canvas.rectangle(
                arm - wide * 0.14,
                top + tall * 0.19,
                wide * 0.28,
                tall * 0.33,
                mix(shirt, [0, 0, 0], 0.2),
            );
        }
        canvas.ellipse(
            x - wide * 0.33,
            top,
            wide * 0.66,
            tall * 0.17,
            [206, 164, 140],
        );
        canvas.ellipse(
            x - wide * 0.35,
            top - 0.01,
            wide * 0.7,
            tall * 0.08,
            [70, 50, 40],
        );
    }
}
