//! The zones' workers while the program runs: which there are, starting new ones, ending those whose zone is gone,
//! sending the others what was declared anew. Knows nothing of what a worker does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::event_bus::EventBus;
use super::message::Message;
use super::services::{HomeSignals, Services};
use super::worker::Worker;
use crate::model::{Zone, ZoneId, ZoneView};
use crate::store::StoreError;

/// Messages that may wait at one zone. Requests of checks are coalesced on arrival, so few ever wait.
const INBOX: usize = 16;

/// One view a zone, in the order of the ids.
pub type ZoneViews = Arc<Vec<watch::Receiver<Arc<ZoneView>>>>;

/// What a change of the zones came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Zones that are new.
    pub added: Vec<ZoneId>,
    /// Zones that were declared otherwise.
    pub changed: Vec<ZoneId>,
    /// Zones that are gone.
    pub removed: Vec<ZoneId>,
}

#[derive(Clone)]
pub(super) struct ZoneHandle {
    pub(super) inbox: mpsc::Sender<Message>,
    pub(super) view: watch::Receiver<Arc<ZoneView>>,
    /// As declared.
    zone: Arc<Zone>,
    stop: CancellationToken,
    /// Cancelled when the worker has ended.
    ended: CancellationToken,
}

type Running = Arc<BTreeMap<ZoneId, ZoneHandle>>;

pub(super) struct Zones {
    running: watch::Sender<Running>,
    views: watch::Sender<ZoneViews>,
    /// One change at a time.
    turn: Semaphore,
    services: Services,
    signals: HomeSignals,
    bus: EventBus,
    outbox_changes: Arc<watch::Sender<u64>>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Zones {
    pub(super) fn new(
        services: Services,
        signals: HomeSignals,
        bus: EventBus,
        outbox_changes: Arc<watch::Sender<u64>>,
        tracker: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        Self {
            running: watch::Sender::default(),
            views: watch::Sender::default(),
            turn: Semaphore::new(1),
            services,
            signals,
            bus,
            outbox_changes,
            tracker,
            stop,
        }
    }

    pub(super) fn running(&self) -> Running {
        self.running.borrow().clone()
    }

    pub(super) fn views(&self) -> watch::Receiver<ZoneViews> {
        self.views.subscribe()
    }

    pub(super) async fn apply(&self, zones: Vec<Zone>) -> Result<Applied, StoreError> {
        let Ok(_turn) = self.turn.acquire().await else {
            return Ok(Applied::default());
        };
        let mut running = (*self.running()).clone();
        let mut applied = Applied::default();
        // What can fail comes first: then nothing has changed.
        let mut started = Vec::new();
        for (index, zone) in zones.iter().enumerate() {
            if !running.contains_key(&zone.id) {
                started.push(self.load(zone.clone(), index).await?);
                applied.added.push(zone.id.clone());
            }
        }
        let wanted: BTreeSet<&ZoneId> = zones.iter().map(|zone| &zone.id).collect();
        let gone = running.extract_if(.., |id, _| !wanted.contains(id));
        let gone: Vec<_> = gone.collect();
        for (id, handle) in gone {
            handle.stop.cancel();
            handle.ended.cancelled().await;
            applied.removed.push(id);
        }
        for zone in zones {
            let Some(handle) = running.get_mut(&zone.id) else {
                continue;
            };
            if *handle.zone != zone {
                handle.zone = Arc::new(zone.clone());
                applied.changed.push(zone.id.clone());
                // Waits for room: what is declared must not get lost. A worker that ended meanwhile needs no word.
                let _ = handle.inbox.send(Message::Declare(Box::new(zone))).await;
            }
        }
        for (worker, handle, messages, guard) in started {
            let stop = handle.stop.clone();
            running.insert(handle.zone.id.clone(), handle);
            self.tracker.spawn(Box::pin(async move {
                worker.run(messages, stop).await;
                drop(guard);
            }));
        }
        let views = running.values().map(|handle| handle.view.clone()).collect();
        self.running.send_replace(Arc::new(running));
        if !applied.added.is_empty() || !applied.removed.is_empty() {
            self.views.send_replace(Arc::new(views));
        }
        Ok(applied)
    }

    async fn load(
        &self,
        zone: Zone,
        index: usize,
    ) -> Result<(Worker, ZoneHandle, mpsc::Receiver<Message>, DropGuard), StoreError> {
        let (inbox, messages) = mpsc::channel(INBOX);
        let (worker, view) = Worker::load(
            zone.clone(),
            index,
            self.services.clone(),
            self.signals.clone(),
            self.bus.clone(),
            self.outbox_changes.clone(),
        )
        .await?;
        let ended = CancellationToken::new();
        let handle = ZoneHandle {
            inbox,
            view,
            zone: Arc::new(zone),
            stop: self.stop.child_token(),
            ended: ended.clone(),
        };
        Ok((worker, handle, messages, ended.drop_guard()))
    }
}
