//! Keeps the broker in step with the views, and hands commands on. Only reads views: every change goes through
//! the sender of commands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::command::parse_command;
use super::definition::{Device, Entity};
use super::discovery::{is_shown, system_discovery, zone_discovery};
use super::events::{CommandInvalid, PublishRefused};
use super::occurrences::occurrence;
use super::refusals::{self, Answers};
use super::stale::stale;
use super::topics::EntityOptions;
use super::{system, zone};
use crate::engine::{ZoneEvent, ZoneViews};
use crate::i18n::{Language, Locale, Texts};
use crate::model::{Actor, Commands, RefusedCommand, SystemView, Zone, ZoneId, ZoneView};
use crate::mqtt::{Incoming, Mqtt, Rank};
use crate::telemetry::Telemetry;

/// The key of a zone's event entity.
const EVENT_KEY: &str = "assessment";
/// How long to wait for the household's language before names are given in English. Home Assistant loses parts of a
/// description that follows another at once, so the first one had better be right.
const LANGUAGE_WITHIN: Duration = Duration::from_secs(5);

/// What the entities are connected to.
pub struct Wiring {
    /// The session with the broker.
    pub mqtt: Mqtt,
    /// Messages to us, from the same session.
    pub incoming: mpsc::Receiver<Incoming>,
    /// One view a zone. When a zone goes, so does its device.
    pub zones: watch::Receiver<ZoneViews>,
    /// The system's view.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// What happens in zones.
    pub events: broadcast::Receiver<ZoneEvent>,
    /// The language of names. When it changes, all are described anew.
    pub locale: watch::Receiver<Locale>,
    /// Where commands go.
    pub commands: Arc<dyn Commands>,
    /// The commands that are refused, whoever asked.
    pub refused: broadcast::Receiver<RefusedCommand>,
    /// Where events go.
    pub telemetry: Telemetry,
}

/// Works until `stop`, or until nobody publishes views or messages any more.
pub async fn run(wiring: Wiring, options: EntityOptions, stop: CancellationToken) {
    let Wiring {
        mqtt,
        mut incoming,
        mut zones,
        mut system,
        mut events,
        mut locale,
        commands,
        mut refused,
        telemetry,
    } = wiring;
    // As long as it is not known, names are English.
    let known = timeout(LANGUAGE_WITHIN, locale.wait_for(Locale::is_known));
    let _ = stop.run_until_cancelled(known).await;
    let mut publisher = Publisher {
        mqtt,
        options,
        texts: locale.borrow().texts.clone(),
        telemetry,
        described: Mutex::default(),
    };
    let mut shown = BTreeSet::new();
    let mut answers = Answers::default();

    loop {
        publisher.texts = locale.borrow_and_update().texts.clone();
        publisher.system(&system.borrow_and_update().clone());
        let mut views = zones.borrow_and_update().to_vec();
        let (viewers, system_viewer) = (views.clone(), system.clone());
        for zone in &mut views {
            publisher.zone(&zone.borrow_and_update().clone());
        }
        let ids: BTreeSet<ZoneId> = views
            .iter()
            .map(|zone| zone.borrow().zone.id.clone())
            .collect();
        for gone in shown.difference(&ids) {
            publisher.remove_zone(gone);
        }
        publisher.mqtt.complete(stale(&publisher.options, &ids));

        let follow = join_all(views.iter_mut().map(|zone| async {
            while zone.changed().await.is_ok() {
                publisher.zone(&zone.borrow_and_update().clone());
            }
        }));
        let follow_system = async {
            while system.changed().await.is_ok() {
                publisher.system(&system.borrow_and_update().clone());
            }
        };
        let dispatch = async {
            loop {
                tokio::select! {
                    message = incoming.recv(), if answers.has_room() => {
                        let Some(message) = message else { return };
                        let system = system_viewer.borrow().clone();
                        publisher.dispatch(&message, &viewers, &system, &*commands, &mut answers);
                    }
                    () = answers.next() => {}
                }
            }
        };
        let refusals = publisher.refusals(&mut refused, &viewers);
        let tell = publisher.tell(&mut events, &viewers);
        let is_other = |locale: &Locale| locale.texts != publisher.texts;
        tokio::select! {
            () = stop.cancelled() => return,
            Ok(()) = zones.changed() => {}
            Ok(_) = locale.wait_for(is_other) => {}
            _ = async { tokio::join!(follow, follow_system, dispatch, refusals, tell) } => return,
        }
        shown = ids;
    }
}

/// What a device's description is made of, apart from what never changes.
#[derive(PartialEq)]
struct Described {
    language: Language,
    /// A zone and the names of the providers that can be chosen for it.
    zone: Option<(Zone, Arc<[String]>)>,
}

struct Publisher {
    mqtt: Mqtt,
    options: EntityOptions,
    texts: Texts,
    telemetry: Telemetry,
    /// By zone; none is the system.
    described: Mutex<BTreeMap<Option<ZoneId>, Described>>,
}

impl Publisher {
    fn zone(&self, view: &ZoneView) {
        let described = Described {
            language: self.texts.language(),
            zone: Some((view.zone.clone(), view.providers.clone())),
        };
        if self.is_new(Some(view.zone.id.clone()), described) {
            let (topic, payload) = zone_discovery(&self.options, &self.texts, view);
            self.set(Rank::Definition, &topic, payload);
        }
        self.states(Some(&view.zone.id), zone::ENTITIES, view);
    }

    fn system(&self, view: &SystemView) {
        let described = Described {
            language: self.texts.language(),
            zone: None,
        };
        if self.is_new(None, described) {
            let (topic, payload) = system_discovery(&self.options, &self.texts, view);
            self.set(Rank::Definition, &topic, payload);
        }
        self.states(None, system::ENTITIES, view);
    }

    /// Whether a device has to be described anew: views change far more often than what describes them.
    fn is_new(&self, device: Option<ZoneId>, now: Described) -> bool {
        let mut described = self
            .described
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        described.get(&device) != Some(&now) && {
            described.insert(device, now);
            true
        }
    }

    fn states<V: Device>(&self, zone: Option<&ZoneId>, entities: &[Entity<V>], view: &V) {
        for entity in entities
            .iter()
            .filter(|entity| is_shown(&self.options, entity))
        {
            if let Some(payload) = entity.kind.state(view) {
                self.set(
                    Rank::Value,
                    &self.options.state_topic(zone, entity.key),
                    payload,
                );
            }
            if let Some(attributes) = entity.attributes {
                let topic = self.options.attributes_topic(zone, entity.key);
                self.set(
                    Rank::Value,
                    &topic,
                    attributes(view, &self.texts).to_string(),
                );
            }
        }
    }

    /// Sends what happens in zones, each after the states that go with it.
    async fn tell(
        &self,
        events: &mut broadcast::Receiver<ZoneEvent>,
        zones: &[watch::Receiver<Arc<ZoneView>>],
    ) {
        loop {
            let event = match events.recv().await {
                Ok(event) => event,
                // What was missed is in the states.
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            };
            let Some((zone, payload)) = occurrence(&event) else {
                continue;
            };
            let view = zones
                .iter()
                .map(|viewer| viewer.borrow().clone())
                .find(|view| view.zone.id == *zone);
            if let Some(view) = view {
                self.zone(&view);
                self.happen(&view, payload);
            }
        }
    }

    fn happen(&self, view: &ZoneView, mut payload: Value) {
        payload["zone"] = view.zone.id.as_str().into();
        payload["zone_name"] = view.zone.name.as_str().into();
        payload["open_tasks"] = view.open_tasks.len().into();
        let topic = self.options.state_topic(Some(&view.zone.id), EVENT_KEY);
        self.mqtt.publish_event(&topic, payload.to_string());
    }

    /// Takes a zone's device off the broker. What was said of it goes with the search for what is outdated, when Home
    /// Assistant no longer listens: it takes an empty state for a fault.
    fn remove_zone(&self, zone: &ZoneId) {
        for entity in zone::ENTITIES {
            self.mqtt
                .forget(&self.options.state_topic(Some(zone), entity.key));
            self.mqtt
                .forget(&self.options.attributes_topic(Some(zone), entity.key));
        }
        let mut described = self
            .described
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        described.remove(&Some(zone.clone()));
        drop(described);
        let topic = self.options.discovery_topic(Some(zone));
        self.set(Rank::Removal, &topic, bytes::Bytes::new());
    }

    fn set(&self, rank: Rank, topic: &str, payload: impl Into<bytes::Bytes>) {
        if let Err(fault) = self.mqtt.set(rank, topic, payload) {
            self.telemetry.emit(&PublishRefused { fault });
        }
    }

    fn dispatch(
        &self,
        message: &Incoming,
        zones: &[watch::Receiver<Arc<ZoneView>>],
        system: &SystemView,
        commands: &dyn Commands,
        answers: &mut Answers,
    ) {
        let views: Vec<_> = zones.iter().map(|zone| zone.borrow().clone()).collect();
        match parse_command(
            &self.options.instance,
            &views,
            system,
            &message.topic,
            &message.payload,
        ) {
            Ok(command) => answers.expect(commands.command(Actor::Mqtt, command)),
            Err(fault) => {
                let topic = message.topic.clone();
                self.happen_to_commands(&refusals::invalid(&topic, &fault));
                self.telemetry.emit(&CommandInvalid { fault, topic });
            }
        }
    }

    /// Sends which commands were refused, so that whoever gave them sees it.
    async fn refusals(
        &self,
        refused: &mut broadcast::Receiver<RefusedCommand>,
        zones: &[watch::Receiver<Arc<ZoneView>>],
    ) {
        loop {
            match refused.recv().await {
                Ok(command) => {
                    let name = zones
                        .iter()
                        .map(|viewer| viewer.borrow().zone.clone())
                        .find(|zone| Some(&zone.id) == command.zone.as_ref())
                        .map(|zone| zone.name);
                    self.happen_to_commands(&refusals::refused(
                        &self.texts,
                        &command,
                        name.as_deref(),
                    ));
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    fn happen_to_commands(&self, payload: &Value) {
        let topic = self.options.state_topic(None, system::COMMAND_KEY);
        self.mqtt.publish_event(&topic, payload.to_string());
    }
}
