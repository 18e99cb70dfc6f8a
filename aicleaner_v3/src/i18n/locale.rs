//! The home's language and clocks, worked out in one place. Knows nothing of where they come from.

use jiff::tz::TimeZone;

use super::{Language, Texts};

/// What a home reads and lives by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Locale {
    /// The language's tag as it was declared or told, such as `pt-BR`; none as long as it is not known.
    pub tag: Option<String>,
    /// The texts in that language, or in English.
    pub texts: Texts,
    /// The home's time zone; none as long as it is not known.
    pub time_zone: Option<TimeZone>,
}

impl Locale {
    /// The locale of a home. `declared` is the language of the settings and goes first; `told` are the language and the
    /// time zone that Home Assistant tells. Texts that are parsed already are taken over from `before`.
    pub fn new(declared: Option<&str>, told: Option<(&str, &str)>, before: Option<&Self>) -> Self {
        let language = declared.or(told.map(|(language, _)| language));
        let tag = language.filter(|tag| !tag.is_empty());
        let spoken = Language::from_tag(tag.unwrap_or_default());
        let texts = before
            .map(|before| before.texts.clone())
            .filter(|texts| texts.language() == spoken)
            .unwrap_or_else(|| Texts::new(spoken));
        // A time zone that nobody knows is a fault of the home's; its clocks then are UTC.
        let time_zone = told.map(|(_, name)| TimeZone::get(name).unwrap_or(TimeZone::UTC));
        Self {
            tag: tag.map(str::to_owned),
            texts,
            time_zone,
        }
    }

    /// Whether anybody has told anything yet.
    pub fn is_known(&self) -> bool {
        self.tag.is_some() || self.time_zone.is_some()
    }

    /// The language's tag; `en` as long as it is not known.
    pub fn language(&self) -> &str {
        self.tag.as_deref().unwrap_or("en")
    }

    /// The home's clocks; UTC as long as they are not known.
    pub fn clocks(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or(TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(declared: Option<&str>, told: Option<(&str, &str)>) -> Locale {
        Locale::new(declared, told, None)
    }

    #[test]
    fn the_declared_language_goes_before_the_homes() {
        let told = Some(("de", "Europe/Berlin"));

        let declared = locale(Some("pt-BR"), told);
        let home = locale(None, told);

        assert_eq!(
            (declared.language(), declared.texts.language()),
            ("pt-BR", Language::Portuguese)
        );
        assert_eq!(
            (home.language(), home.texts.language()),
            ("de", Language::German)
        );
        assert_eq!(declared.clocks(), TimeZone::get("Europe/Berlin").unwrap());
    }

    #[test]
    fn what_is_not_known_is_english_and_utc_and_says_so() {
        let nothing = locale(None, None);
        let strange = locale(None, Some(("", "Moon/Crater")));

        assert_eq!((&nothing.tag, &nothing.time_zone), (&None, &None));
        assert_eq!(
            (nothing.language(), nothing.clocks()),
            ("en", TimeZone::UTC)
        );
        assert_eq!(
            (strange.language(), &strange.time_zone),
            ("en", &Some(TimeZone::UTC))
        );
    }
}
