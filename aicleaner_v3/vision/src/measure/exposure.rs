//! How a camera's exposure changed between two frames: a gain and an offset for the whole picture.
//! Never more than these two numbers, so that no object in the room can hide in them.

use super::field::Field;

/// Brightness now = gain x brightness then + offset, in levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ExposureChange {
    pub(crate) gain: f32,
    pub(crate) offset: f32,
}

/// The levels between which a sensor is not clipped.
const LINEAR: std::ops::Range<f32> = 4.0..250.0;

impl ExposureChange {
    /// The change that most cells agree on. `before` and `current` are levels, 0 to 255.
    pub(crate) fn between(before: &Field, current: &Field, open: &Field) -> Self {
        let pairs: Vec<(f32, f32)> = before
            .values
            .iter()
            .zip(&current.values)
            .zip(&open.values)
            .step_by(3)
            .filter(|((b, c), open)| **open > 0.0 && LINEAR.contains(*b) && LINEAR.contains(*c))
            .map(|((&b, &c), _)| (b, c))
            .collect();
        let mut exposure = Self::initial_estimate(&pairs);
        for _ in 0..6 {
            exposure = exposure.refined(&pairs);
        }
        exposure
    }

    /// From the quartiles, which a change in less than a quarter of the picture hardly moves.
    fn initial_estimate(pairs: &[(f32, f32)]) -> Self {
        let quartiles = |of: fn(&(f32, f32)) -> f32| {
            let mut levels: Vec<f32> = pairs.iter().map(of).collect();
            levels.sort_unstable_by(f32::total_cmp);
            let at = |quarter: usize| levels.get(levels.len() * quarter / 4).copied();
            at(1).zip(at(2)).zip(at(3)).map(|((a, b), c)| (b, c - a))
        };
        let identity = Self {
            gain: 1.0,
            offset: 0.0,
        };
        let Some(((middle, range), (new_middle, new_range))) =
            quartiles(|p| p.0).zip(quartiles(|p| p.1))
        else {
            return identity;
        };
        let gain = ((new_range + 2.0) / (range + 2.0)).clamp(0.2, 5.0);
        Self {
            gain,
            offset: new_middle - gain * middle,
        }
    }

    /// One step of iteratively reweighted least squares: cells with large residuals count little.
    fn refined(self, pairs: &[(f32, f32)]) -> Self {
        let (mut n, mut x, mut y, mut xx, mut xy) = (1e-6_f32, 0.0, 0.0, 0.0, 0.0);
        for &(before, current) in pairs {
            let residual = (current - self.gain * before - self.offset) / 10.0;
            let weight = 1.0 / (1.0 + residual * residual).powi(2);
            n += weight;
            x += weight * before;
            y += weight * current;
        }
        let (mean_x, mean_y) = (x / n, y / n);
        for &(before, current) in pairs {
            let residual = (current - self.gain * before - self.offset) / 10.0;
            let weight = 1.0 / (1.0 + residual * residual).powi(2);
            xx += weight * (before - mean_x) * (before - mean_x);
            xy += weight * (before - mean_x) * (current - mean_y);
        }
        if xx < n {
            // Too little range: only the offset can be estimated.
            return Self {
                gain: self.gain,
                offset: mean_y - self.gain * mean_x,
            };
        }
        let gain = (xy / xx).clamp(0.2, 5.0);
        Self {
            gain,
            offset: mean_y - gain * mean_x,
        }
    }

    /// The level that is expected now; where the old frame was clipped and the new one is beyond, the new level itself.
    pub(crate) fn expected(self, before: f32, current: f32) -> f32 {
        let expected = (self.gain * before + self.offset).clamp(LINEAR.start, LINEAR.end);
        if (before >= LINEAR.end && current > expected)
            || (before <= LINEAR.start && current < expected)
        {
            current
        } else {
            expected
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gain_and_offset_are_found_though_a_fifth_of_the_room_changed() {
        let before: Vec<f32> = (0..3000_u32)
            .map(|i| (i * 37 % 180) as f32 + 20.0)
            .collect();
        let current = before
            .iter()
            .enumerate()
            .map(|(i, v)| if i < 600 { 230.0 } else { v * 0.8 + 12.0 })
            .collect();
        let open = Field::new(60, 50, vec![1.0; 3000]);

        let exposure = ExposureChange::between(
            &Field::new(60, 50, before),
            &Field::new(60, 50, current),
            &open,
        );

        assert!(
            (exposure.gain - 0.8).abs() < 0.02 && (exposure.offset - 12.0).abs() < 2.0,
            "{exposure:?}"
        );
    }
}
