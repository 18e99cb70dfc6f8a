//! Keeps the broker in step with the views, and hands commands on. Only reads views: every change goes through
//! the sender of commands.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::command::parse_command;
use super::definition::Entity;
use super::discovery::{is_shown, system_discovery, zone_discovery};
use super::events::{CommandDropped, CommandRefused, PublishRefused};
use super::stale::stale;
use super::topics::EntityOptions;
use super::{system, zone};
use crate::engine::ZoneViews;
use crate::model::{Command, SystemView, ZoneId, ZoneView};
use crate::mqtt::{Incoming, Mqtt, Rank};
use crate::telemetry::Telemetry;

/// What the entities are connected to.
#[derive(Debug)]
pub struct Wiring {
    /// The session with the broker.
    pub mqtt: Mqtt,
    /// Messages to us, from the same session.
    pub incoming: mpsc::Receiver<Incoming>,
    /// One view a zone. When a zone goes, so does its device.
    pub zones: watch::Receiver<ZoneViews>,
    /// The system's view.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// Where commands go. When it is full, a command is dropped and counted.
    pub commands: mpsc::Sender<Command>,
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
        commands,
        telemetry,
    } = wiring;
    let publisher = Publisher {
        mqtt,
        options,
        telemetry,
    };
    let mut shown = BTreeSet::new();

    publisher.system(&system.borrow_and_update().clone());
    loop {
        let mut views = zones.borrow_and_update().to_vec();
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
        let obey = async {
            while let Some(message) = incoming.recv().await {
                publisher.obey(&message, &ids, &commands);
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            Ok(()) = zones.changed() => {}
            _ = async { tokio::join!(follow, follow_system, obey) } => return,
        }
        shown = ids;
    }
}

struct Publisher {
    mqtt: Mqtt,
    options: EntityOptions,
    telemetry: Telemetry,
}

impl Publisher {
    fn zone(&self, view: &ZoneView) {
        let (topic, payload) = zone_discovery(&self.options, &view.zone);
        self.set(Rank::Definition, &topic, payload);
        self.states(Some(&view.zone.id), zone::ENTITIES, view);
    }

    fn system(&self, view: &SystemView) {
        let (topic, payload) = system_discovery(&self.options);
        self.set(Rank::Definition, &topic, payload);
        self.states(None, system::ENTITIES, view);
    }

    fn states<V>(&self, zone: Option<&ZoneId>, entities: &[Entity<V>], view: &V) {
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
                self.set(Rank::Value, &topic, attributes(view).to_string());
            }
        }
    }

    /// Takes a zone's device and all that was said of it off the broker.
    fn remove_zone(&self, zone: &ZoneId) {
        let mut topics = vec![self.options.discovery_topic(Some(zone))];
        for entity in zone::ENTITIES {
            topics.push(self.options.state_topic(Some(zone), entity.key));
            if entity.attributes.is_some() {
                topics.push(self.options.attributes_topic(Some(zone), entity.key));
            }
        }
        for topic in topics {
            self.set(Rank::Removal, &topic, bytes::Bytes::new());
        }
    }

    fn set(&self, rank: Rank, topic: &str, payload: impl Into<bytes::Bytes>) {
        if let Err(fault) = self.mqtt.set(rank, topic, payload) {
            self.telemetry.emit(&PublishRefused { fault });
        }
    }

    fn obey(&self, message: &Incoming, zones: &BTreeSet<ZoneId>, commands: &mpsc::Sender<Command>) {
        let topic = || message.topic.clone();
        match parse_command(
            &self.options.instance,
            zones,
            &message.topic,
            &message.payload,
        ) {
            Ok(command) => {
                if commands.try_send(command).is_err() {
                    self.telemetry.emit(&CommandDropped { topic: topic() });
                }
            }
            Err(fault) => self.telemetry.emit(&CommandRefused {
                fault,
                topic: topic(),
            }),
        }
    }
}
