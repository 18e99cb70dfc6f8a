//! The description of a task's item, in the language of the household, and how to know one again. Pure.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use crate::i18n::{Texts, in_every_language, messages};
use crate::model::{Priority, Task, Zone};

/// What a link to a zone ends with, before the zone's id.
const LINK: &str = "#zone-";

/// How items are written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Writing {
    /// In the home's language.
    pub texts: Texts,
    /// The home's day today, if items get a due date.
    pub today: Option<Date>,
    /// Where people reach the page, if items get a link; without a slash at the end.
    pub page: Option<String>,
}

impl Writing {
    /// The home's day at `now`.
    pub fn day(now: Timestamp, zone: TimeZone) -> Date {
        now.to_zoned(zone).date()
    }

    /// When the task is due: as people said, or else by its priority, which is today for what gets worse, in two days
    /// for what should be done soon, and never for what can wait.
    pub fn due(&self, task: &Task) -> Option<String> {
        if task.due.is_some() {
            return task.due.clone();
        }
        let days = match task.finding.priority {
            Priority::High => 0,
            Priority::Normal => 2,
            Priority::Low => return None,
        };
        let day = self.today?.checked_add(Span::new().days(days)).ok()?;
        Some(day.to_string())
    }
}

/// What a description says of a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemPlace {
    /// Where it is; may be empty.
    pub location: String,
    /// How long it takes.
    pub minutes: Option<u16>,
}

/// `Kitchen, on the counter. About 5 minutes.`
pub fn write(zone: &Zone, task: &Task, writing: &Writing) -> String {
    let mut text = zone.name.clone();
    if !task.finding.location.is_empty() {
        text.push_str(", ");
        text.push_str(&task.finding.location);
    }
    text.push('.');
    if let Some(minutes) = task.finding.minutes {
        text.push(' ');
        text.push_str(&writing.texts.render(&messages::item_minutes(minutes)));
    }
    if let Some(page) = &writing.page {
        text.push_str(&format!("\n{page}/{LINK}{}", zone.id));
    }
    text
}

/// Reads a description that [`write`] wrote for a zone of this name; none, if it was not written so.
pub fn read(zone: &str, description: &str) -> Option<ItemPlace> {
    let description = description.trim();
    let text = match description.rsplit_once('\n') {
        Some((text, link)) if link.contains(LINK) => text.trim_end(),
        _ => description,
    };
    let rest = text.strip_prefix(zone)?;
    let (rest, minutes) = match with_minutes(rest) {
        Some((rest, minutes)) => (rest, Some(minutes)),
        None => (rest, None),
    };
    let place = rest.strip_suffix('.')?;
    let location = match place.strip_prefix(", ") {
        Some(location) if !location.is_empty() => location.to_owned(),
        // The zone's name alone may be anybody's word.
        None if place.is_empty() && minutes.is_some() => String::new(),
        _ => return None,
    };
    Some(ItemPlace { location, minutes })
}

/// What stands before the minutes, and how many they are: the home may have had another language.
fn with_minutes(text: &str) -> Option<(&str, u16)> {
    let until = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let before = until.trim_end_matches(|c: char| c.is_ascii_digit());
    let minutes = until.strip_prefix(before)?.parse().ok()?;
    let rest = in_every_language(&messages::item_minutes(minutes))
        .find_map(|sentence| text.strip_suffix(sentence.as_str()))?;
    Some((rest.trim_end(), minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures::{task, zone};
    use crate::i18n::Language;

    fn plain(language: &str) -> Writing {
        Writing {
            texts: Texts::new(Language::from_tag(language)),
            ..Writing::default()
        }
    }

    #[test]
    fn a_link_leads_to_the_zone_and_does_not_hide_whose_it_is() {
        let (zone, task) = (zone(None), task());
        let writing = Writing {
            page: Some("https://aicleaner.home".to_owned()),
            ..plain("en")
        };

        let text = write(&zone, &task, &writing);

        assert_eq!(
            text,
            "Kitchen, on the counter. About 5 minutes.\nhttps://aicleaner.home/#zone-kitchen"
        );
        let place = read(&zone.name, &text).unwrap();
        assert_eq!(
            (place.location.as_str(), place.minutes),
            ("on the counter", Some(5))
        );
    }

    #[test]
    fn a_due_date_follows_the_priority_and_what_people_said_wins() {
        let mut task = task();
        let writing = Writing {
            today: Some(jiff::civil::date(2026, 12, 31)),
            ..plain("en")
        };
        let mut due = |priority| {
            task.finding.priority = priority;
            writing.due(&task)
        };

        assert_eq!(due(Priority::High).as_deref(), Some("2026-12-31"));
        assert_eq!(due(Priority::Normal).as_deref(), Some("2027-01-02"));
        assert_eq!(due(Priority::Low), None);
        assert_eq!(plain("en").due(&task), None);
        task.due = Some("2027-05-01".to_owned());
        assert_eq!(writing.due(&task).as_deref(), Some("2027-05-01"));
    }

    #[test]
    fn a_description_says_where_and_how_long_in_the_language_of_the_household() {
        let (zone, task) = (zone(None), task());

        assert_eq!(
            write(&zone, &task, &plain("en-GB")),
            "Kitchen, on the counter. About 5 minutes."
        );
        assert_eq!(
            write(&zone, &task, &plain("de")),
            "Kitchen, on the counter. Etwa 5 Minuten."
        );
        assert_eq!(
            write(&zone, &task, &plain("xx")),
            "Kitchen, on the counter. About 5 minutes."
        );
    }

    #[test]
    fn what_was_written_is_known_again_and_nothing_else() {
        let zone = zone(None);
        for (language, minutes, location) in [
            ("en", Some(1), "desk"),
            ("de", Some(20), ""),
            ("pl", Some(3), "on the 2. shelf"),
            ("fr", None, "desk"),
        ] {
            let mut task = task();
            task.finding.minutes = minutes;
            task.finding.location = location.to_owned();

            let place = read(&zone.name, &write(&zone, &task, &plain(language))).unwrap();

            assert_eq!(
                (place.location.as_str(), place.minutes),
                (location, minutes)
            );
        }
        for other in [
            "Kitchen",
            "Kitchen.",
            "For the kitchen, soon.",
            "",
            "Kitchen table. About 5 minutes",
        ] {
            assert_eq!(read(&zone.name, other), None, "{other}");
        }
    }
}
