//! The light of a day: sun and clouds, lamps that are switched, and the camera's own infrared light.
//! Levels are linear: 1 is a well-lit room.

use super::random::drift;

/// Below this level the camera goes over to infrared.
const DARK: f32 = 0.03;
/// How long the camera takes to go over to infrared and back, in seconds.
const SWITCHING: f32 = 8.0;
/// The light of a whole day.
#[derive(Clone, Debug)]
pub(super) struct Lighting {
    pub(super) seed: u64,
    /// In seconds from the day's start, the evening before and the day itself.
    pub(super) sunrise: f32,
    pub(super) sunset: [f32; 2],
    /// How much clouds take away, 0 to 1, slowly and fast.
    pub(super) overcast: f32,
    pub(super) restless: f32,
    /// When each lamp is on, in seconds.
    pub(super) lamps: [Vec<(f32, f32)>; 2],
}

/// The light of one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Light {
    /// Of the sky, in the room.
    pub(super) sky: f32,
    /// Of the sun itself, where it falls on the floor.
    pub(super) sun: f32,
    /// How far the patch of sun has wandered, 0 to 1.
    pub(super) patch: f32,
    /// Of the two lamps.
    pub(super) lamps: [f32; 2],
    /// The camera sees by its own light.
    pub(super) infrared: bool,
}

impl Lighting {
    /// The light at a moment, in seconds.
    pub(super) fn at(&self, now: f32) -> Light {
        let height = self.sun_height(now);
        let slow = 0.5 + 0.5 * drift(self.seed ^ 1, now, 2400.0);
        let fast = 0.5 + 0.5 * drift(self.seed ^ 2, now, 100.0);
        let clouds = (self.overcast * slow + self.restless * fast).min(0.95);
        let noon = (self.sunrise + self.sunset[1]) / 2.0;
        let from_noon = (now - noon) / 3600.0;
        let direct = if from_noon.abs() < 3.5 {
            (1.0 - clouds * 1.25).max(0.0)
        } else {
            0.0
        };
        Light {
            sky: height * (1.0 - 0.75 * clouds),
            sun: 2.2 * height * direct,
            patch: (from_noon + 3.5) / 7.0,
            lamps: self.lamps_at(now),
            infrared: self.level(now - SWITCHING) < DARK,
        }
    }

    /// From 0 (night) to 1 (noon), with dusk and dawn.
    fn sun_height(&self, now: f32) -> f32 {
        const DUSK: f32 = 2400.0;
        let from_rise = now - self.sunrise;
        let to_set = if from_rise < 0.0 {
            self.sunset[0]
        } else {
            self.sunset[1]
        } - now;
        let above = if from_rise < 0.0 {
            to_set
        } else {
            from_rise.min(to_set)
        };
        let twilight = ((above + DUSK) / (2.0 * DUSK)).clamp(0.0, 1.0);
        let height = (above.max(0.0) / 14_400.0).min(1.0);
        twilight * twilight * (0.35 + 0.65 * (height * std::f32::consts::FRAC_PI_2).sin())
    }

    fn lamps_at(&self, now: f32) -> [f32; 2] {
        let on = |spells: &Vec<(f32, f32)>| spells.iter().any(|s| s.0 <= now && now < s.1);
        [
            if on(&self.lamps[0]) { 0.5 } else { 0.0 },
            if on(&self.lamps[1]) { 0.45 } else { 0.0 },
        ]
    }

    /// How light the room is, clouds apart, so that the camera does not go over again and again.
    fn level(&self, now: f32) -> f32 {
        self.sun_height(now) * 0.6 + self.lamps_at(now).iter().sum::<f32>()
    }
}
