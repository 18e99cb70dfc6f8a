//! Where Home Assistant looks for discovery messages on the broker.

use std::fmt;

use serde::Deserialize;

/// Home Assistant's discovery prefix, `homeassistant` unless it was changed there: a topic without wildcards,
/// control characters or empty levels, at most 100 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DiscoveryPrefix(String);

/// A text that can't be a discovery prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {0:?}, expected a topic such as homeassistant: no +, # or control characters, no / at either end, at most 100 bytes"
)]
pub struct InvalidPrefix(String);

impl DiscoveryPrefix {
    /// The longest it may be, in bytes.
    pub const MAX_LENGTH: usize = 100;

    /// Takes a prefix as a person gave it.
    ///
    /// # Errors
    /// When messages under it could not be published.
    pub fn parse(text: &str) -> Result<Self, InvalidPrefix> {
        let good = text.len() <= Self::MAX_LENGTH
            && !text.starts_with('$')
            && !text.contains(|c: char| c.is_control() || c == '+' || c == '#')
            && text.split('/').all(|level| !level.is_empty());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPrefix(text.chars().take(120).collect()))
        }
    }

    /// The prefix itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for DiscoveryPrefix {
    fn default() -> Self {
        Self("homeassistant".to_owned())
    }
}

impl fmt::Display for DiscoveryPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DiscoveryPrefix {
    type Error = InvalidPrefix;

    fn try_from(text: String) -> Result<Self, InvalidPrefix> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_can_not_be_published_to_is_refused() {
        for text in [
            "", "/", "a/", "/a", "a//b", "a/+", "#", "a\nb", "$SYS", "a\0",
        ] {
            assert!(DiscoveryPrefix::parse(text).is_err(), "{text:?}");
        }
        assert!(DiscoveryPrefix::parse(&"a".repeat(101)).is_err());
        assert_eq!(
            DiscoveryPrefix::parse("home/ha").unwrap().as_str(),
            "home/ha"
        );
    }
}
