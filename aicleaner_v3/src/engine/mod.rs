//! The engine: one worker a zone, each the only owner of its zone's state. Others ask by message and read
//! immutable views; nothing here knows MQTT or the page.

mod description;
mod effects;
mod events;
mod gate;
mod look;
mod may_look;
mod people;
mod schedule;
mod sight;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::home_assistant::HomeAssistant;
use crate::model::{Command, EntityId, ItemSeen, PeopleAction, Trigger, Zone, ZoneId, ZoneView};
use crate::router::Router;
use crate::store::{Store, StoreError};
use crate::telemetry::Telemetry;

pub use events::{
    LookFailed, LookSkipped, SnapshotTaken, TaskEnded, TaskOpened, TidyRemembered, ZoneAssessed,
    ZoneEvent,
};

use events::{CommandRefused, EventBus};
use worker::{Message, Worker};

/// Messages that may wait at one zone. Looks are coalesced on arrival, so few ever wait.
const INBOX: usize = 16;

/// What the workers work with.
#[derive(Clone)]
pub struct Parts {
    /// The time.
    pub clock: Clock,
    /// Where cameras are.
    pub home: HomeAssistant,
    /// What judges.
    pub router: Arc<Router>,
    /// The language of answers; none is Home Assistant's.
    pub language: Option<String>,
    /// Where state is kept.
    pub store: Store,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Places for pictures that are decoded at the same time, over all zones: bounds memory.
    pub images: Arc<Semaphore>,
}

/// The handle to all zones. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    zones: Arc<BTreeMap<ZoneId, ZoneHandle>>,
    bus: EventBus,
    outbox_changed: watch::Receiver<u64>,
}

struct ZoneHandle {
    inbox: mpsc::Sender<Message>,
    view: watch::Receiver<Arc<ZoneView>>,
}

impl Engine {
    /// Loads each zone's state and starts its worker on `tracker`. The workers end when `stop` is cancelled.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn start(
        zones: Vec<Zone>,
        parts: Parts,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Self, StoreError> {
        let bus = EventBus::new(parts.telemetry.clone());
        let (outbox_changes, outbox_changed) = watch::channel(0_u64);
        let outbox_changes = Arc::new(outbox_changes);
        let mut handles = BTreeMap::new();
        for (index, zone) in zones.into_iter().enumerate() {
            let id = zone.id.clone();
            let (inbox, messages) = mpsc::channel(INBOX);
            let (worker, view) = Worker::load(
                zone,
                index,
                parts.clone(),
                bus.clone(),
                outbox_changes.clone(),
            )
            .await?;
            tracker.spawn(worker.run(messages, stop.clone()));
            handles.insert(id, ZoneHandle { inbox, view });
        }
        Ok(Self {
            zones: Arc::new(handles),
            bus,
            outbox_changed,
        })
    }

    /// Hands a person's command to its zone. One for an unknown zone, or for a zone that is swamped, is
    /// refused and counted.
    pub fn command(&self, command: &Command) {
        match command {
            Command::AssessNow { zone, trigger } => self.look(zone, *trigger),
            Command::TidyNow { zone } => self.send(zone, Message::RememberTidy),
            Command::Draw {
                zone,
                camera,
                masks,
                regions,
            } => {
                self.send(
                    zone,
                    Message::Draw(camera.clone(), masks.clone(), regions.clone()),
                );
            }
            Command::SetWatching { zone, watching } => {
                self.send(zone, Message::SetWatching(*watching))
            }
        }
    }

    /// Asks for a look at `zone`.
    pub fn look(&self, zone: &ZoneId, trigger: Trigger) {
        self.send(zone, Message::Look(trigger));
    }

    /// Tells a zone what people did with the items of its tasks. Telling it twice does no harm.
    pub fn people(&self, zone: &ZoneId, actions: Vec<PeopleAction>) {
        self.send(zone, Message::People(actions));
    }

    /// An item on `list` that no task knows: if its description is one that we write, the zone takes it up.
    pub fn adopt(&self, list: &EntityId, item: &ItemSeen, description: &str) {
        for (id, handle) in self.zones.iter() {
            let zone = handle.view.borrow().zone.clone();
            if zone.todo_list.as_ref() == Some(list)
                && let Some(place) = description::read(&zone.name, description)
            {
                self.send(
                    id,
                    Message::Adopt {
                        item: item.clone(),
                        place,
                    },
                );
                return;
            }
        }
    }

    fn send(&self, zone: &ZoneId, message: Message) {
        let refused = match self.zones.get(zone) {
            None => "unknown_zone",
            Some(handle) => match handle.inbox.try_send(message) {
                Ok(()) => return,
                Err(mpsc::error::TrySendError::Full(_)) => "zone_is_swamped",
                Err(mpsc::error::TrySendError::Closed(_)) => "stopping",
            },
        };
        self.bus.count(&CommandRefused {
            zone: zone.clone(),
            reason: refused,
        });
    }

    /// Each zone as it stands, in the order of the ids.
    pub fn views(&self) -> Vec<watch::Receiver<Arc<ZoneView>>> {
        self.zones
            .values()
            .map(|handle| handle.view.clone())
            .collect()
    }

    /// What happens from now on. A receiver that is too slow loses the oldest; nothing is lost with them that
    /// is not also in the views and the store.
    pub fn events(&self) -> broadcast::Receiver<ZoneEvent> {
        self.bus.subscribe()
    }

    /// Changes when there may be something new in the outbox.
    pub fn outbox_changed(&self) -> watch::Receiver<u64> {
        self.outbox_changed.clone()
    }
}
