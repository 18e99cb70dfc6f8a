//! The exposure of a day's camera: gain, white balance and the noise that comes with them. It follows the light, a little late.

use super::light::{Light, Lighting};
use super::maps::Maps;

/// How long its exposure takes to follow the light, in seconds.
const ADAPTING: f32 = 2.0;

impl Lighting {
    /// How strong the noise is, in levels of 255: it rises with the exposure's gain.
    pub(super) fn noise(&self, maps: &Maps, now: f32) -> f32 {
        let light = self.at(now);
        if light.infrared {
            return 6.0;
        }
        1.4 + 1.5 * self.gains(maps, now).into_iter().fold(0.0, f32::max).sqrt()
    }

    /// What red, green and blue are multiplied with: exposure and white balance, a little late.
    pub(super) fn gains(&self, maps: &Maps, now: f32) -> [f32; 3] {
        let before = self.at((now - ADAPTING).max(0.0));
        let seen_by_infrared = self.at(now).infrared;
        let means = maps.means(&Light {
            infrared: seen_by_infrared,
            ..before
        });
        let mean = means.iter().sum::<f32>() / 3.0;
        let exposure = (0.2 / mean.max(1e-4)).powf(0.9).clamp(0.1, 9.0);
        means.map(|channel| {
            let balance = (mean / channel.max(1e-5)).powf(0.7).clamp(0.5, 2.0);
            exposure * balance
        })
    }
}
