//! Numbers with a meaning and a range. A value outside its range can't be built.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number outside the range of its type.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("found {found}, expected {least} to {most}")]
pub struct OutOfRange {
    found: f64,
    least: f64,
    most: f64,
}

impl OutOfRange {
    pub(super) fn new(found: f64, least: f64, most: f64) -> Self {
        Self { found, least, most }
    }
}

/// How tidy a zone is: 0 (chaos) to 100 (tidy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl Score {
    /// Nothing to do.
    pub const TIDY: Self = Self(100);
    /// Below it a zone needs cleaning, if nothing else is declared.
    pub const USUAL_THRESHOLD: Self = Self(70);

    /// # Errors
    /// Above 100.
    pub fn new(value: u8) -> Result<Self, OutOfRange> {
        if value <= 100 {
            Ok(Self(value))
        } else {
            Err(OutOfRange {
                found: value.into(),
                least: 0.0,
                most: 100.0,
            })
        }
    }

    /// 0 to 100.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Score {
    type Error = OutOfRange;

    fn try_from(value: u8) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// How sure a provider is: 0 (a guess) to 1 (certain).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Confidence(f64);

impl Confidence {
    /// Certain.
    pub const CERTAIN: Self = Self(1.0);

    /// # Errors
    /// Outside 0 to 1, or not a number.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(OutOfRange {
                found: value,
                least: 0.0,
                most: 1.0,
            })
        }
    }

    /// 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Confidence {
    type Error = OutOfRange;

    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Can wait.
    Low,
    /// Should be done some time today.
    #[default]
    Normal,
    /// A hazard, or something that gets worse.
    High,
}

impl Priority {
    /// The word that stands for it in entities, the database and the verdict schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}
