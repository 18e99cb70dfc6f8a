//! The books of what the broker should hold: the latest value of each topic, what was sent in this connection,
//! and what the broker has confirmed. Plain bookkeeping: no I/O, no waiting, no clock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;

use crate::telemetry::Code;

/// The largest packet that we send or take, in bytes. rumqttc's own default of 10 kB is too small for pictures; a
/// larger packet than its limit makes it break the connection, so larger messages are refused here before.
pub const MAX_PACKET: usize = 1024 * 1024;
/// The most topics that we keep a value for: 50 zones with 40 entities and their attributes.
pub const MAX_TOPICS: usize = 4096;

/// Fixed header, the topic's length and the packet id (MQTT 3.1.1 section 3.3).
const OVERHEAD: usize = 5 + 2 + 2;
/// Fewer than rumqttc's 100, so that its own flow control never stands still.
const MAX_IN_FLIGHT: usize = 32;
const MAX_EVENTS: usize = 64;

const ONLINE: Bytes = Bytes::from_static(b"online");
const OFFLINE: Bytes = Bytes::from_static(b"offline");

/// What a retained message is, lowest sent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Says that something exists: discovery.
    Definition,
    /// Says how it is: states.
    Value,
    /// Empty: takes a message off the broker. Sent one at a time.
    Removal,
    /// Says that we are there. Sent when all that came before is confirmed.
    Availability,
}

/// Why a message was refused. Nothing was sent and nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetFault {
    /// It is larger than [`MAX_PACKET`].
    #[error("the message for {topic} has {size} bytes, but at most {MAX_PACKET} are allowed")]
    TooLarge {
        /// Where it should have gone.
        topic: String,
        /// Its size in bytes.
        size: usize,
    },
    /// There are [`MAX_TOPICS`] already.
    #[error("there are {MAX_TOPICS} topics already: {0} is one too many")]
    TooMany(String),
}

impl SetFault {
    /// The code that stands for it.
    pub fn code(&self) -> Code {
        Code::MqttTooLarge
    }
}

/// A message to hand to the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub(super) topic: Arc<str>,
    pub(super) payload: Bytes,
    pub(super) retain: bool,
}

/// What a confirmation meant for our availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirmed {
    Online,
    Offline,
    Other,
}

#[derive(Debug)]
struct Entry {
    rank: Rank,
    payload: Bytes,
    /// What was last handed over in this connection.
    sent: Option<Bytes>,
    in_flight: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Delivery {
    Retained(Arc<str>),
    Event,
}

/// The books of one session.
#[derive(Debug)]
pub(super) struct DesiredState {
    availability: Arc<str>,
    entries: BTreeMap<Arc<str>, Entry>,
    /// What must be sent, in the order of sending.
    dirty: BTreeSet<(Rank, Arc<str>)>,
    /// What must be confirmed in this connection before we are `online`.
    awaiting: BTreeSet<Arc<str>>,
    /// Handed to the client, packet id not yet known; in the client's order.
    requested: VecDeque<Delivery>,
    /// On their way, by packet id.
    unacked: BTreeMap<u16, Delivery>,
    /// The topic that is being taken off the broker: one at a time.
    removing: Option<Arc<str>>,
    events: VecDeque<Outgoing>,
    connected: bool,
    complete: bool,
    stopping: bool,
}

impl DesiredState {
    pub(super) fn new(availability: &str) -> Self {
        let mut desired_state = Self {
            availability: availability.into(),
            entries: BTreeMap::new(),
            dirty: BTreeSet::new(),
            awaiting: BTreeSet::new(),
            requested: VecDeque::new(),
            unacked: BTreeMap::new(),
            removing: None,
            events: VecDeque::new(),
            connected: false,
            complete: false,
            stopping: false,
        };
        desired_state.enter(
            Rank::Availability,
            Arc::clone(&desired_state.availability),
            ONLINE,
        );
        desired_state
    }

    /// Notes the latest value of a topic. An empty one takes the topic off the broker. Gives whether there is
    /// something to send.
    pub(super) fn set(
        &mut self,
        rank: Rank,
        topic: &str,
        payload: Bytes,
    ) -> Result<bool, SetFault> {
        let size = topic.len() + payload.len() + OVERHEAD;
        if size > MAX_PACKET {
            return Err(SetFault::TooLarge {
                topic: topic.to_owned(),
                size,
            });
        }
        let rank = if payload.is_empty() {
            Rank::Removal
        } else {
            rank
        };
        match self.entries.get(topic) {
            Some(entry) if entry.rank == rank && entry.payload == payload => return Ok(false),
            None if self.entries.len() >= MAX_TOPICS => {
                return Err(SetFault::TooMany(topic.to_owned()));
            }
            _ => {}
        }
        self.enter(rank, topic.into(), payload);
        Ok(true)
    }

    fn enter(&mut self, rank: Rank, topic: Arc<str>, payload: Bytes) {
        let (sent, in_flight) = match self.entries.get(&topic) {
            Some(old) => {
                self.dirty.remove(&(old.rank, Arc::clone(&topic)));
                (old.sent.clone(), old.in_flight)
            }
            None => (None, false),
        };
        if rank == Rank::Removal {
            self.awaiting.remove(&topic);
        }
        if sent.as_ref() != Some(&payload) {
            self.dirty.insert((rank, Arc::clone(&topic)));
        }
        self.entries.insert(
            topic,
            Entry {
                rank,
                payload,
                sent,
                in_flight,
            },
        );
    }

    /// Says no more of a topic. What the broker holds of it stays there.
    pub(super) fn forget(&mut self, topic: &str) {
        if let Some((topic, entry)) = self.entries.remove_entry(topic) {
            self.awaiting.remove(&topic);
            self.dirty.remove(&(entry.rank, topic));
        }
    }

    /// Whether the topic has a value that shall stay.
    pub(super) fn wants(&self, topic: &str) -> bool {
        self.entries
            .get(topic)
            .is_some_and(|entry| entry.rank != Rank::Removal)
    }

    /// Whether this is what we say of our availability.
    pub(super) fn says(&self, payload: &[u8]) -> bool {
        self.entries
            .get(&self.availability)
            .is_some_and(|entry| entry.payload == payload)
    }

    /// Notes a message that happens once. Gives the reason when it is dropped.
    pub(super) fn add_event(&mut self, topic: &str, payload: Bytes) -> Result<(), &'static str> {
        if !self.connected {
            return Err("disconnected");
        }
        if self.events.len() >= MAX_EVENTS {
            return Err("full");
        }
        if topic.len() + payload.len() + OVERHEAD > MAX_PACKET {
            return Err("too_large");
        }
        self.events.push_back(Outgoing {
            topic: topic.into(),
            payload,
            retain: false,
        });
        Ok(())
    }

    /// All that shall be there has been set once: we may say `online`.
    pub(super) fn complete(&mut self) {
        self.complete = true;
    }

    /// A new connection: the broker may have forgotten everything.
    pub(super) fn connected(&mut self) {
        self.connected = true;
        self.requested.clear();
        self.unacked.clear();
        self.removing = None;
        for entry in self.entries.values_mut() {
            entry.in_flight = false;
        }
        self.replay();
    }

    /// The connection is gone. Gives the topics of the events that can't be sent any more.
    pub(super) fn disconnected(&mut self) -> Vec<Arc<str>> {
        self.connected = false;
        self.events.drain(..).map(|event| event.topic).collect()
    }

    /// Sends everything again: definitions, then values, then our availability.
    pub(super) fn replay(&mut self) {
        for (topic, entry) in &mut self.entries {
            entry.sent = None;
            self.dirty.insert((entry.rank, Arc::clone(topic)));
            if entry.rank < Rank::Removal {
                self.awaiting.insert(Arc::clone(topic));
            }
        }
    }

    /// From now on only `offline` is sent.
    pub(super) fn stop(&mut self) {
        self.stopping = true;
        let topic = Arc::clone(&self.availability);
        self.enter(Rank::Availability, topic, OFFLINE);
    }

    /// The next message to hand to the client, if one may go now.
    pub(super) fn next(&mut self) -> Option<Outgoing> {
        if !self.connected || self.requested.len() + self.unacked.len() >= MAX_IN_FLIGHT {
            return None;
        }
        if let Some(key) = self.dirty.iter().find(|key| self.may_go(key)).cloned() {
            self.dirty.remove(&key);
            if key.0 == Rank::Removal {
                self.removing = Some(Arc::clone(&key.1));
            }
            let entry = self.entries.get_mut(&key.1)?;
            entry.sent = Some(entry.payload.clone());
            entry.in_flight = true;
            self.requested
                .push_back(Delivery::Retained(Arc::clone(&key.1)));
            return Some(Outgoing {
                topic: key.1,
                payload: entry.payload.clone(),
                retain: true,
            });
        }
        if self.stopping || !self.awaiting.is_empty() {
            return None;
        }
        let event = self.events.pop_front()?;
        self.requested.push_back(Delivery::Event);
        Some(event)
    }

    fn may_go(&self, (rank, topic): &(Rank, Arc<str>)) -> bool {
        // One message of a topic at a time: values that change faster than the broker takes them are conflated.
        if self.entries.get(topic).is_none_or(|entry| entry.in_flight) {
            return false;
        }
        match rank {
            Rank::Availability => self.stopping || (self.complete && self.awaiting.is_empty()),
            _ if self.stopping => false,
            Rank::Removal => self.removing.is_none(),
            Rank::Definition | Rank::Value => true,
        }
    }

    /// The client gave the oldest message handed to it this packet id.
    pub(super) fn sent(&mut self, packet: u16) {
        if let Some(delivery) = self.requested.pop_front() {
            self.unacked.insert(packet, delivery);
        }
    }

    /// The broker has it.
    pub(super) fn confirmed(&mut self, packet: u16) -> Confirmed {
        let Some(Delivery::Retained(topic)) = self.unacked.remove(&packet) else {
            return Confirmed::Other;
        };
        self.awaiting.remove(&topic);
        self.removing.take_if(|removing| *removing == topic);
        let Some(entry) = self.entries.get_mut(&topic) else {
            return Confirmed::Other;
        };
        entry.in_flight = false;
        let (rank, sent) = (entry.rank, entry.sent.clone().unwrap_or_default());
        if rank == Rank::Removal && sent.is_empty() {
            self.dirty.remove(&(rank, Arc::clone(&topic)));
            self.entries.remove(&topic);
        }
        match rank {
            Rank::Availability if sent == ONLINE => Confirmed::Online,
            Rank::Availability => Confirmed::Offline,
            _ => Confirmed::Other,
        }
    }
}

#[cfg(test)]
#[path = "desired_state_tests.rs"]
mod tests;
