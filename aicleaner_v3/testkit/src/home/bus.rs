//! Who listens to what over the websocket, and the sending of events to them in order.
//! A client that reads too slowly is cut off, as Home Assistant does at 4,096 pending messages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Messages a client may leave unread (`MAX_PENDING_MSG`).
pub(super) const PENDING: usize = 4096;

/// What a subscription is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// States in compressed form, of these entities or of all.
    Entities(Option<BTreeSet<String>>),
    /// Events of this type, or all.
    Events(Option<String>),
    /// The items of this to-do list.
    Todo(String),
}

/// One authenticated websocket.
#[derive(Debug)]
pub(super) struct Connection {
    out: mpsc::Sender<String>,
    subscriptions: BTreeMap<u64, Topic>,
    cut: CancellationToken,
}

/// All authenticated websockets.
#[derive(Debug, Default)]
pub(super) struct Bus {
    next: u64,
    sent: u64,
    connections: BTreeMap<u64, Connection>,
}

impl Bus {
    /// Takes in a connection, and gives its number and the token that ends it.
    pub(super) fn join(&mut self, out: mpsc::Sender<String>) -> (u64, CancellationToken) {
        let cut = CancellationToken::new();
        self.next += 1;
        let connection = Connection {
            out,
            subscriptions: BTreeMap::new(),
            cut: cut.clone(),
        };
        self.connections.insert(self.next, connection);
        (self.next, cut)
    }

    pub(super) fn leave(&mut self, number: u64) {
        self.connections.remove(&number);
    }

    /// Ends every connection.
    pub(super) fn cut_all(&mut self) {
        for connection in std::mem::take(&mut self.connections).into_values() {
            connection.cut.cancel();
        }
    }

    pub(super) fn count(&self) -> usize {
        self.connections.len()
    }

    pub(super) fn subscribe(&mut self, number: u64, id: u64, topic: Topic) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.subscriptions.insert(id, topic);
        }
    }

    /// Ends a subscription. Says whether there was one.
    pub(super) fn unsubscribe(&mut self, number: u64, id: u64) -> bool {
        self.connections
            .get_mut(&number)
            .is_some_and(|connection| connection.subscriptions.remove(&id).is_some())
    }

    /// Ends every subscription to a topic, without a word to the clients.
    pub(super) fn forget(&mut self, topic: &Topic) {
        for connection in self.connections.values_mut() {
            connection.subscriptions.retain(|_, known| known != topic);
        }
    }

    /// All subscriptions of all connections.
    pub(super) fn topics(&self) -> Vec<Topic> {
        self.connections
            .values()
            .flat_map(|connection| connection.subscriptions.values().cloned())
            .collect()
    }

    /// How many clients were let in so far.
    pub(super) fn joined(&self) -> u64 {
        self.next
    }

    /// How many messages were sent to all connections so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// Sends a message to one connection.
    pub(super) fn send(&mut self, number: u64, message: &Value) {
        self.sent += 1;
        if let Some(connection) = self.connections.get(&number)
            && connection.out.try_send(message.to_string()).is_err()
        {
            connection.cut.cancel();
        }
    }

    /// Sends an event to every subscription for which `event_for` gives one.
    pub(super) fn publish(&mut self, event_for: impl Fn(&Topic) -> Option<Value>) {
        for connection in self.connections.values() {
            for (id, topic) in &connection.subscriptions {
                let Some(event) = event_for(topic) else {
                    continue;
                };
                self.sent += 1;
                let message = event_message(*id, &event).to_string();
                if connection.out.try_send(message).is_err() {
                    connection.cut.cancel();
                }
            }
        }
    }
}

/// An event of a subscription.
pub(super) fn event_message(id: u64, event: &Value) -> Value {
    json!({"id": id, "type": "event", "event": event})
}
