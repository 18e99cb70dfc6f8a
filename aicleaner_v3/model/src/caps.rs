//! The budget's arithmetic: what was spent and reserved, what may be, and whether one more call fits.
//! Pure; the ledger keeps the numbers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Price, Usage, Usd};

/// What was spent, and is reserved, since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Settled costs and reservations.
    pub cost: Usd,
    /// Calls, free ones too.
    pub calls: u64,
    /// Calls that are not free, whether or not their price is known.
    pub charged_calls: u64,
    /// Calls whose price is not known.
    pub unpriced_calls: u64,
}

/// A day's and a month's spending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Since midnight.
    pub day: Spent,
    /// Since the first of the month.
    pub month: Spent,
    /// When the month's first call was, if there was one.
    pub first_of_month: Option<Timestamp>,
}

/// The most that may be spent. None is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caps {
    /// Money a day.
    pub cost_per_day: Option<Usd>,
    /// Money a month.
    pub cost_per_month: Option<Usd>,
    /// Calls a day that are not free.
    pub calls_per_day: Option<u64>,
    /// Calls a month that are not free.
    pub calls_per_month: Option<u64>,
}

/// Which cap was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cap {
    /// Money a day.
    CostPerDay,
    /// Money a month.
    CostPerMonth,
    /// Calls a day.
    CallsPerDay,
    /// Calls a month.
    CallsPerMonth,
    /// Money is capped, and what the call costs is not known.
    PriceUnknown,
    /// The database was restored from a copy today: what was spent since the copy is not known.
    Restored,
}

impl Cap {
    /// The word that stands for it in logs and counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CostPerDay => "cost_per_day",
            Self::CostPerMonth => "cost_per_month",
            Self::CallsPerDay => "calls_per_day",
            Self::CallsPerMonth => "calls_per_month",
            Self::PriceUnknown => "price_unknown",
            Self::Restored => "restored",
        }
    }
}

impl Caps {
    /// Whether anything is capped.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// Whether money is capped.
    pub fn on_money(&self) -> bool {
        self.cost_per_day.is_some() || self.cost_per_month.is_some()
    }

    /// Whether what uses at most `worst` fits. What is free always fits.
    ///
    /// # Errors
    /// The cap that it would pass.
    pub fn admit(&self, totals: &Totals, price: Option<&Price>, worst: Usage) -> Result<(), Cap> {
        let worst_cost = price.map_or(Usd::ZERO, |price| price.of(worst));
        if price.is_some_and(Price::is_free) {
            return Ok(());
        }
        let calls = |spent: &Spent, cap: Option<u64>| {
            cap.is_some_and(|cap| spent.charged_calls.saturating_add(worst.calls.into()) > cap)
        };
        let cost = |spent: &Spent, cap: Option<Usd>| {
            cap.is_some_and(|cap| spent.cost.plus(worst_cost) > cap)
        };
        if price.is_none() && self.on_money() {
            Err(Cap::PriceUnknown)
        } else if calls(&totals.day, self.calls_per_day) {
            Err(Cap::CallsPerDay)
        } else if calls(&totals.month, self.calls_per_month) {
            Err(Cap::CallsPerMonth)
        } else if cost(&totals.day, self.cost_per_day) {
            Err(Cap::CostPerDay)
        } else if cost(&totals.month, self.cost_per_month) {
            Err(Cap::CostPerMonth)
        } else {
            Ok(())
        }
    }
}

/// What the budget shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spending {
    /// Today's and this month's.
    pub totals: Totals,
    /// What the month will have cost when it goes on as so far.
    pub forecast: Usd,
    /// The caps.
    pub caps: Caps,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price::per_call(Usd::from_micros(10));

    fn spent(cost: u64, calls: u64) -> Totals {
        let spent = Spent {
            cost: Usd::from_micros(cost),
            calls,
            charged_calls: calls,
            unpriced_calls: 0,
        };
        Totals {
            day: spent,
            month: spent,
            first_of_month: None,
        }
    }

    #[test]
    fn the_last_call_that_fits_is_let_through_and_the_next_is_not() {
        let caps = Caps {
            cost_per_day: Some(Usd::from_micros(100)),
            ..Caps::default()
        };

        let worst = Usage::ONE_CALL;
        assert_eq!(caps.admit(&spent(90, 9), Some(&PRICE), worst), Ok(()));
        assert_eq!(
            caps.admit(&spent(91, 9), Some(&PRICE), worst),
            Err(Cap::CostPerDay)
        );
    }

    #[test]
    fn what_is_free_passes_every_cap() {
        let caps = Caps {
            cost_per_month: Some(Usd::ZERO),
            calls_per_day: Some(0),
            ..Caps::default()
        };

        assert_eq!(
            caps.admit(&spent(5, 5), Some(&Price::FREE), Usage::ONE_CALL),
            Ok(())
        );
        assert_eq!(
            caps.admit(&spent(0, 0), Some(&PRICE), Usage::ONE_CALL),
            Err(Cap::CallsPerDay)
        );
    }

    #[test]
    fn an_unknown_price_does_not_pass_a_cap_on_money() {
        let money = Caps {
            cost_per_month: Some(Usd::from_micros(1_000_000)),
            ..Caps::default()
        };
        let calls = Caps {
            calls_per_month: Some(10),
            ..Caps::default()
        };

        assert_eq!(
            money.admit(&spent(0, 0), None, Usage::ONE_CALL),
            Err(Cap::PriceUnknown)
        );
        assert_eq!(calls.admit(&spent(0, 9), None, Usage::ONE_CALL), Ok(()));
        assert_eq!(
            calls.admit(&spent(0, 10), None, Usage::ONE_CALL),
            Err(Cap::CallsPerMonth)
        );
    }
}
