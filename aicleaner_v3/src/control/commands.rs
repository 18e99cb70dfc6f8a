//! Commands: each is handed to the part that carries it out, is answered, and is told to people when it was refused.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::broadcast;

use crate::engine::{Engine, EngineCommand};
use crate::model::{Actor, Command, CommandAnswer, CommandRefusal, Commands, RefusedCommand};
use crate::outputs::{Dashboard, DashboardError, Made};

/// Refused commands that may wait at a slow receiver.
const REFUSED: usize = 64;

/// What came of a command that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It is done; a check that was asked for has begun, or begins when the one that runs has ended.
    Done,
    /// The dashboard is there.
    Dashboard(Made),
}

/// Takes commands. Cheap to clone.
#[derive(Clone)]
pub struct Control(Arc<Shared>);

struct Shared {
    engine: Engine,
    dashboard: Dashboard,
    refused: broadcast::Sender<RefusedCommand>,
}

impl Control {
    /// Commands go to these parts.
    pub fn new(engine: Engine, dashboard: Dashboard) -> Self {
        Self(Arc::new(Shared {
            engine,
            dashboard,
            refused: broadcast::Sender::new(REFUSED),
        }))
    }

    /// Hands the command in when the answer is first waited for.
    pub fn ask(
        &self,
        actor: Actor,
        command: Command,
    ) -> BoxFuture<'static, Result<Done, CommandRefusal>> {
        let (name, zone) = (command.name(), command.zone().cloned());
        let answer = self.hand_in(actor.clone(), command);
        let shared = self.0.clone();
        Box::pin(async move {
            let answer = answer.await;
            if let Err(refusal) = &answer {
                let refused = RefusedCommand {
                    actor,
                    command: name,
                    zone,
                    refusal: refusal.clone(),
                };
                // Whoever refuses has counted it. Without a broker nobody listens.
                let _ = shared.refused.send(refused);
            }
            answer
        })
    }

    fn hand_in(
        &self,
        actor: Actor,
        command: Command,
    ) -> BoxFuture<'static, Result<Done, CommandRefusal>> {
        let shared = self.0.clone();
        match EngineCommand::of(command) {
            Some(command) => Box::pin(async move {
                let answer = shared.engine.command(command, actor).await;
                answer.map(|()| Done::Done)
            }),
            None => Box::pin(async move {
                // A button and an automation see no answer, so a notification tells them.
                let made = match actor {
                    Actor::User(_) | Actor::Api => shared.dashboard.make().await,
                    Actor::Mqtt | Actor::Phone | Actor::Program => {
                        shared.dashboard.make_and_tell().await
                    }
                };
                made.map(Done::Dashboard).map_err(refusal)
            }),
        }
    }

    /// The commands that are refused from now on. A receiver that is too slow loses the oldest.
    pub fn refused(&self) -> broadcast::Receiver<RefusedCommand> {
        self.0.refused.subscribe()
    }
}

impl Commands for Control {
    fn command(&self, actor: Actor, command: Command) -> CommandAnswer {
        let answer = self.ask(actor, command);
        Box::pin(async move { answer.await.map(drop) })
    }
}

fn refusal(error: DashboardError) -> CommandRefusal {
    match error {
        DashboardError::Busy => CommandRefusal::Busy,
        DashboardError::NotOurs(path) => CommandRefusal::DashboardNotOurs(path),
        DashboardError::NoAdmin | DashboardError::Home(_) => CommandRefusal::Failed {
            code: error.code(),
            details: error.to_string(),
        },
    }
}
