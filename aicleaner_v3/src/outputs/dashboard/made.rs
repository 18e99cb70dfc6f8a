//! The dashboard that was made.

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its path in Home Assistant.
    pub url_path: String,
    /// Whether it is new.
    pub is_new: bool,
}
