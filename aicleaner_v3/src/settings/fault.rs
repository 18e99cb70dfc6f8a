//! What is wrong with the settings: each fault names the path, what was found and what is allowed.
//! Never repeats a secret.

use std::fmt;

use crate::model::EntityId;
use crate::telemetry::Code;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, such as `zones[1].cameras[0]`; empty for the whole file.
    pub path: String,
    /// What was found and what is allowed.
    pub reason: String,
}

impl Fault {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.reason)
        } else {
            write!(f, "{}: {}", self.path, self.reason)
        }
    }
}

/// All that is wrong, so that it is told at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One more, at `path`.
    pub fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Fault::new(path, reason));
    }

    /// A fault if `entity` is not of `domain`.
    pub fn expect_domain(&mut self, path: String, entity: &EntityId, domain: &str) {
        if entity.domain() != domain {
            self.add(path, format!("found {entity}, expected an entity of the domain {domain}, such as {domain}.kitchen"));
        }
    }

    /// # Errors
    /// When there is a fault.
    pub(super) fn none_or_error(self) -> Result<(), SettingsError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(SettingsError::Invalid(self.0)),
        }
    }
}

/// Settings that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read or is no YAML or JSON.
    #[error("{0}")]
    Unreadable(Fault),
    /// Values that are not allowed; at least one.
    #[error("{}", lines(.0))]
    Invalid(Vec<Fault>),
}

fn lines(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(Fault::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

impl SettingsError {
    /// Settings that are well written and can't be used all the same.
    pub fn unusable(reason: &str) -> Self {
        Self::Invalid(vec![Fault::new("", reason)])
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Unreadable(_) => Code::SettingsUnreadable,
            Self::Invalid(_) => Code::SettingsInvalid,
        }
    }
}
