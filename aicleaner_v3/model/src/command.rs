//! What a person asks for while the program runs, by entity, page or API.

use super::{EntityId, LiveChange, Mask, Region, TaskId, Trigger, ZoneId};

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
}
