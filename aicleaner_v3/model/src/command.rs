//! What a person asks for while the program runs, by entity, page or API.

use std::fmt;
use std::pin::Pin;

use super::{Code, EntityId, LiveChange, Mask, Region, SkipReason, TaskId, Trigger, ZoneId};

/// Something a person, or an automation for them, asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Look at the zone now.
    AssessNow {
        /// Which zone.
        zone: ZoneId,
        /// [`Trigger::Button`] or [`Trigger::Api`].
        trigger: Trigger,
    },
    /// Remember the zone as it is now as tidy.
    TidyNow {
        /// Which zone.
        zone: ZoneId,
    },
    /// Draw anew what is hidden of a camera's picture and what its parts are called. What was called tidy
    /// before is forgotten if the masks change: it showed another picture.
    Draw {
        /// Which zone.
        zone: ZoneId,
        /// Which of its cameras.
        camera: EntityId,
        /// What nobody may see.
        masks: Vec<Mask>,
        /// Parts with a name.
        regions: Vec<Region>,
    },
    /// Change a live value of the zone.
    SetLive {
        /// Which zone.
        zone: ZoneId,
        /// What to change.
        change: LiveChange,
    },
    /// Take all open tasks off the list and forget them: what is still there is found anew.
    ClearTasks {
        /// Which zone.
        zone: ZoneId,
    },
    /// End tasks: a person said how.
    EndTasks {
        /// Which zone.
        zone: ZoneId,
        /// Which of its tasks; those that are over are passed over.
        tasks: Vec<TaskId>,
        /// How.
        how: Ending,
    },
    /// Make the dashboard in Home Assistant, or bring it up to date.
    MakeDashboard,
    /// Look at no zone any more, or look again.
    PauseAll {
        /// Whether to pause.
        paused: bool,
    },
}

/// How a person ends tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// They are done.
    Done,
    /// They are not to be done.
    Dismissed,
}

impl Command {
    /// The zone it is for; none when it is for all of them.
    pub fn zone(&self) -> Option<&ZoneId> {
        match self {
            Self::AssessNow { zone, .. }
            | Self::TidyNow { zone }
            | Self::Draw { zone, .. }
            | Self::SetLive { zone, .. }
            | Self::ClearTasks { zone }
            | Self::EndTasks { zone, .. } => Some(zone),
            Self::PauseAll { .. } | Self::MakeDashboard => None,
        }
    }

    /// The word that stands for it in logs and events. It never changes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AssessNow { .. } => "assess_now",
            Self::TidyNow { .. } => "tidy_now",
            Self::Draw { .. } => "draw",
            Self::SetLive { .. } => "set_live",
            Self::ClearTasks { .. } => "clear_tasks",
            Self::EndTasks { .. } => "end_tasks",
            Self::PauseAll { .. } => "pause_all",
            Self::MakeDashboard => "make_dashboard",
        }
    }
}

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user of Home Assistant on the page, by the name that ingress gives.
    User(String),
    /// A button of a notification on a phone.
    Phone,
    /// A message over MQTT: an entity or an automation.
    Mqtt,
    /// The HTTP API, by whoever may use it.
    Api,
    /// The program itself.
    Program,
}

impl Actor {
    /// Reads what [`fmt::Display`] wrote; none if it is nothing of that kind.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "phone" => Some(Self::Phone),
            "mqtt" => Some(Self::Mqtt),
            "api" => Some(Self::Api),
            "program" => Some(Self::Program),
            other => Some(Self::User(other.strip_prefix("user:")?.to_owned())),
        }
    }
}

impl fmt::Display for Actor {
    /// As the audit keeps it: `user:NAME`, `phone`, `mqtt`, `api`, `program`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(name) => write!(f, "user:{name}"),
            Self::Phone => f.write_str("phone"),
            Self::Mqtt => f.write_str("mqtt"),
            Self::Api => f.write_str("api"),
            Self::Program => f.write_str("program"),
        }
    }
}

/// Why a command was not done. Nothing was changed by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandRefusal {
    /// There is no such zone.
    UnknownZone,
    /// The zone has no such camera.
    UnknownCamera,
    /// None of the tasks is open in the zone.
    UnknownTask,
    /// A check may not start now.
    CheckForbidden(SkipReason),
    /// Too many commands wait already: ask again in a moment.
    Busy,
    /// The program is stopping.
    Stopping,
    /// More is drawn than a camera may have: at most [`MOST_SHAPES`] masks and as many regions.
    TooManyShapes,
    /// Somebody else made a dashboard at this path, so it is left alone.
    DashboardNotOurs(String),
    /// It could not be stored.
    NotStored(Code),
    /// Home Assistant or another service did not do its part.
    Failed {
        /// The stable code.
        code: Code,
        /// The service's own words, in English.
        details: String,
    },
}

impl CommandRefusal {
    /// The word that stands for it in the API, events and logs. It never changes.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UnknownZone => "unknown_zone",
            Self::UnknownCamera => "unknown_camera",
            Self::UnknownTask => "unknown_task",
            Self::CheckForbidden(reason) => reason.as_str(),
            Self::Busy => "busy",
            Self::Stopping => "stopping",
            Self::TooManyShapes => "too_many_shapes",
            Self::DashboardNotOurs(_) => "dashboard_not_ours",
            Self::NotStored(_) => "not_stored",
            Self::Failed { .. } => "failed",
        }
    }
}

/// The most masks, and the most regions, that a camera can have.
pub const MOST_SHAPES: usize = 64;

/// A command that was refused, for those who show it to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCommand {
    /// Who asked.
    pub actor: Actor,
    /// [`Command::name`].
    pub command: &'static str,
    /// The zone that it was for; none when it was for all of them.
    pub zone: Option<ZoneId>,
    /// Why.
    pub refusal: CommandRefusal,
}

/// The answer to a command, when it is there.
pub type CommandAnswer = Pin<Box<dyn Future<Output = Result<(), CommandRefusal>> + Send>>;

/// Where commands are handed in by those who may not know who carries them out.
pub trait Commands: Send + Sync {
    /// Hands the command in when the answer is first waited for.
    fn command(&self, actor: Actor, command: Command) -> CommandAnswer;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_read_as_it_was_written() {
        for actor in [
            Actor::User("Ada: mqtt".to_owned()),
            Actor::Phone,
            Actor::Mqtt,
            Actor::Api,
            Actor::Program,
        ] {
            assert_eq!(Actor::parse(&actor.to_string()), Some(actor));
        }
        assert_eq!(Actor::parse(""), None);
    }
}
