//! What happens in zones: each a struct that is logged and counted in one place, and sent over the bus.

use std::time::Duration;

use crate::i18n::log_remedy;
use crate::model::{Actor, CommandRefusal, EntityId, Score, SkipReason, Task, Trigger, ZoneId};
use crate::store::StoreError;
use crate::telemetry::{Code, Event};

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

/// Reconcile wants a recheck within minutes. Counted, but not sent over the bus.
#[derive(Debug)]
pub struct RecheckWanted {
    /// Which zone.
    pub zone: ZoneId,
}

/// There was no room to keep the assessment; the tasks are kept. Counted, but not sent over the bus.
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

/// A command that was not carried out. Counted, but not sent over the bus: whoever asked gets the answer.
#[derive(Debug)]
pub struct CommandRefused {
    /// Which zone it was for; none for the whole home.
    pub zone: Option<ZoneId>,
    /// Who asked.
    pub actor: Actor,
    /// Why.
    pub refusal: CommandRefusal,
}

/// A message of the program itself did not reach a zone. Counted, but not sent over the bus.
#[derive(Debug)]
pub struct MessageDropped {
    /// Which zone it was for.
    pub zone: ZoneId,
    /// Why, as a word for the count.
    pub reason: &'static str,
}

/// Who asked for a check could not be stored; the check goes on. Counted, but not sent over the bus.
#[derive(Debug)]
pub struct NotAudited {
    /// Which zone.
    pub zone: ZoneId,
    /// Why.
    pub error: StoreError,
}

/// The store did not take what a person changed for the whole home. Counted, but not sent over the bus.
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
        tracing::debug!(zone = %self.zone, reason = %self.reason, "check skipped");
    }
}

impl Event for CheckFailed {
    const NAME: &'static str = "look_failed";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(zone = %self.zone, code = %self.code, remedy = log_remedy(self.code), "check failed: {}", self.sentence);
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
