//! What is measured of the program itself, every few seconds: memory, what waits to be done, which providers
//! are disabled. Only reads.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::engine::Configuration;
use crate::store::Store;
use crate::telemetry::resident_bytes;

/// Between measurements; sooner when something new waits to be done.
const EVERY: Duration = Duration::from_secs(10);

/// What was measured last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vitals {
    /// Resident memory in whole MiB, as bytes.
    pub memory: Option<u64>,
    /// How many effects wait in the outbox.
    pub outbox_pending: Option<u32>,
    /// Why the database can't be read, if it can't.
    pub store_fault: Option<String>,
    /// The names of the providers that are temporarily disabled (circuit open).
    pub disabled: Vec<String>,
}

/// What is measured, and the future that goes on measuring until `stop`.
pub fn measure(
    store: Store,
    configuration: watch::Receiver<Configuration>,
    mut outbox_changed: watch::Receiver<u64>,
    stop: CancellationToken,
) -> (watch::Receiver<Vitals>, impl Future<Output = ()> + Send) {
    let (sender, vitals) = watch::channel(Vitals::default());
    let work = async move {
        loop {
            let pending = store.outbox_pending().await;
            let now = Vitals {
                memory: resident_bytes().map(|bytes| bytes >> 20 << 20),
                store_fault: pending.as_ref().err().map(ToString::to_string),
                outbox_pending: pending.ok(),
                disabled: configuration.borrow().router.disabled(),
            };
            sender.send_if_modified(|known| {
                let changed = *known != now;
                *known = now;
                changed
            });
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
                Ok(()) = outbox_changed.changed() => {}
            }
        }
    };
    (vitals, work)
}
