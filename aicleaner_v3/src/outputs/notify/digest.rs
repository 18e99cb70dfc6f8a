//! When the daily digest is due, and what it says. Pure.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::model::{Job, JobKind, Notification, Target, ZoneLine, ZoneView};

/// A digest that could not be told in time, because the program did not run, is left out for the day.
const LATEST: SignedDuration = SignedDuration::from_hours(1);

/// The day whose digest is due `now`: once a day, at the first moment at which the clock shows `at` or later. `last` is
/// the day of the last one. A clock that was put back does not make it come twice.
pub fn due(last: Option<Date>, at: Time, now: &Zoned) -> Option<Date> {
    let today = now.date();
    if last.is_some_and(|last| last >= today) || now.time() < at {
        return None;
    }
    // Where the clock is put forward over the time, it is due at once after.
    let planned = today
        .to_datetime(at)
        .to_zoned(now.time_zone().clone())
        .ok()?;
    let late = now.timestamp().duration_since(planned.timestamp());
    (late <= LATEST).then_some(today)
}

/// The digest of `zones` for each of `targets`.
pub fn digest(targets: &[Target], zones: &[impl AsRef<ZoneView>], now: Timestamp) -> Vec<Job> {
    let lines: Vec<ZoneLine> = zones
        .iter()
        .map(|view| {
            let view = view.as_ref();
            ZoneLine {
                name: view.zone.name.clone(),
                open: view.open_tasks.len(),
                score: view.score.map(crate::model::Score::get),
            }
        })
        .collect();
    let tell = |target: &Target| {
        let kind = JobKind::Notify {
            target: target.clone(),
            zone_name: String::new(),
            notification: Notification::Digest {
                zones: lines.clone(),
            },
        };
        Job::new(None, kind, now)
    };
    targets.iter().map(tell).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    /// Goes through the days minute by minute, and returns when a digest came.
    fn digests(from: &str, minutes: i64, at: Time) -> Vec<String> {
        let start: Zoned = format!("{from}[Europe/Berlin]").parse().unwrap();
        let mut last = None;
        let mut came = Vec::new();
        for minute in 0..minutes {
            let now = start
                .checked_add(SignedDuration::from_mins(minute))
                .unwrap();
            if let Some(day) = due(last, at, &now) {
                last = Some(day);
                came.push(now.strftime("%m-%d %H:%M %:z").to_string());
            }
        }
        came
    }

    #[test]
    fn it_comes_once_a_day_also_when_the_clock_is_changed() {
        let three_days = 3 * 24 * 60;

        assert_eq!(
            digests("2026-03-28T00:00", three_days, time(2, 30, 0, 0)),
            [
                "03-28 02:30 +01:00",
                "03-29 03:00 +02:00",
                "03-30 02:30 +02:00"
            ]
        );
        assert_eq!(
            digests("2026-10-24T00:00", three_days, time(2, 30, 0, 0)),
            [
                "10-24 02:30 +02:00",
                "10-25 02:30 +02:00",
                "10-26 02:30 +01:00"
            ]
        );
        assert_eq!(
            digests("2026-06-01T00:00", three_days, time(0, 0, 0, 0)).len(),
            3
        );
    }

    #[test]
    fn a_clock_that_jumps_back_tells_nothing_twice_and_one_that_jumps_ahead_skips() {
        let at = time(18, 0, 0, 0);
        let now = |text: &str| format!("{text}[Europe/Berlin]").parse::<Zoned>().unwrap();
        let today = Some(date(2026, 6, 10));

        assert_eq!(due(None, at, &now("2026-06-10T18:00")), today);
        assert_eq!(due(today, at, &now("2026-06-10T18:00")), None);
        assert_eq!(
            due(today, at, &now("2026-06-09T18:00")),
            None,
            "back by a day"
        );
        assert_eq!(due(None, at, &now("2026-06-10T19:01")), None, "too late");
        assert_eq!(
            due(today, at, &now("2026-06-13T18:10")),
            Some(date(2026, 6, 13))
        );
    }
}
