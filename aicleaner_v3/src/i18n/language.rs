//! The languages that texts come in, with their sources. Never decides which one a home reads.

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident = $tag:literal;)*) => {
        /// A language that there are texts in. Homes with another one read English.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum Language {
            $($(#[$doc])* $name,)*
        }

        impl Language {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its tag, such as `de`: the name of its file in `locales/`.
            pub fn tag(self) -> &'static str {
                match self { $(Self::$name => $tag,)* }
            }

            /// Its texts, as Fluent has them.
            pub(super) fn source(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../locales/", $tag, ".ftl")),)*
                }
            }
        }
    };
}

languages! {
    /// English.
    #[default]
    English = "en";
    /// German.
    German = "de";
    /// French.
    French = "fr";
    /// Spanish.
    Spanish = "es";
    /// Dutch.
    Dutch = "nl";
    /// Italian: items on to-do lists only.
    Italian = "it";
    /// Portuguese: items on to-do lists only.
    Portuguese = "pt";
    /// Swedish: items on to-do lists only.
    Swedish = "sv";
    /// Danish: items on to-do lists only.
    Danish = "da";
    /// Polish: items on to-do lists only.
    Polish = "pl";
}

impl Language {
    /// The language of a BCP 47 tag such as `de` or `fr-CA`; English if there are no texts in it.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let is_it = |language: &&Self| primary.eq_ignore_ascii_case(language.tag());
        Self::ALL.iter().find(is_it).copied().unwrap_or_default()
    }

    /// Whether fractions are written with a comma, as in all of them but English.
    pub(super) fn has_decimal_comma(self) -> bool {
        self != Self::English
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_tag_and_all_others_read_english() {
        let read = Language::from_tag;

        assert_eq!(
            (read("de-AT"), read("FR"), read("es_MX")),
            (Language::German, Language::French, Language::Spanish)
        );
        assert_eq!(
            (read("nl"), read("xx"), read("")),
            (Language::Dutch, Language::English, Language::English)
        );
    }
}
