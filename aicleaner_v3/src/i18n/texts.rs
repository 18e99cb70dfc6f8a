//! Renders messages in a language. Never fails: what a language lacks is said in English.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::Language;
use super::entry::{entries, entry};
use super::message::{Argument, Message};

/// Texts of error codes, skip reasons and refusals are three in four, and shown only when something is wrong: they are
/// parsed when they are needed and not kept.
const SELDOM: [&str; 3] = ["aic-", "skip-", "refusal-"];

/// The texts of one language: a handle, cheap to clone. The parsed texts go with the last of them.
#[derive(Clone)]
pub struct Texts(Arc<Parsed>);

struct Parsed {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// The texts of `language`, parsed but for those that are read seldom.
    pub fn new(language: Language) -> Self {
        let often: String = entries(language.source())
            .filter(|entry| !is_seldom(entry))
            .collect();
        Self::from_source(language, &often)
    }

    /// The texts of `source`, which is in `language`.
    pub(super) fn from_source(language: Language, source: &str) -> Self {
        let bundle = bundle(language, source);
        Self(Arc::new(Parsed { language, bundle }))
    }

    /// Which language it is.
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// The message's text: in the language, or else in English.
    pub fn render(&self, message: &Message) -> String {
        self.part(message, None)
            .unwrap_or_else(|| message.key().to_owned())
    }

    /// The text of one of the message's attributes, if it has it.
    pub(super) fn attribute(&self, message: &Message, attribute: &str) -> Option<String> {
        self.part(message, Some(attribute))
    }

    fn part(&self, message: &Message, attribute: Option<&str>) -> Option<String> {
        rendered(&self.0.bundle, message, attribute)
            .or_else(|| match is_seldom(message.key()) {
                true => in_language(self.0.language, message, attribute),
                false => None,
            })
            .or_else(|| in_english(message, attribute))
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.0.language == other.0.language
    }
}

impl Default for Texts {
    /// English.
    fn default() -> Self {
        Self::new(Language::English)
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.0.language).finish()
    }
}

/// Whether a key, or an entry that begins with it, is not kept parsed.
fn is_seldom(key: &str) -> bool {
    SELDOM.iter().any(|start| key.starts_with(start))
}

/// The message or its attribute in English. Parses only that entry, for what is read seldom.
pub(super) fn in_english(message: &Message, attribute: Option<&str>) -> Option<String> {
    in_language(Language::English, message, attribute)
}

/// The same in any language: none if it lacks the message.
pub(super) fn in_language(
    language: Language,
    message: &Message,
    attribute: Option<&str>,
) -> Option<String> {
    let entry = entry(language.source(), message.key())?;
    rendered(&bundle(language, entry), message, attribute)
}

/// The message in each language that has it, for what is to be known again whatever was spoken when it was written.
pub fn in_every_language(message: &Message) -> impl Iterator<Item = String> {
    let languages = Language::ALL.iter();
    languages.filter_map(|language| in_language(*language, message, None))
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Marks around what is put in would go into names of entities and onto phones.
    bundle.set_use_isolating(false);
    if language.has_decimal_comma() {
        bundle.set_formatter(Some(with_comma));
    }
    // What can't be parsed is left out and read in English; a test says that there is no such thing.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
    bundle.add_resource_overriding(resource);
    bundle
}

/// Writes fractions as in `1,5`.
fn with_comma<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() != 0.0 => {
            Some(number.as_string().replace('.', ","))
        }
        _ => None,
    }
}

fn rendered(
    bundle: &FluentBundle<FluentResource>,
    message: &Message,
    attribute: Option<&str>,
) -> Option<String> {
    let found = bundle.get_message(message.key())?;
    let pattern = match attribute {
        Some(attribute) => found.get_attribute(attribute)?.value(),
        None => found.value()?,
    };
    let arguments: FluentArgs<'_> = message
        .arguments()
        .iter()
        .map(|(name, argument)| (*name, value(argument)))
        .collect();
    // What goes wrong with an argument shows as its name; a test renders every message of every language.
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults);
    Some(text.into_owned())
}

fn value(argument: &Argument) -> FluentValue<'_> {
    match argument {
        Argument::Text(text) => FluentValue::String(Cow::Borrowed(text)),
        Argument::Number(number) => FluentValue::from(number.get()),
    }
}
