//! What a person asks for while the program runs, by entity, page or API.

use super::{Trigger, ZoneId};

/// Something a person, or an automation for them, asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Look at the zone now.
    AssessNow {
        /// Which zone.
        zone: ZoneId,
        /// [`Trigger::Button`] or [`Trigger::Api`].
        trigger: Trigger,
    },
    /// Look at the zone by itself, or stop doing so.
    SetWatching {
        /// Which zone.
        zone: ZoneId,
        /// Whether to look at it.
        watching: bool,
    },
}

impl Command {
    /// The zone it is for.
    pub fn zone(&self) -> &ZoneId {
        match self {
            Self::AssessNow { zone, .. } | Self::SetWatching { zone, .. } => zone,
        }
    }
}
