//! What AICleaner depends on outside of itself, by name. It never says how a dependency stands: that is a condition.

/// Something outside that AICleaner needs for its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dependency {
    /// Valid settings.
    Settings,
    /// A running Home Assistant that lets us in.
    HomeAssistant,
    /// The MQTT broker.
    Mqtt,
    /// The database.
    Store,
    /// The to-do lists.
    Lists,
    /// What judges.
    Providers,
}

impl Dependency {
    /// The word that stands for it in `/health/ready` and entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::HomeAssistant => "home_assistant",
            Self::Mqtt => "mqtt",
            Self::Store => "store",
            Self::Lists => "lists",
            Self::Providers => "providers",
        }
    }
}
