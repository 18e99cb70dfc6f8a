//! Names and ids: zones, instances, assessments, tasks, and items on a list.
//! An id never changes with a name.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

/// A text that is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {found:?}, expected {expected}")]
pub struct InvalidId {
    found: String,
    expected: &'static str,
}

impl InvalidId {
    /// `found` is cut to 80 characters: it may come from anywhere.
    pub(super) fn new(found: &str, expected: &'static str) -> Self {
        Self {
            found: found.chars().take(80).collect(),
            expected,
        }
    }
}

/// Lower case ASCII letters, digits and single `_`, made from any text: `Küche 2` -> `kuche_2`.
fn slug(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'a'..='z' | '0'..='9' => Some(c),
            'à'..='å' => Some('a'),
            'ç' => Some('c'),
            'è'..='ë' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ñ' => Some('n'),
            'ò'..='ö' | 'ø' => Some('o'),
            'ù'..='ü' => Some('u'),
            'ý' | 'ÿ' => Some('y'),
            _ => None,
        };
        match plain {
            Some(c) => out.push(c),
            None if c == 'ß' => out.push_str("ss"),
            None if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            None => {}
        }
    }
    out.truncate(longest);
    out.trim_end_matches('_').to_owned()
}

fn is_slug(text: &str, longest: usize) -> bool {
    !text.is_empty() && slug(text, longest) == text
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $longest:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest it may be, in characters.
            pub const MAX_LENGTH: usize = $longest;

            /// Takes an id as it was given.
            ///
            /// # Errors
            /// When it is anything but lower case letters, digits and single `_`, or too long.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_slug(text, Self::MAX_LENGTH) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId::new(text, $expected))
                }
            }

            /// The whole id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

slug_id!(
    /// A zone's id. Part of MQTT topics and of entities' unique ids, so it stays when the name changes.
    ZoneId, 40, "an id of lower case letters, digits and _, at most 40 characters"
);
slug_id!(
    /// The name of one running AICleaner: the base of its topics, its discovery ids and its MQTT client id.
    InstanceName, 20, "a name of lower case letters, digits and _, at most 20 characters"
);

impl ZoneId {
    /// The id that a zone called `name` gets when none is given.
    ///
    /// # Errors
    /// When nothing of the name can stand in an id (such as a name in another script): an id must be given then.
    pub fn from_name(name: &str) -> Result<Self, InvalidId> {
        Self::parse(&slug(name, Self::MAX_LENGTH)).map_err(|_| {
            InvalidId::new(
                name,
                "a name with at least one Latin letter or digit, or an `id` beside it",
            )
        })
    }
}

impl Default for InstanceName {
    fn default() -> Self {
        Self("aicleaner".to_owned())
    }
}

/// FNV-1a with a finish (Fowler, Noll, Vo; the finish is that of MurmurHash3): only to tell seeds apart.
fn fingerprint(seed: &[&str], salt: u8) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in seed
        .iter()
        .flat_map(|part| part.bytes().chain([0]))
        .chain([salt])
    {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7 that sorts by `now` (milliseconds; RFC 9562 section 5.7).
            pub fn new(now: Timestamp) -> Self {
                let seconds = u64::try_from(now.as_second()).unwrap_or(0);
                let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
                Self(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)))
            }

            /// The UUIDv7 at `now` whose other bits come from `seed`: the same arguments give the same id, so
            /// that pure functions can make ids. Different seeds at one time give different ids.
            pub fn derived(now: Timestamp, seed: &[&str]) -> Self {
                let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                let (high, low) = (fingerprint(seed, 0).to_be_bytes(), fingerprint(seed, 1).to_be_bytes());
                let mut bits = [0; 10];
                bits[..8].copy_from_slice(&high);
                bits[8..].copy_from_slice(&low[..2]);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &bits).into_uuid())
            }

            /// Reads the hyphenated form.
            ///
            /// # Errors
            /// When it is no UUID.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| InvalidId::new(text, "a UUID"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_id!(
    /// Identifies a job. Its random bits make it hard to guess: who names it has seen it.
    JobId
);

uuid_id!(
    /// The id of one assessment; sorts by time.
    AssessmentId
);
uuid_id!(
    /// The id of one task; sorts by the time the task was opened.
    TaskId
);

/// The uid of an item on a Home Assistant to-do list, as the list gave it. At most 255 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemUid(String);

impl ItemUid {
    /// Takes a uid as a list gave it. Lists choose their own forms, so any text will do.
    pub fn new(uid: impl Into<String>) -> Self {
        Self(uid.into())
    }

    /// The whole uid.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_id_is_made_from_the_name() {
        assert_eq!(
            ZoneId::from_name("Living Room").unwrap().as_str(),
            "living_room"
        );
        assert_eq!(
            ZoneId::from_name("Küche – 2. Straße").unwrap().as_str(),
            "kuche_2_strasse"
        );
        assert!(ZoneId::from_name("キッチン").is_err());
    }

    #[test]
    fn ids_with_other_characters_are_refused() {
        for text in ["", "Kitchen", "a/b", "a+", "#", "a__b", "_a", "a_"] {
            assert!(ZoneId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn derived_ids_are_the_same_for_the_same_seed_only() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();

        assert_eq!(
            TaskId::derived(now, &["a", "b"]),
            TaskId::derived(now, &["a", "b"])
        );
        assert_ne!(
            TaskId::derived(now, &["a", "b"]),
            TaskId::derived(now, &["ab", ""])
        );
        assert!(
            TaskId::derived(now, &["a"])
                < TaskId::derived(now + jiff::SignedDuration::from_secs(1), &["a"])
        );
    }

    #[test]
    fn later_ids_sort_later() {
        let early = TaskId::new(Timestamp::from_second(1_700_000_000).unwrap());
        let late = TaskId::new(Timestamp::from_second(1_700_000_001).unwrap());

        assert!(early < late);
    }
}
