//! A Home Assistant entity id, checked once at the edge.
//! Never built from unchecked text.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidId;

/// A Home Assistant entity id such as `camera.kitchen`: two parts of `[a-z0-9_]`, at most 255
/// characters together (Home Assistant's `core.py`: `VALID_ENTITY_ID`, `MAX_LENGTH_STATE_ENTITY_ID`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntityId(String);

impl EntityId {
    /// The longest entity id Home Assistant takes, in characters.
    pub const MAX_LENGTH: usize = 255;

    /// Parses `domain.object_id`.
    ///
    /// # Errors
    /// When the text is not of that form.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let part_is_good = |part: &str| {
            !part.is_empty()
                && !part.starts_with('_')
                && !part.ends_with('_')
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let good = text.len() <= Self::MAX_LENGTH
            && text
                .split_once('.')
                .is_some_and(|(domain, object)| part_is_good(domain) && part_is_good(object));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::new(
                text,
                "an entity id such as camera.kitchen (lower case letters, digits and _)",
            ))
        }
    }

    /// The part before the dot, such as `camera`.
    pub fn domain(&self) -> &str {
        self.0.split_once('.').map_or("", |(domain, _)| domain)
    }

    /// The part after the dot, such as `kitchen`.
    pub fn object_id(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, object)| object)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EntityId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<EntityId> for String {
    fn from(id: EntityId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_id_has_a_domain_and_an_object() {
        let id = EntityId::parse("camera.kitchen_2").unwrap();

        assert_eq!((id.domain(), id.object_id()), ("camera", "kitchen_2"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "kitchen",
            "camera.",
            ".kitchen",
            "camera.Kitchen",
            "camera.a.b",
            "camera.a/b",
            "camera._a",
        ] {
            assert!(EntityId::parse(text).is_err(), "{text}");
        }
    }
}
