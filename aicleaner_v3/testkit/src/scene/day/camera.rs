//! The camera's own faults: it trembles, is knocked, and restarts with black, garbled, cut off or shifted pictures.

use super::random::{Dice, drift};
use crate::scene::canvas::Canvas;

/// What is wrong with a picture while a camera restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraFault {
    /// Nothing but black.
    Black,
    /// Bands and blocks in the wrong places.
    Garbled,
    /// Half of the file is missing.
    CutOff,
    /// The picture is moved by some hundredths of its width.
    Shifted,
}

/// A camera's day.
#[derive(Clone, Debug)]
pub(super) struct Camera {
    pub(super) seed: u64,
    /// JPEG quality, 1 to 100.
    pub(super) quality: u8,
    /// How far it trembles, in shares of the picture.
    pub(super) tremble: f32,
    /// From when on (in seconds) it hangs how far from where it hung, in shares of the picture; in order.
    pub(super) knocks: Vec<(f32, (f32, f32))>,
    /// From when until when (in seconds) it restarts, and how that looks.
    pub(super) restarts: Vec<(f32, f32, CameraFault)>,
}

impl Camera {
    pub(super) fn quality(&self) -> u8 {
        self.quality
    }

    pub(super) fn trouble(&self, now: f32) -> Option<CameraFault> {
        let restart = self.restarts.iter().find(|r| r.0 <= now && now < r.1);
        restart.map(|r| r.2)
    }

    pub(super) fn knocked(&self, now: f32) -> (f32, f32) {
        let past = self.knocks.iter().rev().find(|(at, _)| *at <= now);
        past.map_or((0.0, 0.0), |&(_, shift)| shift)
    }

    /// Where the view is at a moment, in shares of the picture.
    pub(super) fn shift(&self, now: f32) -> (f32, f32) {
        let (x, y) = self.knocked(now);
        let tremble = |seed: u64| drift(self.seed ^ seed, now, 0.7) * self.tremble;
        let (mut x, mut y) = (x + tremble(1), y + tremble(2));
        if self.trouble(now) == Some(CameraFault::Shifted) {
            x += 0.05;
            y -= 0.03;
        }
        (x, y)
    }

    /// Does to a picture what a restart does.
    pub(super) fn spoil(&self, picture: &mut Canvas, now: f32) {
        match self.trouble(now) {
            Some(CameraFault::Black) => picture.pixels_mut().fill(2),
            Some(CameraFault::Garbled) => self.garble(picture, now),
            Some(CameraFault::CutOff | CameraFault::Shifted) | None => {}
        }
    }

    fn garble(&self, picture: &mut Canvas, now: f32) {
        let mut dice = Dice::new(self.seed, u64::from(now.to_bits()));
        let stride = usize::from(picture.width()) * 3;
        for band in picture.pixels_mut().chunks_mut(stride * 16) {
            if dice.chance(0.4) {
                let turn = dice.below(stride / 3) * 3;
                for row in band.chunks_exact_mut(stride) {
                    row.rotate_left(turn);
                }
            } else if dice.chance(0.25) {
                let grey = if dice.chance(0.5) { 128 } else { 60 };
                band.fill(grey);
            }
        }
    }
}
