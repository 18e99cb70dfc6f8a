//! Days and months as the household counts them. Pure.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::store::Periods;

/// Since when the day and the month of `now` count.
pub fn periods(now: Timestamp, zone: &TimeZone) -> Periods {
    let here = now.to_zoned(zone.clone());
    let day = here.start_of_day().map_or(now, |day| day.timestamp());
    let month = here
        .first_of_month()
        .and_then(|first| first.start_of_day())
        .map_or(day, |month| month.timestamp());
    Periods { day, month }
}

/// The first moment of the month after `now`'s.
pub fn month_end(now: Timestamp, zone: &TimeZone) -> Timestamp {
    now.to_zoned(zone.clone())
        .first_of_month()
        .and_then(|first| first.checked_add(1.month()))
        .and_then(|next| next.start_of_day())
        .map_or(now, |end| end.timestamp())
}

/// How long until the next midnight, at least a second.
pub fn until_next_day(now: Timestamp, zone: &TimeZone) -> Duration {
    let midnight = now
        .to_zoned(zone.clone())
        .tomorrow()
        .and_then(|tomorrow| tomorrow.start_of_day())
        .map_or(now, |midnight| midnight.timestamp());
    Duration::try_from(midnight.duration_since(now))
        .unwrap_or(Duration::ZERO)
        .max(Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn days_and_months_begin_at_the_homes_midnight() {
        let periods = periods("2026-10-31T23:30:00Z".parse().unwrap(), &berlin());

        assert_eq!(periods.day.to_string(), "2026-10-31T23:00:00Z");
        assert_eq!(periods.month.to_string(), "2026-10-31T23:00:00Z");
    }

    #[test]
    fn a_day_on_which_clocks_change_is_25_hours_long() {
        let start = "2026-10-24T22:00:00Z".parse().unwrap();

        assert_eq!(
            until_next_day(start, &berlin()),
            Duration::from_secs(25 * 3600)
        );
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let end = month_end("2026-12-31T10:00:00Z".parse().unwrap(), &berlin());

        assert_eq!(end.to_string(), "2026-12-31T23:00:00Z");
    }
}
