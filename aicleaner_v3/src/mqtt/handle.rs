//! The handle through which the rest of the program talks to the session. Nothing here waits: what can't be
//! sent now is noted in the ledger and sent when the broker is there.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::broker::BrokerSource;
use super::events::EventDropped;
use super::ledger::{Ledger, Rank, SetFault};
use super::options::MqttOptions;
use super::session;
use crate::telemetry::{Code, Telemetry};

/// So many messages to us may wait; further ones are dropped and counted.
const INCOMING_CAPACITY: usize = 64;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What kind of fault it is.
    pub code: Code,
    /// One plain sentence for people.
    pub sentence: String,
}

/// How the session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MqttStatus {
    /// Not connected; `why` is none before the first try has failed.
    Connecting {
        /// What keeps us from it.
        why: Option<Trouble>,
    },
    /// The broker let us in.
    Connected,
}

/// A message to us. Never a retained one: those are old news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Where it was sent.
    pub topic: String,
    /// At most [`MAX_PACKET`](super::MAX_PACKET) bytes of anything.
    pub payload: Bytes,
}

/// Judges a topic and the payload found there.
pub type Judge = Arc<dyn Fn(&str, &[u8]) -> bool + Send + Sync>;

/// How to tell a retained message of ours that stands for nothing any more.
#[derive(Clone)]
pub struct Stale {
    /// Where definitions may be: they are taken off first, so that nobody listens any more when the values go.
    pub definitions: Vec<String>,
    /// Where values may be.
    pub values: Vec<String>,
    /// Whether this message, found on the broker, is one. Must say no to everything that is not of this instance.
    pub is_stale: Judge,
}

impl fmt::Debug for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stale")
            .field("definitions", &self.definitions)
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

/// What the handle and the session share.
#[derive(Debug)]
pub(super) struct Shared {
    ledger: Mutex<Ledger>,
    /// Something may be sent.
    pub(super) wake: Notify,
    pub(super) status: watch::Sender<MqttStatus>,
    /// Whether the broker has confirmed our availability in this connection.
    pub(super) online: watch::Sender<bool>,
    pub(super) stale: watch::Sender<Option<Stale>>,
    pub(super) telemetry: Telemetry,
}

impl Shared {
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session with the broker. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mqtt(Arc<Shared>);

impl Mqtt {
    /// A session, the messages to us, and the future that does the work until `stop`; it then says `offline` and
    /// takes its leave within about a second. Dropping it instead makes the broker say `offline` for us.
    pub fn new(
        options: MqttOptions,
        source: impl BrokerSource,
        telemetry: Telemetry,
        stop: CancellationToken,
    ) -> (
        Self,
        mpsc::Receiver<Incoming>,
        impl Future<Output = ()> + Send,
    ) {
        let (incoming, receiver) = mpsc::channel(INCOMING_CAPACITY);
        let shared = Arc::new(Shared {
            ledger: Mutex::new(Ledger::new(&options.availability_topic())),
            wake: Notify::new(),
            status: watch::Sender::new(MqttStatus::Connecting { why: None }),
            online: watch::Sender::new(false),
            stale: watch::Sender::new(None),
            telemetry,
        });
        let work = session::run(Arc::clone(&shared), options, source, incoming, stop);
        (Self(shared), receiver, work)
    }

    /// How the session stands.
    pub fn status(&self) -> watch::Receiver<MqttStatus> {
        self.0.status.subscribe()
    }

    /// Whether the broker has confirmed that we are `online`, which is after everything else was confirmed.
    pub fn online(&self) -> watch::Receiver<bool> {
        self.0.online.subscribe()
    }

    /// Notes what a topic shall hold, retained: the latest value wins, is sent when the broker is there, and again
    /// after every new connection. What it already holds is not sent again. An empty payload is as [`Self::remove`].
    ///
    /// # Errors
    /// When it is too large, or there are too many topics: nothing changes then.
    pub fn set(&self, rank: Rank, topic: &str, payload: impl Into<Bytes>) -> Result<(), SetFault> {
        let changed = self.0.ledger().set(rank, topic, payload.into())?;
        if changed {
            self.0.wake.notify_one();
        }
        Ok(())
    }

    /// Takes a topic's retained message off the broker.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn remove(&self, topic: &str) -> Result<(), SetFault> {
        self.set(Rank::Removal, topic, Bytes::new())
    }

    /// Says no more of a topic, and leaves what the broker holds to the next search for what is outdated.
    pub fn forget(&self, topic: &str) {
        self.0.ledger().forget(topic);
    }

    /// Sends a message that happens once, after the values that were set before it. Without a connection, or with too
    /// many waiting, it is dropped and counted.
    pub fn publish_event(&self, topic: &str, payload: impl Into<Bytes>) {
        let noted = self.0.ledger().add_event(topic, payload.into());
        match noted {
            Ok(()) => self.0.wake.notify_one(),
            Err(reason) => self.0.telemetry.emit(&EventDropped {
                topic: topic.to_owned(),
                reason,
            }),
        }
    }

    /// Says that all that shall be there has been set once: from now on we are `online` when the broker has it all.
    /// Then, and after every new connection, what `stale` tells to be outdated is taken off the broker.
    pub fn complete(&self, stale: Stale) {
        self.0.ledger().complete();
        self.0.stale.send_replace(Some(stale));
        self.0.wake.notify_one();
    }
}
