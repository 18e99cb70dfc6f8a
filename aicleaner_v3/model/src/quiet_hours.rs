//! Hours of the day in which nothing shall disturb, by the home's clocks. Pure: the time comes in.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// From one time of the day to another, which may lie on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

/// Hours that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {0:?}, expected two different times such as 22:00-07:00")]
pub struct InvalidHours(String);

impl QuietHours {
    /// Whether it is quiet at `at` in `zone`. The first minute is, the last one is not.
    pub fn contains(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let now = at.to_zoned(zone.clone()).time();
        if self.from <= self.to {
            self.from <= now && now < self.to
        } else {
            self.from <= now || now < self.to
        }
    }

    /// When the quiet hours in which `at` lies end; none when it lies in none.
    pub fn end_after(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if !self.contains(at, zone) {
            return None;
        }
        let now = at.to_zoned(zone.clone());
        let day = if now.time() < self.to {
            now.date()
        } else {
            now.date().tomorrow().ok()?
        };
        // A time that clocks skip ends after the gap.
        let end = day.to_datetime(self.to).to_zoned(zone.clone()).ok()?;
        Some(end.timestamp())
    }
}

impl FromStr for QuietHours {
    type Err = InvalidHours;

    fn from_str(text: &str) -> Result<Self, InvalidHours> {
        let time = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let number = |digits: &str, most: usize| {
                let is_plain = (1..=most).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit());
                is_plain.then(|| digits.parse::<i8>().ok()).flatten()
            };
            let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
            Time::new(hour, minute, 0, 0).ok()
        };
        let hours = text
            .split_once('-')
            .and_then(|(from, to)| Some((time(from)?, time(to)?)));
        match hours {
            Some((from, to)) if from != to => Ok(Self { from, to }),
            _ => Err(InvalidHours(text.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from.hour(),
            from.minute(),
            to.hour(),
            to.minute()
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn at(local: &str) -> Timestamp {
        let local: DateTime = local.parse().unwrap();
        local.to_zoned(berlin()).unwrap().timestamp()
    }

    fn is_quiet(hours: &str, local: &str) -> bool {
        let hours: QuietHours = hours.parse().unwrap();
        hours.contains(at(local), &berlin())
    }

    #[test]
    fn hours_over_midnight_are_quiet_on_both_sides_of_it() {
        for (local, quiet) in [
            ("2026-11-20T21:59:59", false),
            ("2026-11-20T22:00:00", true),
            ("2026-11-20T23:59:59", true),
            ("2026-11-21T00:00:00", true),
            ("2026-11-21T06:59:59", true),
            ("2026-11-21T07:00:00", false),
            ("2026-11-21T12:00:00", false),
        ] {
            assert_eq!(is_quiet("22:00-07:00", local), quiet, "{local}");
        }
    }

    #[test]
    fn hours_within_a_day_are_quiet_between_them() {
        assert!(is_quiet("13:00-14:30", "2026-11-20T13:00:00"));
        assert!(!is_quiet("13:00-14:30", "2026-11-20T14:30:00"));
        assert!(!is_quiet("13:00-14:30", "2026-11-20T00:00:00"));
    }

    #[test]
    fn they_go_by_the_homes_clocks_also_in_the_nights_in_which_these_change() {
        let hours: QuietHours = "22:00-07:00".parse().unwrap();
        for (evening, hours_long) in [("2027-03-27T22:00:00", 8), ("2026-10-24T22:00:00", 10)] {
            let end = hours.end_after(at(evening), &berlin()).unwrap();
            assert_eq!(end.duration_since(at(evening)).as_hours(), hours_long);
            assert!(!hours.contains(end, &berlin()));
        }
        assert_eq!(hours.end_after(at("2026-11-20T12:00:00"), &berlin()), None);
    }

    #[test]
    fn an_end_that_clocks_skip_comes_after_the_gap() {
        let hours: QuietHours = "22:00-02:30".parse().unwrap();

        let end = hours
            .end_after(at("2027-03-27T23:00:00"), &berlin())
            .unwrap();

        let hour = end.to_zoned(berlin()).hour();
        assert_eq!(hour, 3);
    }

    #[test]
    fn only_two_times_are_taken() {
        for text in [
            "",
            "22:00",
            "22:00-22:00",
            "25:00-07:00",
            "22-7",
            "22:0x-07:00",
            "-1:00-2:00",
            "22:00-07:00-08:00",
        ] {
            assert!(text.parse::<QuietHours>().is_err(), "{text}");
        }
        assert_eq!(
            "9:05 - 17:00".parse::<QuietHours>().unwrap().to_string(),
            "09:05-17:00"
        );
    }
}
