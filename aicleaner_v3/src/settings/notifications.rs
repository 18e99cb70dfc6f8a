//! Who is notified of what: the declared notifications, validated. Sends nothing.

use jiff::civil::Time;
use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::declared::Notifications as Declared;
use super::defaults;
use super::fault::Faults;
use super::fields::Text;
use super::tone::Tone;
use crate::model::Target;

const MOST_TARGETS: usize = 10;

/// Hours of each day, such as 22:00 to 07:00: over midnight, if they end before they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first minute.
    pub from: Time,
    /// The first minute after.
    pub until: Time,
}

impl Hours {
    /// Reads `22:00-07:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let (from, until) = (time(from.trim())?, time(until.trim())?);
        (from != until).then_some(Self { from, until })
    }

    /// The end of these hours, if it is one of them `now`. Where the clock is put forward over the end, they end then.
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = now.to_zoned(zone.clone());
        let (time, over_midnight) = (local.time(), self.from > self.until);
        let is_in = match over_midnight {
            false => self.from <= time && time < self.until,
            true => self.from <= time || time < self.until,
        };
        if !is_in {
            return None;
        }
        let day = match over_midnight && time >= self.from {
            true => local.date().tomorrow().ok()?,
            false => local.date(),
        };
        let end: Zoned = day.to_datetime(self.until).to_zoned(zone.clone()).ok()?;
        Some(end.timestamp())
    }
}

/// Reads `07:30`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str| (text.len() <= 2).then(|| text.parse::<i8>().ok()).flatten();
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

/// Who is notified of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// The targets; empty = nothing is sent.
    pub to: Vec<Target>,
    /// Whether to notify about a new mess.
    pub mess_found: bool,
    /// Whether to notify when nothing is left to do.
    pub all_tidy: bool,
    /// Time of the daily summary of all zones.
    pub digest_at: Option<Time>,
    /// When not to disturb.
    pub quiet: Option<Hours>,
    /// The most notifications an hour for each target.
    pub most_per_hour: u32,
    /// How they speak.
    pub tone: Tone,
    /// Whether the zone's picture is shown, where it is published.
    pub picture: bool,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            to: Vec::new(),
            mess_found: true,
            all_tidy: true,
            digest_at: None,
            quiet: None,
            most_per_hour: defaults::MOST_PER_HOUR,
            tone: Tone::Plain,
            picture: true,
        }
    }
}

pub(super) fn check(declared: Declared, faults: &mut Faults) -> Notifications {
    let mut to = Vec::new();
    if declared.to.len() > MOST_TARGETS {
        faults.add(
            "notifications.to",
            format!(
                "found {} targets, expected at most {MOST_TARGETS}",
                declared.to.len()
            ),
        );
    }
    for (at, text) in declared.to.iter().enumerate() {
        match Target::parse(&text.0) {
            Some(target) if to.contains(&target) => faults.add(
                format!("notifications.to[{at}]"),
                format!("found {:?} twice, expected each target once", text.0),
            ),
            Some(target) => to.push(target),
            None => faults.add(
                format!("notifications.to[{at}]"),
                format!("found {:?}, expected a notify service or entity such as notify.mobile_app_phone, or persistent_notification", text.0),
            ),
        }
    }
    let quiet = declared.quiet_hours.and_then(|text| {
        read(&text, Hours::parse).unwrap_or_else(|found| {
            faults.add(
                "notifications.quiet_hours",
                format!("found {found:?}, expected two times such as 22:00-07:00"),
            );
            None
        })
    });
    let digest_at = declared.digest_at.and_then(|text| {
        read(&text, time).unwrap_or_else(|found| {
            faults.add(
                "notifications.digest_at",
                format!("found {found:?}, expected a time such as 18:30"),
            );
            None
        })
    });
    let default = Notifications::default();
    Notifications {
        to,
        mess_found: declared.mess_found.unwrap_or(default.mess_found),
        all_tidy: declared.all_tidy.unwrap_or(default.all_tidy),
        digest_at,
        quiet,
        most_per_hour: declared
            .most_per_hour
            .map_or(default.most_per_hour, |most| most.0),
        tone: declared.tone,
        picture: declared.picture.unwrap_or(default.picture),
    }
}

/// Nothing for an empty text, as Supervisor's options have it for what is not set.
fn read<T, const MOST: usize>(
    text: &Text<MOST>,
    reader: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, String> {
    if text.0.is_empty() {
        return Ok(None);
    }
    reader(&text.0).map(Some).ok_or_else(|| text.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(hours: &str, now: &str) -> Option<String> {
        let now: Zoned = now.parse().unwrap();
        let end = Hours::parse(hours)
            .unwrap()
            .end(now.timestamp(), now.time_zone())?;
        let end = end.to_zoned(now.time_zone().clone());
        Some(end.datetime().strftime("%d %H:%M").to_string())
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let quiet = |time: &str| end("22:00-07:00", &format!("2026-06-10T{time}[Europe/Berlin]"));

        assert_eq!(quiet("21:59"), None);
        assert_eq!(quiet("22:00").as_deref(), Some("11 07:00"));
        assert_eq!(quiet("03:00").as_deref(), Some("10 07:00"));
        assert_eq!(quiet("07:00"), None);
        assert_eq!(
            end("13:00-15:00", "2026-06-10T14:59[Europe/Berlin]").as_deref(),
            Some("10 15:00")
        );
    }

    #[test]
    fn quiet_hours_end_also_when_the_clock_is_changed() {
        // On 2026-03-29 02:00 becomes 03:00; on 2026-10-25 03:00 becomes 02:00.
        assert_eq!(
            end("22:00-02:30", "2026-03-29T01:30[Europe/Berlin]").as_deref(),
            Some("29 03:30")
        );
        assert_eq!(
            end("22:00-02:30", "2026-10-25T02:10:00+02:00[Europe/Berlin]").as_deref(),
            Some("25 02:30")
        );
    }

    #[test]
    fn times_are_read_strictly() {
        for wrong in [
            "",
            "25:00-07:00",
            "22:00",
            "7-8",
            "07:00-07:00",
            "a:b-c:d",
            "007:00-08:00",
        ] {
            assert_eq!(Hours::parse(wrong), None, "{wrong}");
        }
    }
}
