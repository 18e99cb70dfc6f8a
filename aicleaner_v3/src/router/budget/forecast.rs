//! What the month will have cost when it goes on as so far. Pure.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::period::month_end;
use crate::model::{Totals, Usd};

/// The first hours of a month, or of the use, tell little.
const LEAST_SECONDS: i64 = 24 * 3600;

/// The cost so far, and for the rest of the month as much a day as since the first call of the month.
pub fn forecast(totals: Totals, now: Timestamp, zone: &TimeZone) -> Usd {
    let Some(first) = totals.first_of_month else {
        return totals.month.cost;
    };
    let seconds = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs().max(0);
    let so_far = seconds(first, now).max(LEAST_SECONDS);
    let rest = seconds(now, month_end(now, zone));
    let cost = u128::from(totals.month.cost.micros());
    let ahead = cost * u128::from(rest.unsigned_abs()) / u128::from(so_far.unsigned_abs());
    totals
        .month
        .cost
        .plus(Usd::from_micros(u64::try_from(ahead).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Spent;

    fn totals(micros: u64, first: Option<&str>) -> Totals {
        Totals {
            month: Spent {
                cost: Usd::from_micros(micros),
                ..Spent::default()
            },
            first_of_month: first.map(|first| first.parse().unwrap()),
            ..Totals::default()
        }
    }

    #[test]
    fn the_rest_of_the_month_costs_as_much_a_day_as_so_far() {
        let now = "2026-11-11T00:00:00Z".parse().unwrap();

        let whole = forecast(
            totals(1_000_000, Some("2026-11-01T00:00:00Z")),
            now,
            &TimeZone::UTC,
        );
        let begun_late = forecast(
            totals(1_000_000, Some("2026-11-06T00:00:00Z")),
            now,
            &TimeZone::UTC,
        );

        assert_eq!(whole, Usd::from_micros(3_000_000));
        assert_eq!(begun_late, Usd::from_micros(5_000_000));
    }

    #[test]
    fn the_first_call_of_all_does_not_frighten() {
        let now = "2026-11-01T00:00:10Z".parse().unwrap();

        let forecast = forecast(
            totals(1_000, Some("2026-11-01T00:00:00Z")),
            now,
            &TimeZone::UTC,
        );

        assert!(forecast < Usd::from_micros(31_001), "{forecast}");
    }

    #[test]
    fn nothing_spent_is_nothing_ahead() {
        let now = "2026-11-11T00:00:00Z".parse().unwrap();

        assert_eq!(forecast(totals(0, None), now, &TimeZone::UTC), Usd::ZERO);
    }
}
