//! What the engine can be told to do, and how the answer comes back. Knows nothing of what a command does.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::model::{
    Actor, Command, CommandRefusal, Ending, EntityId, LiveChange, Mask, Region, TaskId, Trigger,
    ZoneId,
};

/// A worker answers at once, so one that has not answered after this long is busy.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// A command that is for the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineCommand {
    /// For one zone.
    Zone {
        /// Which zone.
        zone: ZoneId,
        /// What it shall do.
        command: ZoneCommand,
    },
    /// Check no zone any more, or go on.
    PauseAll {
        /// Whether to pause.
        paused: bool,
    },
}

/// A command for one zone.
#[derive(Debug, Clone, PartialEq)]
pub enum ZoneCommand {
    /// Check the zone now.
    AssessNow(Trigger),
    /// Remember the zone as it is now as tidy.
    TidyNow,
    /// Draw anew what is hidden of a camera's picture and what its parts are called.
    Draw {
        /// Which of its cameras.
        camera: EntityId,
        /// What nobody may see.
        masks: Vec<Mask>,
        /// Parts with a name.
        regions: Vec<Region>,
    },
    /// Change a live value.
    SetLive(LiveChange),
    /// Take all open tasks off the list and forget them.
    ClearTasks,
    /// End tasks: a person said how.
    EndTasks {
        /// Which of its tasks.
        tasks: Vec<TaskId>,
        /// How.
        how: Ending,
    },
}

impl EngineCommand {
    /// The command, if it is for the engine; none if it is for somebody else.
    pub fn of(command: Command) -> Option<Self> {
        let (zone, command) = match command {
            Command::AssessNow { zone, trigger } => (zone, ZoneCommand::AssessNow(trigger)),
            Command::TidyNow { zone } => (zone, ZoneCommand::TidyNow),
            Command::Draw {
                zone,
                camera,
                masks,
                regions,
            } => {
                let draw = ZoneCommand::Draw {
                    camera,
                    masks,
                    regions,
                };
                (zone, draw)
            }
            Command::SetLive { zone, change } => (zone, ZoneCommand::SetLive(change)),
            Command::ClearTasks { zone } => (zone, ZoneCommand::ClearTasks),
            Command::EndTasks { zone, tasks, how } => (zone, ZoneCommand::EndTasks { tasks, how }),
            Command::PauseAll { paused } => return Some(Self::PauseAll { paused }),
            Command::MakeDashboard => return None,
        };
        Some(Self::Zone { zone, command })
    }
}

/// A command on its way to the one who carries it out.
#[derive(Debug)]
pub struct Asked<C> {
    /// What to do.
    pub command: C,
    /// Who asks.
    pub actor: Actor,
    /// Where the answer goes.
    pub answer: Answer,
}

/// Where the answer to a command goes.
#[derive(Debug)]
pub struct Answer(oneshot::Sender<Result<(), CommandRefusal>>);

impl Answer {
    /// Whether nobody waits any more: the command was answered with [`CommandRefusal::Busy`], or its sender is gone.
    pub fn is_too_late(&self) -> bool {
        self.0.is_closed()
    }

    /// Answers.
    pub fn give(self, answer: Result<(), CommandRefusal>) {
        // Nobody who waits is no fault.
        let _ = self.0.send(answer);
    }
}

/// Hands a command in and waits for its answer, a few seconds at most.
///
/// # Errors
/// As the receiver says; busy when the inbox is full or no answer came in time, stopping when nobody reads it any more.
pub async fn ask<C, M>(
    inbox: &mpsc::Sender<M>,
    command: C,
    actor: Actor,
    message: impl FnOnce(Asked<C>) -> M,
) -> Result<(), CommandRefusal> {
    let (answer, answered) = oneshot::channel();
    let asked = Asked {
        command,
        actor,
        answer: Answer(answer),
    };
    inbox
        .try_send(message(asked))
        .map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => CommandRefusal::Busy,
            mpsc::error::TrySendError::Closed(_) => CommandRefusal::Stopping,
        })?;
    match timeout(ANSWER_WITHIN, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(CommandRefusal::Stopping),
        Err(_) => Err(CommandRefusal::Busy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask_in(
        inbox: &mpsc::Sender<Asked<u8>>,
        command: u8,
    ) -> impl Future<Output = Result<(), CommandRefusal>> {
        ask(inbox, command, Actor::Api, |asked| asked)
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_inbox_is_busy_and_so_is_one_that_nobody_answers_in_time() {
        let (inbox, mut messages) = mpsc::channel(1);

        let late = ask_in(&inbox, 1).await;
        let full = ask_in(&inbox, 2).await;

        assert_eq!(
            (late, full),
            (Err(CommandRefusal::Busy), Err(CommandRefusal::Busy))
        );
        let asked = messages.recv().await.unwrap();
        assert!(asked.command == 1 && asked.answer.is_too_late());
    }

    #[tokio::test]
    async fn a_receiver_that_has_ended_or_ends_before_it_answers_is_stopping() {
        let (inbox, mut messages) = mpsc::channel(1);
        let drops = async { drop(messages.recv().await) };

        let (unanswered, ()) = tokio::join!(ask_in(&inbox, 1), drops);
        drop(messages);
        let closed = ask_in(&inbox, 2).await;

        assert_eq!(
            (unanswered, closed),
            (Err(CommandRefusal::Stopping), Err(CommandRefusal::Stopping))
        );
    }

    #[test]
    fn the_dashboard_is_none_of_the_engines_business() {
        assert_eq!(EngineCommand::of(Command::MakeDashboard), None);
        assert_eq!(
            EngineCommand::of(Command::PauseAll { paused: true }),
            Some(EngineCommand::PauseAll { paused: true })
        );
    }
}
