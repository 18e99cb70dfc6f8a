//! What the handle and the session share: how the session stands, what goes in and out. Nothing here waits or sends.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, watch};

use super::desired_state::DesiredState;
use crate::telemetry::{Code, Telemetry};

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// What kind of fault it is.
    pub code: Code,
    /// In English, for the person who runs the program for people.
    pub details: String,
}

/// How the session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MqttStatus {
    /// Not connected; `why` is none before the first try has failed.
    Connecting {
        /// What keeps us from it.
        why: Option<Unavailable>,
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
    pub(super) desired_state: Mutex<DesiredState>,
    /// Something may be sent.
    pub(super) wake: Notify,
    pub(super) status: watch::Sender<MqttStatus>,
    /// Whether the broker has confirmed our availability in this connection.
    pub(super) online: watch::Sender<bool>,
    pub(super) stale: watch::Sender<Option<Stale>>,
    pub(super) telemetry: Telemetry,
}

impl Shared {
    pub(super) fn desired_state(&self) -> MutexGuard<'_, DesiredState> {
        self.desired_state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
