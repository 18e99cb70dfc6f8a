//! Chance that a seed decides, and smooth random drifts over time.
//! The same seed gives the same throws for ever.

use crate::scene::light::{mix_bits, unit};

/// A row of throws.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// Throws that depend on a seed and on what they are for.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        Self(mix_bits(seed ^ mix_bits(purpose)))
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 = mix_bits(self.0);
        self.0
    }

    /// A number between two numbers.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * unit(self.bits())
    }

    /// A whole number below `count`, which is at least 1.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % count).unwrap_or(0)
    }

    /// Whether something of a likelihood from 0 to 1 happens.
    pub(super) fn chance(&mut self, likelihood: f32) -> bool {
        unit(self.bits()) < likelihood
    }
}

/// A number from -1 to 1 that wanders; it takes about `period` seconds from one turn to the next.
pub(super) fn drift(seed: u64, seconds: f32, period: f32) -> f32 {
    let steps = seconds / period;
    let whole = steps.floor();
    let at = |step: f32| unit(mix_bits(seed ^ u64::from(step.to_bits()))) * 2.0 - 1.0;
    let part = steps - whole;
    let eased = part * part * (3.0 - 2.0 * part);
    at(whole) + (at(whole + 1.0) - at(whole)) * eased
}
