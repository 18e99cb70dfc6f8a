//! How much is logged. Logs nothing.

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum LogLevel {
    /// Only what stops the work.
    Error,
    /// What needs attention.
    Warning,
    /// What happens.
    #[default]
    Info,
    /// And why.
    Debug,
}
