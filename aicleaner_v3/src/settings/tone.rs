//! How notifications speak. Writes none.

/// How notifications speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Says what is.
    #[default]
    Plain,
    /// Like a friend.
    Friendly,
    /// Like a butler.
    Butler,
    /// Like a coach.
    Coach,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Friendly, Self::Butler, Self::Coach];

    /// The word that stands for it in settings and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Friendly => "friendly",
            Self::Butler => "butler",
            Self::Coach => "coach",
        }
    }
}
