//! The bus: logs and counts what happens in zones, and sends it to whoever listens. What is sent is also in the views and
//! the store, so a slow listener loses nothing that matters.

use std::fmt;

use tokio::sync::broadcast;

use super::events::{
    AllTidy, CheckFailed, CheckSkipped, MessFound, SnapshotTaken, TaskEnded, TaskOpened,
    TidyRemembered, ZoneAssessed,
};
use crate::model::TaskState;
use crate::telemetry::{Event, Telemetry};

/// Events that may wait at a slow receiver.
const BUS: usize = 256;

/// What happened in a zone.
#[derive(Debug, Clone)]
pub enum ZoneEvent {
    /// A camera's picture is here.
    SnapshotTaken(SnapshotTaken),
    /// A check ended without an assessment.
    CheckSkipped(CheckSkipped),
    /// A check failed.
    CheckFailed(CheckFailed),
    /// A provider judged the zone.
    ZoneAssessed(ZoneAssessed),
    /// An assessment found what was not there before.
    MessFound(MessFound),
    /// The last open task was done.
    AllTidy(AllTidy),
    /// A finding became a task.
    TaskOpened(TaskOpened),
    /// A task was done.
    TaskEnded(TaskEnded),
    /// The zone is remembered as tidy.
    TidyRemembered(TidyRemembered),
}

macro_rules! zone_events {
    ($($name:ident),*) => {
        $(impl From<$name> for ZoneEvent {
            fn from(event: $name) -> Self {
                Self::$name(event)
            }
        })*
    };
}

zone_events!(
    SnapshotTaken,
    CheckSkipped,
    CheckFailed,
    ZoneAssessed,
    MessFound,
    AllTidy,
    TaskOpened,
    TaskEnded,
    TidyRemembered
);

impl fmt::Display for ZoneEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SnapshotTaken(event) => write!(
                f,
                "{}: snapshot of {} ({} x {}, {})",
                event.zone, event.camera, event.size.0, event.size.1, event.trigger
            ),
            Self::CheckSkipped(event) => {
                write!(f, "{}: skipped because {}", event.zone, event.reason)
            }
            Self::CheckFailed(event) => write!(
                f,
                "{}: failed, {} [{}]",
                event.zone, event.sentence, event.code
            ),
            Self::ZoneAssessed(event) => write!(
                f,
                "{}: assessed {} ({})",
                event.zone, event.score, event.summary
            ),
            Self::MessFound(event) => {
                write!(f, "{}: mess found, {} new", event.zone, event.tasks.len())
            }
            Self::AllTidy(event) => write!(f, "{}: all tidy", event.zone),
            Self::TidyRemembered(event) => write!(f, "{}: remembered as tidy", event.zone),
            Self::TaskOpened(event) => write!(
                f,
                "{}: task added: {}",
                event.task.zone, event.task.finding.title
            ),
            Self::TaskEnded(event) => {
                let how = match event.task.state {
                    TaskState::DoneByCamera => "seen done",
                    TaskState::Dismissed => "deleted by a person",
                    TaskState::Settled => "the same as another",
                    _ => "ticked by a person",
                };
                write!(
                    f,
                    "{}: task done ({how}): {}",
                    event.task.zone, event.task.finding.title
                )
            }
        }
    }
}

/// Logs and counts what happens, and sends it to whoever listens.
#[derive(Debug, Clone)]
pub struct EventBus {
    telemetry: Telemetry,
    sender: broadcast::Sender<ZoneEvent>,
}

impl EventBus {
    pub fn new(telemetry: Telemetry) -> Self {
        Self {
            telemetry,
            sender: broadcast::Sender::new(BUS),
        }
    }

    /// Logs and counts the event, and sends it to whoever listens.
    pub fn emit<E: Event + Into<ZoneEvent>>(&self, event: E) {
        self.telemetry.emit(&event);
        // Nobody listening is no fault.
        let _ = self.sender.send(event.into());
    }

    /// Logs and counts only.
    pub fn count<E: Event>(&self, event: &E) {
        self.telemetry.emit(event);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<ZoneEvent> {
        self.sender.subscribe()
    }
}
