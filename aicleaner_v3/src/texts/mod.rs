//! Short texts that a household reads, in its own language. What automations depend on (enum states, event types,
//! entity ids) is never translated and is not here.

pub mod entities;
pub mod notifications;

/// The languages that texts come in. Others read English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Dutch.
    Dutch,
}

impl Language {
    /// The language of a BCP 47 tag such as `de` or `fr-CA`; English if we do not speak it.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "nl" => Self::Dutch,
            _ => Self::English,
        }
    }
}

/// One text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    english: &'static str,
    german: &'static str,
    french: &'static str,
    spanish: &'static str,
    dutch: &'static str,
}

impl Text {
    /// One text in English, German, French, Spanish and Dutch.
    pub const fn new(
        english: &'static str,
        german: &'static str,
        french: &'static str,
        spanish: &'static str,
        dutch: &'static str,
    ) -> Self {
        Self {
            english,
            german,
            french,
            spanish,
            dutch,
        }
    }

    /// The text in that language.
    pub fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::German => self.german,
            Language::French => self.french,
            Language::Spanish => self.spanish,
            Language::Dutch => self.dutch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_tag_and_strangers_read_english() {
        let text = Text::new("Status", "Zustand", "État", "Estado", "Status");

        let read = |tag| text.in_language(Language::from_tag(tag));

        assert_eq!(
            (read("de-AT"), read("FR"), read("es_MX")),
            ("Zustand", "État", "Estado")
        );
        assert_eq!(
            (read("nl"), read("xx"), read("")),
            ("Status", "Status", "Status")
        );
    }
}
