//! A text that is not in any language yet: its key and its arguments. Never holds a sentence.

use std::borrow::Cow;

/// A key of the catalogue and what is put into its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    key: Cow<'static, str>,
    arguments: Vec<(&'static str, Argument)>,
}

/// What is put into a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// Words, shown as they are.
    Text(String),
    /// A number, which plural rules and the way of writing numbers apply to.
    Number(Number),
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(f64);

impl Number {
    /// As Fluent takes it.
    pub(super) fn get(self) -> f64 {
        self.0
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Number {
            fn from(number: $kind) -> Self {
                Self(f64::from(number))
            }
        })*
    };
}

numbers!(u8, u16, u32, i32, f32, f64);

impl From<usize> for Number {
    /// Counts, of which there are never as many as a `f64` can't tell apart.
    fn from(count: usize) -> Self {
        Self(count as f64)
    }
}

impl Message {
    /// A message without arguments.
    pub(super) const fn of(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            arguments: Vec::new(),
        }
    }

    /// The same for a key that is made from the words of a type.
    pub(super) const fn of_made(key: String) -> Self {
        Self {
            key: Cow::Owned(key),
            arguments: Vec::new(),
        }
    }

    pub(super) fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.arguments.push((name, Argument::Text(text.into())));
        self
    }

    pub(super) fn number(mut self, name: &'static str, number: impl Into<Number>) -> Self {
        self.arguments.push((name, Argument::Number(number.into())));
        self
    }

    /// The key in the catalogue.
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn arguments(&self) -> &[(&'static str, Argument)] {
        &self.arguments
    }
}
