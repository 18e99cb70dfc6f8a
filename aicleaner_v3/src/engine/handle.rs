//! The handle to all zones: what the rest of the program asks of the engine. Others ask by message and read immutable
//! views; nothing here changes a zone's state.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::command::{Asked, EngineCommand, ask};
use super::description;
use super::event_bus::{EventBus, ZoneEvent};
use super::events::{CommandRefused, MessageDropped};
use super::message::Message;
use super::pause::{PauseSwitch, pause_switch};
use super::services::{HomeSignals, Services};
use super::throttle::throttle;
use super::zones::{Applied, ZoneViews, Zones};
use crate::model::{Actor, CommandRefusal, EntityId, ItemSeen, Trigger, UserAction, Zone, ZoneId};
use crate::store::StoreError;

/// The handle to all zones. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    zones: Arc<Zones>,
    bus: EventBus,
    outbox_changed: watch::Receiver<u64>,
    presses: mpsc::Sender<Asked<bool>>,
    paused: watch::Receiver<bool>,
}

impl Engine {
    /// Loads each zone's state and starts its worker on `tracker`. The workers end when `stop` is cancelled.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn start(
        zones: Vec<Zone>,
        services: Services,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Self, StoreError> {
        let bus = EventBus::new(services.telemetry.clone());
        let (outbox_changes, outbox_changed) = watch::channel(0_u64);
        let (switch, keep) = pause_switch(
            services.store.clone(),
            services.clock,
            bus.clone(),
            stop.clone(),
        )
        .await?;
        tracker.spawn(keep);
        let PauseSwitch { presses, paused } = switch;
        let (states, pass_on) = throttle(services.home.states(), stop.clone());
        tracker.spawn(pass_on);
        let signals = HomeSignals {
            paused: paused.clone(),
            states,
        };
        let running = Zones::new(
            services,
            signals,
            bus.clone(),
            Arc::new(outbox_changes),
            tracker.clone(),
            stop.clone(),
        );
        running.apply(zones).await?;
        Ok(Self {
            zones: Arc::new(running),
            bus,
            outbox_changed,
            presses,
            paused,
        })
    }

    /// Has exactly these zones from now on: new ones are started, those that are gone end, and those that were
    /// declared otherwise go on with their state. Whatever runs in the other zones is not disturbed.
    ///
    /// # Errors
    /// When the store can't be read: then nothing has changed.
    pub async fn apply(&self, zones: Vec<Zone>) -> Result<Applied, StoreError> {
        self.zones.apply(zones).await
    }

    /// Carries a command out. The answer comes at once, as the command does; a check is done when it has started, or
    /// when it waits for the one that runs to end. The answer is waited for, a few seconds at most, and who stops
    /// waiting takes the command back if it has not begun.
    ///
    /// # Errors
    /// Why it was not carried out; that is counted too. A check that may not start now because somebody is there, or
    /// because Home Assistant is away, is refused, but caught up with when that has passed, as any other check.
    pub async fn command(
        &self,
        command: EngineCommand,
        actor: Actor,
    ) -> Result<(), CommandRefusal> {
        let by = actor.clone();
        let (zone, done) = match command {
            EngineCommand::Zone { zone, command } => {
                let handle = self.zones.running().get(&zone).cloned();
                let done = match handle {
                    Some(handle) => ask(&handle.inbox, command, actor, Message::Command).await,
                    None => Err(CommandRefusal::UnknownZone),
                };
                (Some(zone), done)
            }
            EngineCommand::PauseAll { paused } => {
                let done = ask(&self.presses, paused, actor, |asked| asked).await;
                (None, done)
            }
        };
        done.inspect_err(|refusal| {
            self.bus.count(&CommandRefused {
                zone,
                actor: by,
                refusal: refusal.clone(),
            });
        })
    }

    /// Asks for a check of `zone` for the program itself; a person asks with [`Self::command`].
    pub fn request_check(&self, zone: &ZoneId, trigger: Trigger) {
        self.send(zone, Message::RequestCheck(trigger));
    }

    /// Tells a zone what people did with the items of its tasks. Telling it twice does no harm.
    pub fn user_actions(&self, zone: &ZoneId, actions: Vec<UserAction>) {
        self.send(zone, Message::UserActions(actions));
    }

    /// An item on `list` that no task knows: if its description is one that we write, the zone takes it up.
    pub fn adopt(&self, list: &EntityId, item: &ItemSeen, description: &str) {
        for (id, handle) in self.zones.running().iter() {
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
        let refused = match self.zones.running().get(zone) {
            None => "unknown_zone",
            Some(handle) => match handle.inbox.try_send(message) {
                Ok(()) => return,
                Err(mpsc::error::TrySendError::Full(_)) => "busy",
                Err(mpsc::error::TrySendError::Closed(_)) => "stopping",
            },
        };
        self.bus.count(&MessageDropped {
            zone: zone.clone(),
            reason: refused,
        });
    }

    /// Each zone as it stands, in the order of the ids. The list changes when the settings do.
    pub fn views(&self) -> watch::Receiver<ZoneViews> {
        self.zones.views()
    }

    /// Whether a person paused everything.
    pub fn paused(&self) -> watch::Receiver<bool> {
        self.paused.clone()
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
