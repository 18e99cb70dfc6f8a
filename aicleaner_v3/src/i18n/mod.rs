//! The one catalogue of texts: what people read, in their language, from `locales/LANGUAGE.ftl` (Project Fluent). A
//! sentence for people is built nowhere else; what automations depend on (enum states, event types, entity ids) is
//! never translated and is not here.
//!
//! Code makes a [`Message`], a key with its arguments, and whoever shows it renders it with the [`Texts`] of a
//! language. Keys and arguments are typed: the build script makes a constructor for each message of `en.ftl`, from the
//! arguments that its comment declares, so that a wrong key or a missing argument does not compile. It is made at each
//! build and not kept as a file: a new message can be used at once, and nothing can be behind. Messages that belong to a
//! type of the model (error codes, skip reasons, refusals) are found by that type, and tests check that each has one.
//!
//! Only the language of the home is parsed and kept. A key that it lacks is read in English: just that entry is parsed,
//! when it is needed. So it is with English remedies in the log. `make lint` lists the keys that languages lack.

mod entry;
mod keyed;
mod language;
mod locale;
mod message;
pub mod messages;
mod texts;

#[cfg(test)]
mod declared;
#[cfg(test)]
mod tests;

pub use keyed::{english, error, log_remedy, reason_in_english, refusal, skip};
pub use language::Language;
pub use locale::Locale;
pub use message::{Argument, Message, Number};
pub use texts::{Texts, in_every_language};
