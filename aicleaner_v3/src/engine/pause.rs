//! The switch that pauses everything: the one owner of that value, which outlives the program.

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::command::{Answer, Asked};
use super::event_bus::EventBus;
use super::events::NotRemembered;
use crate::clock::Clock;
use crate::model::{Actor, CommandRefusal, ZoneId};
use crate::store::{AuditEntry, Store, StoreError};

/// Presses that may wait. The last one counts.
const WAITING: usize = 8;
/// Stands for the whole home in the audit.
const WHOLE_HOME: &str = "system";

/// The value and the way to change it.
pub struct PauseSwitch {
    pub presses: mpsc::Sender<Asked<bool>>,
    pub paused: watch::Receiver<bool>,
}

/// The switch as it was left, and the future that keeps it until `stop`.
///
/// # Errors
/// When the store can't be read.
pub async fn pause_switch(
    store: Store,
    clock: Clock,
    bus: EventBus,
    stop: CancellationToken,
) -> Result<(PauseSwitch, impl Future<Output = ()> + Send), StoreError> {
    let (sender, paused) = watch::channel(store.is_paused().await?);
    let (presses, mut pressed) = mpsc::channel::<Asked<bool>>(WAITING);
    let work = async move {
        while let Some(Some(asked)) = stop.run_until_cancelled(pressed.recv()).await {
            let Asked {
                command: wanted,
                actor,
                answer,
            } = asked;
            if answer.is_too_late() {
                continue;
            }
            if wanted == *sender.borrow() {
                answer.give(Ok(()));
                continue;
            }
            let stored = remember(&store, &clock, wanted, actor).await;
            if stored.is_ok() {
                sender.send_replace(wanted);
            }
            reply(answer, stored, &bus);
        }
    };
    Ok((PauseSwitch { presses, paused }, work))
}

async fn remember(
    store: &Store,
    clock: &Clock,
    paused: bool,
    actor: Actor,
) -> Result<(), StoreError> {
    let zone = ZoneId::parse(WHOLE_HOME).map_err(|e| StoreError::Value(e.to_string()))?;
    let audit = AuditEntry {
        at: clock.now(),
        zone,
        actor: Some(actor),
        command: if paused { "pause all" } else { "go on" }.to_owned(),
    };
    store.set_paused(paused, audit).await
}

fn reply(answer: Answer, stored: Result<(), StoreError>, bus: &EventBus) {
    answer.give(match stored {
        Ok(()) => Ok(()),
        Err(error) => {
            let code = error.code();
            bus.count(&NotRemembered { error });
            Err(CommandRefusal::NotStored(code))
        }
    });
}
