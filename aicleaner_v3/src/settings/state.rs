//! How the newest declared settings stand, for those who tell people of it. Reads nothing.

use super::fault::SettingsError;

/// How the declared settings stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredState {
    /// Why the newest version can't be used: the one before goes on.
    pub refused: Option<SettingsError>,
    /// Settings that were changed and are taken up at the next start only.
    pub needs_restart: Vec<String>,
}
