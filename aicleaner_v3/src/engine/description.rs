//! The description of a task's item, in the language of the household, and how to know one again. Pure.

use crate::model::{Task, Zone};

/// How each language says how long it takes: for one minute, and for `{}` minutes. The first is for languages
/// that are not here.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en", "About 1 minute.", "About {} minutes."),
    ("de", "Etwa 1 Minute.", "Etwa {} Minuten."),
    ("fr", "Environ 1 minute.", "Environ {} minutes."),
    (
        "es",
        "Aproximadamente 1 minuto.",
        "Aproximadamente {} minutos.",
    ),
    ("it", "Circa 1 minuto.", "Circa {} minuti."),
    ("nl", "Ongeveer 1 minuut.", "Ongeveer {} minuten."),
    ("pt", "Cerca de 1 minuto.", "Cerca de {} minutos."),
    ("sv", "Ungefär 1 minut.", "Ungefär {} minuter."),
    ("da", "Cirka 1 minut.", "Cirka {} minutter."),
    ("pl", "Około 1 min.", "Około {} min."),
];

/// What a description says of a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Where it is; may be empty.
    pub location: String,
    /// How long it takes.
    pub minutes: Option<u16>,
}

/// `Kitchen, on the counter. About 5 minutes.`
pub fn write(zone: &Zone, task: &Task, language: &str) -> String {
    let mut text = zone.name.clone();
    if !task.finding.location.is_empty() {
        text.push_str(", ");
        text.push_str(&task.finding.location);
    }
    text.push('.');
    let language = language.split(['-', '_']).next().unwrap_or_default();
    let words = LANGUAGES
        .iter()
        .find(|(tag, ..)| *tag == language)
        .or(LANGUAGES.first());
    if let (Some(minutes), Some((_, one, many))) = (task.finding.minutes, words) {
        text.push(' ');
        if minutes == 1 {
            text.push_str(one);
        } else {
            text.push_str(&many.replace("{}", &minutes.to_string()));
        }
    }
    text
}

/// Reads a description that [`write`] wrote for a zone of this name; none, if it was not written so.
pub fn read(zone: &str, description: &str) -> Option<Place> {
    let rest = description.trim().strip_prefix(zone)?;
    let (rest, minutes) = LANGUAGES
        .iter()
        .find_map(|(_, one, many)| {
            if let Some(rest) = rest.strip_suffix(one) {
                return Some((rest.trim_end(), Some(1)));
            }
            let (before, after) = many.split_once("{}")?;
            let number = rest.strip_suffix(after)?;
            let (rest, number) = number.rsplit_once(before)?;
            Some((rest.trim_end(), Some(number.parse().ok()?)))
        })
        .unwrap_or((rest, None));
    let place = rest.strip_suffix('.')?;
    let location = match place.strip_prefix(", ") {
        Some(location) if !location.is_empty() => location.to_owned(),
        // The zone's name alone may be anybody's word.
        None if place.is_empty() && minutes.is_some() => String::new(),
        _ => return None,
    };
    Some(Place { location, minutes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::effects::tests::{task, zone};

    #[test]
    fn a_description_says_where_and_how_long_in_the_language_of_the_household() {
        let (zone, task) = (zone(None), task());

        assert_eq!(
            write(&zone, &task, "en-GB"),
            "Kitchen, on the counter. About 5 minutes."
        );
        assert_eq!(
            write(&zone, &task, "de"),
            "Kitchen, on the counter. Etwa 5 Minuten."
        );
        assert_eq!(
            write(&zone, &task, "xx"),
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

            let place = read(&zone.name, &write(&zone, &task, language)).unwrap();

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
