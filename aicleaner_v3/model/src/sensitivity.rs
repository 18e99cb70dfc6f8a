//! How small a change is noticed.

use serde::{Deserialize, Serialize};

/// How small a change of the room is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Sensitivity {
    /// Notices large things: a bag, a pile of clothes.
    Low,
    /// Notices things as large as a cup.
    #[default]
    Normal,
    /// Notices small and faint things too, and costs more.
    High,
}

impl Sensitivity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// The word that stands for it in entities and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}
