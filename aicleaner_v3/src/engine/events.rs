//! What happens in zones: each a struct that is logged and counted in one place, and told on the bus.

use std::fmt;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::i18n::log_remedy;
use crate::model::{
    Actor, CommandRefusal, EntityId, Score, SkipReason, Task, TaskState, Trigger, ZoneId,
};
use crate::store::StoreError;
use crate::telemetry::{Code, Event, Telemetry};

/// Events that may wait at a slow receiver.
const BUS: usize = 256;

/// A camera's picture is here and can be used.
#[derive(Debug, Clone)]
pub struct SnapshotTaken {
    /// Which zone.
    pub zone: ZoneId,
    /// Which camera.
    pub camera: EntityId,
    /// The size of the picture as it came, in pixels.
    pub size: (u32, u32),
    /// Why the check was asked for.
    pub trigger: Trigger,
}

/// A check ended without an assessment.
#[derive(Debug, Clone)]
pub struct CheckSkipped {
    /// Which zone.
    pub zone: ZoneId,
    /// Why.
    pub reason: SkipReason,
}

/// A check failed: no task and no score changed.
#[derive(Debug, Clone)]
pub struct CheckFailed {
    /// Which zone.
    pub zone: ZoneId,
    /// The stable code.
    pub code: Code,
    /// One plain sentence.
    pub sentence: String,
}

/// A provider judged the zone, and its judgement is stored.
#[derive(Debug, Clone)]
pub struct ZoneAssessed {
    /// Which zone.
    pub zone: ZoneId,
    /// How tidy it is.
    pub score: Score,
    /// The kind of the provider.
    pub provider: String,
    /// How long the provider took.
    pub duration: Duration,
    /// In one sentence.
    pub summary: String,
}

/// An assessment found what was not there before.
#[derive(Debug, Clone)]
pub struct MessFound {
    /// Which zone.
    pub zone: ZoneId,
    /// The score that is shown.
    pub score: Score,
    /// Whether the zone needs cleaning.
    pub needs_cleaning: bool,
    /// In one sentence.
    pub summary: String,
    /// Why the check was asked for.
    pub trigger: Trigger,
    /// The new tasks; at least one.
    pub tasks: Vec<Task>,
}

/// The last open task of a zone was done.
#[derive(Debug, Clone)]
pub struct AllTidy {
    /// Which zone.
    pub zone: ZoneId,
    /// The score that is shown.
    pub score: Option<Score>,
}

/// A finding became a task.
#[derive(Debug, Clone)]
pub struct TaskOpened {
    /// The task.
    pub task: Task,
}

/// A task was done, by whom its state says.
#[derive(Debug, Clone)]
pub struct TaskEnded {
    /// The task.
    pub task: Task,
}

/// Reconcile wants to look again within minutes. Counted, but not told on the bus.
#[derive(Debug)]
pub struct RecheckWanted {
    /// Which zone.
    pub zone: ZoneId,
}

/// There was no room to keep the assessment; the tasks are kept. Counted, but not told on the bus.
#[derive(Debug)]
pub struct RoomLacking {
    /// Which zone.
    pub zone: ZoneId,
}

/// A person called the zone tidy, and it is remembered as it looked.
#[derive(Debug, Clone)]
pub struct TidyRemembered {
    /// Which zone.
    pub zone: ZoneId,
}

/// A command that was not carried out. Counted, but not told on the bus: whoever asked gets the answer.
#[derive(Debug)]
pub struct CommandRefused {
    /// Which zone it was for; none for the whole home.
    pub zone: Option<ZoneId>,
    /// Who asked.
    pub actor: Actor,
    /// Why.
    pub refusal: CommandRefusal,
}

/// A message of the program itself did not reach a zone. Counted, but not told on the bus.
#[derive(Debug)]
pub struct MessageDropped {
    /// Which zone it was for.
    pub zone: ZoneId,
    /// Why, as a word for the count.
    pub reason: &'static str,
}

/// Who asked for a check could not be stored; the check goes on. Counted, but not told on the bus.
#[derive(Debug)]
pub struct NotAudited {
    /// Which zone.
    pub zone: ZoneId,
    /// Why.
    pub error: StoreError,
}

/// The store did not take what a person changed for the whole home. Counted, but not told on the bus.
#[derive(Debug)]
pub struct NotRemembered {
    /// Why.
    pub error: StoreError,
}

impl Event for MessageDropped {
    const NAME: &'static str = "message_dropped";

    fn kind(&self) -> &'static str {
        self.reason
    }

    fn log(&self) {
        tracing::warn!(zone = %self.zone, reason = self.reason, "a message did not reach its zone");
    }
}

impl Event for NotAudited {
    const NAME: &'static str = "command_not_audited";

    fn log(&self) {
        let code = self.error.code();
        tracing::warn!(zone = %self.zone, code = %code, remedy = log_remedy(code), "who asked for the check is not stored: {}", self.error);
    }
}

impl Event for NotRemembered {
    const NAME: &'static str = "switch_not_remembered";

    fn log(&self) {
        let code = self.error.code();
        tracing::warn!(code = %code, remedy = log_remedy(code), "the pause switch stays as it was: {}", self.error);
    }
}

impl Event for SnapshotTaken {
    const NAME: &'static str = "snapshot_taken";

    fn kind(&self) -> &'static str {
        self.trigger.as_str()
    }

    fn log(&self) {
        tracing::debug!(zone = %self.zone, camera = %self.camera, width = self.size.0, height = self.size.1, trigger = %self.trigger, "snapshot taken");
    }
}

impl Event for CheckSkipped {
    const NAME: &'static str = "look_skipped";

    fn kind(&self) -> &'static str {
        self.reason.as_str()
    }

    fn log(&self) {
        tracing::debug!(zone = %self.zone, reason = %self.reason, "look skipped");
    }
}

impl Event for CheckFailed {
    const NAME: &'static str = "look_failed";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(zone = %self.zone, code = %self.code, remedy = log_remedy(self.code), "look failed: {}", self.sentence);
    }
}

impl Event for ZoneAssessed {
    const NAME: &'static str = "zone_assessed";

    fn log(&self) {
        tracing::info!(zone = %self.zone, score = self.score.get(), provider = self.provider, seconds = self.duration.as_secs_f32(), "zone assessed");
    }
}

impl Event for MessFound {
    const NAME: &'static str = "mess_found";

    fn log(&self) {
        tracing::debug!(zone = %self.zone, score = self.score.get(), tasks = self.tasks.len(), "mess found");
    }
}

impl Event for AllTidy {
    const NAME: &'static str = "all_tidy";

    fn log(&self) {
        tracing::info!(zone = %self.zone, "all is tidy");
    }
}

impl Event for TaskOpened {
    const NAME: &'static str = "task_opened";

    fn log(&self) {
        tracing::info!(zone = %self.task.zone, task = %self.task.id, title = self.task.finding.title, "task opened");
    }
}

impl Event for TaskEnded {
    const NAME: &'static str = "task_ended";

    fn kind(&self) -> &'static str {
        self.task.state.as_str()
    }

    fn log(&self) {
        tracing::info!(zone = %self.task.zone, task = %self.task.id, title = self.task.finding.title, how = self.task.state.as_str(), "task ended");
    }
}

impl Event for RecheckWanted {
    const NAME: &'static str = "second_look_wanted";

    fn log(&self) {
        tracing::debug!(zone = %self.zone, "a recheck is wanted");
    }
}

impl Event for RoomLacking {
    const NAME: &'static str = "assessment_not_kept";

    fn log(&self) {
        let code = Code::DiskFull;
        tracing::error!(zone = %self.zone, %code, remedy = log_remedy(code), "the disk is full: the tasks are kept, the assessment is not");
    }
}

impl Event for TidyRemembered {
    const NAME: &'static str = "tidy_remembered";

    fn log(&self) {
        tracing::info!(zone = %self.zone, "remembered as tidy");
    }
}

impl Event for CommandRefused {
    const NAME: &'static str = "command_refused";

    fn kind(&self) -> &'static str {
        self.refusal.as_str()
    }

    fn log(&self) {
        let zone = self.zone.as_ref().map(ZoneId::as_str);
        tracing::warn!(zone, actor = %self.actor, reason = self.refusal.as_str(), "command refused");
    }
}

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

/// Logs, counts and tells what happens.
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

    /// Logs, counts and tells.
    pub fn tell<E: Event + Into<ZoneEvent>>(&self, event: E) {
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
