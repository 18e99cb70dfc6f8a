//! When a zone is looked at by the clock, as a cron expression in the home's time zone. Pure: time and zone come in.

use std::fmt;
use std::str::FromStr;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A cron expression of five fields, or a word such as `@daily`.
#[derive(Clone)]
pub struct CronSchedule {
    text: String,
    cron: Cron,
}

/// An expression that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {found:?}, expected a cron expression of five fields such as \"0 9,18 * * mon-fri\": {reason}"
)]
pub struct InvalidCron {
    found: String,
    reason: String,
}

impl CronSchedule {
    /// The first moment after `at` that the expression names, by the clocks of `zone`. A time that clocks skip in spring
    /// is taken right after the gap; one that they show twice in autumn is taken once. None when there is none in years.
    pub fn next_after(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = at.to_zoned(zone.clone());
        let next = self.cron.find_next_occurrence(&local, false).ok()?;
        // What clocks show twice would come twice.
        Some(next.timestamp()).filter(|next| *next > at)
    }
}

impl FromStr for CronSchedule {
    type Err = InvalidCron;

    fn from_str(text: &str) -> Result<Self, InvalidCron> {
        let invalid = |reason: String| InvalidCron {
            found: text.to_owned(),
            reason,
        };
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser.parse(text).map_err(|e| invalid(e.to_string()))?;
        let schedule = Self {
            text: text.to_owned(),
            cron,
        };
        let any = schedule.next_after(Timestamp::UNIX_EPOCH, &TimeZone::UTC);
        any.map(|_| schedule)
            .ok_or_else(|| invalid("there is no such day".to_owned()))
    }
}

impl PartialEq for CronSchedule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for CronSchedule {}

impl fmt::Debug for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CronSchedule({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    /// The next so many times of `cron` after a local time in Berlin, with their offsets.
    fn times(cron: &str, after: &str, count: usize) -> Vec<String> {
        let cron: CronSchedule = cron.parse().unwrap();
        let mut at = after
            .parse::<DateTime>()
            .unwrap()
            .to_zoned(berlin())
            .unwrap()
            .timestamp();
        (0..count)
            .map(|_| {
                at = cron.next_after(at, &berlin()).unwrap();
                at.to_zoned(berlin()).strftime("%m-%d %H:%M %z").to_string()
            })
            .collect()
    }

    #[test]
    fn times_are_those_of_the_homes_clocks() {
        assert_eq!(
            times("0 9,18 * * mon-fri", "2026-11-20T09:00:00", 3),
            [
                "11-20 18:00 +0100",
                "11-23 09:00 +0100",
                "11-23 18:00 +0100"
            ]
        );
    }

    #[test]
    fn a_daily_time_stays_the_same_when_clocks_change() {
        assert_eq!(
            times("30 7 * * *", "2027-03-26T12:00:00", 3),
            [
                "03-27 07:30 +0100",
                "03-28 07:30 +0200",
                "03-29 07:30 +0200"
            ]
        );
        assert_eq!(
            times("30 7 * * *", "2026-10-23T12:00:00", 3),
            [
                "10-24 07:30 +0200",
                "10-25 07:30 +0100",
                "10-26 07:30 +0100"
            ]
        );
    }

    #[test]
    fn a_time_that_is_skipped_in_spring_comes_after_the_gap() {
        let times = times("30 2 * * *", "2027-03-27T12:00:00", 2);

        assert!(times[0].starts_with("03-28 03:"), "{times:?}");
        assert_eq!(times[1], "03-29 02:30 +0200");
    }

    #[test]
    fn a_time_that_comes_twice_in_autumn_is_taken_once() {
        assert_eq!(
            times("30 2 * * *", "2026-10-24T12:00:00", 2),
            ["10-25 02:30 +0200", "10-26 02:30 +0100"]
        );
    }

    #[test]
    fn every_hour_goes_on_through_both_changes() {
        for after in ["2027-03-27T22:30:00", "2026-10-24T22:30:00"] {
            let cron: CronSchedule = "0 * * * *".parse().unwrap();
            let start = after
                .parse::<DateTime>()
                .unwrap()
                .to_zoned(berlin())
                .unwrap()
                .timestamp();
            let mut at = start;
            for _ in 0..8 {
                let next = cron.next_after(at, &berlin()).unwrap();
                assert!(next > at);
                assert!(next.duration_since(at).as_secs() <= 3600, "{at} {next}");
                at = next;
            }
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_with_an_example() {
        for text in [
            "",
            "every day",
            "* * * *",
            "0 0 30 2 *",
            "* * * * * *",
            "61 * * * *",
        ] {
            let error = text.parse::<CronSchedule>().unwrap_err().to_string();
            assert!(error.contains("0 9,18 * * mon-fri"), "{error}");
        }
    }
}
