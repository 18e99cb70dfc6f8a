//! The running program: what others may ask of it, and its stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::control::Control;
use crate::engine::Engine;
use crate::model::SystemView;
use crate::settings::Settings;
use crate::setup::DeclaredWatch;
use crate::store::Store;

/// The parts' time to end after the stop, within the 2 s that the whole program has.
pub(super) const GRACE: Duration = Duration::from_millis(1500);

/// The running program.
pub struct App {
    /// Where health is served.
    pub health: SocketAddr,
    /// Where the page is served.
    pub page: SocketAddr,
    /// The system as it stands.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// What is followed while the settings can't be used.
    pub(super) faulty: Option<DeclaredWatch>,
    /// What only a program at work has.
    pub(super) work: Option<Work>,
    pub(super) tracker: TaskTracker,
    pub(super) stop: CancellationToken,
}

/// What only a program at work has.
pub(super) struct Work {
    pub(super) engine: Engine,
    pub(super) control: Control,
    pub(super) store: Store,
}

impl App {
    /// The zones' engine; none when the settings can't be used.
    pub fn engine(&self) -> Option<Engine> {
        self.work.as_ref().map(|work| work.engine.clone())
    }

    /// Where commands can be handed in; none when the settings can't be used.
    pub fn control(&self) -> Option<Control> {
        self.work.as_ref().map(|work| work.control.clone())
    }

    /// As [`Self::run`]; where the settings can't be used, only until they can: these are returned, to start with.
    pub async fn run_until_mended(mut self) -> Option<Settings> {
        let mut mended = None;
        if let Some(mut declared) = self.faulty.take() {
            let stop = self.stop.clone();
            let usable = async {
                loop {
                    if let Ok(settings) = declared.next().await {
                        return settings;
                    }
                }
            };
            mended = stop.run_until_cancelled(usable).await;
            stop.cancel();
        }
        self.run().await;
        mended
    }

    /// Waits for the stop, then until all parts have ended, at most 1.5 s.
    pub async fn run(self) {
        self.stop.cancelled().await;
        self.tracker.close();
        let in_time = timeout(GRACE, self.tracker.wait()).await.is_ok();
        if let Some(Work { store, .. }) = self.work
            && in_time
        {
            store.close().await;
        }
        tracing::info!(in_time, "AICleaner has stopped");
    }
}
