//! What judging costs: money as whole micro-dollars, what a call used, and what a call may cost.
//! Rounds up everywhere: a budget that errs must err on the side of the household.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::OutOfRange;

const MICROS: u64 = 1_000_000;

/// An amount of US dollars in whole micro-dollars; never negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Usd(u64);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount in dollars that a person may write in the settings.
    pub const MOST_DOLLARS: f64 = 1_000_000.0;

    /// `micros` millionths of a dollar.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// An amount as people write it, rounded to the nearest micro-dollar.
    ///
    /// # Errors
    /// When it is negative, not a number, or above [`Self::MOST_DOLLARS`].
    pub fn from_dollars(dollars: f64) -> Result<Self, OutOfRange> {
        if !(0.0..=Self::MOST_DOLLARS).contains(&dollars) {
            return Err(OutOfRange::new(dollars, 0.0, Self::MOST_DOLLARS));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was checked: at most 10^12 micro-dollars"
        )]
        let micros = (dollars * 1e6).round() as u64;
        Ok(Self(micros))
    }

    /// In millionths of a dollar.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or the largest amount there is.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `count` times as much, or the largest amount there is.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl fmt::Display for Usd {
    /// Dollars with at least two decimals and no more than are needed: `$0.0123`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:06}", self.0 % MICROS);
        let kept = decimals.trim_end_matches('0').len().max(2);
        write!(f, "${}.{}", self.0 / MICROS, &decimals[..kept])
    }
}

/// What one call used, as the service reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Calls that the service answered.
    pub calls: u32,
    /// Tokens read, pictures' tokens too.
    pub tokens_in: u64,
    /// Tokens written, hidden reasoning too.
    pub tokens_out: u64,
    /// Pictures sent.
    pub images: u32,
}

impl Usage {
    /// One call of which nothing else is known.
    pub const ONE_CALL: Self = Self {
        calls: 1,
        tokens_in: 0,
        tokens_out: 0,
        images: 0,
    };

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            tokens_in: self.tokens_in.saturating_add(other.tokens_in),
            tokens_out: self.tokens_out.saturating_add(other.tokens_out),
            images: self.images.saturating_add(other.images),
        }
    }
}

/// What a provider's calls cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// For a million tokens read.
    pub input: Usd,
    /// For a million tokens written.
    pub output: Usd,
    /// For each call, whatever it used.
    pub call: Usd,
}

impl Price {
    /// What costs nothing.
    pub const FREE: Self = Self {
        input: Usd::ZERO,
        output: Usd::ZERO,
        call: Usd::ZERO,
    };

    /// The same for each call.
    pub const fn per_call(call: Usd) -> Self {
        Self {
            input: Usd::ZERO,
            output: Usd::ZERO,
            call,
        }
    }

    /// Whether calls cost nothing, whatever they use.
    pub fn is_free(&self) -> bool {
        *self == Self::FREE
    }

    /// What `usage` costs, rounded up to whole micro-dollars.
    pub fn of(&self, usage: Usage) -> Usd {
        let tokens = |price: Usd, count: u64| {
            let micros = (u128::from(price.micros()) * u128::from(count)).div_ceil(1_000_000);
            Usd(u64::try_from(micros).unwrap_or(u64::MAX))
        };
        self.call
            .times(usage.calls.into())
            .plus(tokens(self.input, usage.tokens_in))
            .plus(tokens(self.output, usage.tokens_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        let usd = |dollars| Usd::from_dollars(dollars).unwrap().to_string();

        assert_eq!(usd(0.0), "$0.00");
        assert_eq!(usd(1.5), "$1.50");
        assert_eq!(usd(0.0123), "$0.0123");
        assert_eq!(usd(0.1 + 0.2), "$0.30");
    }

    #[test]
    fn impossible_amounts_are_refused() {
        for dollars in [-0.01, f64::NAN, f64::INFINITY, 1e7] {
            assert!(Usd::from_dollars(dollars).is_err(), "{dollars}");
        }
    }

    #[test]
    fn a_calls_cost_is_rounded_up() {
        let price = Price {
            input: Usd::from_dollars(0.10).unwrap(),
            output: Usd::from_dollars(0.40).unwrap(),
            call: Usd::ZERO,
        };
        let usage = Usage {
            calls: 1,
            tokens_in: 1_001,
            tokens_out: 500,
            images: 1,
        };

        assert_eq!(price.of(usage), Usd::from_micros(101 + 200));
        assert!(Price::FREE.of(usage).is_zero());
    }

    proptest::proptest! {
        #[test]
        fn more_use_never_costs_less(input in 0_u64..100_000_000, output in 0_u64..100_000_000, a: u32, b: u32) {
            let price = Price { input: Usd(input), output: Usd(output), call: Usd(7) };
            let (less, more) = (a.min(b), a.max(b));
            let usage = |n: u32| Usage { calls: n, tokens_in: n.into(), tokens_out: n.into(), images: 1 };

            proptest::prop_assert!(price.of(usage(less)) <= price.of(usage(more)));
        }
    }
}
