//! How something stands: a zone, a dependency, a provider, a list. One type for all floors; whoever knows gives one,
//! `health` gathers them. Carries no sentence: the catalogue of texts makes those, in the reader's language.

use jiff::Timestamp;

use super::{Code, Dependency, EntityId, ZoneId};

/// How the program was installed: decides what a person can do about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deployment {
    /// As an app (add-on) under Supervisor.
    App,
    /// As a container without Supervisor.
    Container,
    /// As a standalone binary.
    Standalone,
}

/// How badly something works; what works well has no condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConditionState {
    /// It does not work yet, and should by itself within moments.
    Waiting,
    /// It works worse than it should, or a part of it does not.
    Degraded,
    /// It does not work until a person acts.
    NeedsAttention,
}

impl ConditionState {
    /// The word that stands for it in the API and entities. It never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Degraded => "degraded",
            Self::NeedsAttention => "needs_attention",
        }
    }
}

/// Whose condition it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Something outside that the program needs.
    Dependency(Dependency),
    /// A zone.
    Zone(ZoneId),
    /// A provider, by its name in the settings.
    Provider(String),
    /// A to-do list.
    List(EntityId),
}

impl Subject {
    /// The dependency that it counts towards; none for a zone.
    pub fn dependency(&self) -> Option<Dependency> {
        match self {
            Self::Dependency(dependency) => Some(*dependency),
            Self::Provider(_) => Some(Dependency::Providers),
            Self::List(_) => Some(Dependency::Lists),
            Self::Zone(_) => None,
        }
    }
}

/// Why something stands as it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind of reason it is. The catalogue has its sentence and its remedy for each [`Deployment`].
    pub code: Code,
    /// The entity concerned, if there is one.
    pub entity: Option<EntityId>,
    /// What the sentence names besides: a provider, settings, a service.
    pub name: Option<String>,
    /// The service's own words in English, cut and redacted: for the person who runs the program. May be empty.
    pub details: String,
}

impl Reason {
    /// A reason of which nothing but its kind is known.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            entity: None,
            name: None,
            details: String::new(),
        }
    }
}

/// How something stands that is not as it should be. What is well has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Whose condition it is.
    pub subject: Subject,
    /// How well it works.
    pub state: ConditionState,
    /// Why.
    pub reason: Reason,
    /// Whether the program can't do its work until this is over.
    pub is_blocking: bool,
    /// Since when it stands so.
    pub since: Timestamp,
}

impl Condition {
    /// Whether people should see it as a problem: what only waits for its time is none, unless all waits with it.
    pub fn is_problem(&self) -> bool {
        self.is_blocking || self.state >= ConditionState::Degraded
    }
}
