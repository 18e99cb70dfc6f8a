//! Field types that take exactly what they say: no number from text, no whole number from a fraction, and
//! errors that name what is allowed. A secret's value never stands in an error.

use std::fmt;

use secrecy::SecretString;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

use crate::model::Usd;

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const LEAST: u32, const MOST: u32>(pub u32);

impl<'de, const LEAST: u32, const MOST: u32> serde::Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers<const LEAST: u32, const MOST: u32>;

        impl<const LEAST: u32, const MOST: u32> Visitor<'_> for Numbers<LEAST, MOST> {
            type Value = Whole<LEAST, MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from {LEAST} to {MOST}")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
                u32::try_from(value)
                    .ok()
                    .filter(|value| (LEAST..=MOST).contains(value))
                    .map(Whole)
                    .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
                match u64::try_from(value) {
                    Ok(value) => self.visit_u64(value),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }
        }

        deserializer.deserialize_any(Numbers::<LEAST, MOST>)
    }
}

/// Plain text of at most `MOST` characters, without control characters but line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text<const MOST: usize>(pub String);

impl<'de, const MOST: usize> serde::Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts<const MOST: usize>;

        impl<const MOST: usize> Visitor<'_> for Texts<MOST> {
            type Value = Text<MOST>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "text of at most {MOST} characters")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
                if value.chars().count() > MOST {
                    return Err(E::custom(format_args!(
                        "found text of {} characters, expected at most {MOST}",
                        value.chars().count()
                    )));
                }
                if value
                    .chars()
                    .any(|c| c.is_control() && c != '\n' && c != '\t')
                {
                    return Err(E::custom("found a control character, expected plain text"));
                }
                Ok(Text(value.trim().to_owned()))
            }
        }

        deserializer.deserialize_any(Texts::<MOST>)
    }
}

/// An amount of US dollars, such as `0.25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dollars(pub Usd);

impl<'de> serde::Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amounts;

        impl Visitor<'_> for Amounts {
            type Value = Dollars;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount of US dollars from 0 to 1000000")
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Dollars, E> {
                Usd::from_dollars(value)
                    .map(Dollars)
                    .map_err(|_| E::invalid_value(Unexpected::Float(value), &self))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Dollars, E> {
                match u32::try_from(value) {
                    Ok(small) => self.visit_f64(small.into()),
                    Err(_) => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
                }
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Dollars, E> {
                match u64::try_from(value) {
                    Ok(value) => self.visit_u64(value),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }
        }

        deserializer.deserialize_any(Amounts)
    }
}

/// A secret. Its value is in no error and in no `Debug`.
#[derive(Debug, Clone)]
pub struct Secret(pub SecretString);

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Secrets;

        impl Visitor<'_> for Secrets {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text (put a secret that looks like a number into quotes)")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Secret, E> {
                if value.is_empty() || value.len() > 4096 || value.chars().any(char::is_control) {
                    return Err(E::custom(
                        "a secret must have 1 to 4096 bytes and no control characters",
                    ));
                }
                Ok(Secret(SecretString::from(value)))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Secret, E> {
                Err(E::invalid_type(Unexpected::Other("a number"), &self))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Secret, E> {
                Err(E::invalid_type(Unexpected::Other("a number"), &self))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Secret, E> {
                Err(E::invalid_type(Unexpected::Other("a number"), &self))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Secret, E> {
                Err(E::invalid_type(Unexpected::Other("true or false"), &self))
            }
        }

        deserializer.deserialize_any(Secrets)
    }
}
