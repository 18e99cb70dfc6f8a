//! The switch that pauses everything: the one owner of that value, which outlives the program.

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::events::{EventBus, NotRemembered};
use crate::clock::Clock;
use crate::model::ZoneId;
use crate::store::{AuditEntry, Store, StoreError};

/// Presses that may wait. The last one counts.
const WAITING: usize = 8;
/// Stands for the whole home in the record of what people told the program to do.
const WHOLE_HOME: &str = "system";

/// The value and the way to change it.
pub struct PauseSwitch {
    pub presses: mpsc::Sender<bool>,
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
    let (presses, mut pressed) = mpsc::channel(WAITING);
    let work = async move {
        while let Some(Some(wanted)) = stop.run_until_cancelled(pressed.recv()).await {
            if wanted == *sender.borrow() {
                continue;
            }
            let Ok(zone) = ZoneId::parse(WHOLE_HOME) else {
                return;
            };
            let audit = AuditEntry {
                at: clock.now(),
                zone,
                command: if wanted { "pause all" } else { "go on" }.to_owned(),
            };
            match store.set_paused(wanted, audit).await {
                Ok(()) => {
                    sender.send_replace(wanted);
                }
                Err(error) => bus.count(&NotRemembered { error }),
            }
        }
    };
    Ok((PauseSwitch { presses, paused }, work))
}
