//! The handle through which the rest of the program talks to the session. Nothing here waits: what can't be
//! sent now is noted in the desired_state and sent when the broker is there.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::broker::BrokerSource;
use super::desired_state::{DesiredState, Rank, SetFault};
use super::events::EventDropped;
use super::options::MqttOptions;
use super::session;
use super::shared::{Incoming, MqttStatus, Shared, Stale};
use crate::telemetry::Telemetry;

/// So many messages to us may wait; further ones are dropped and counted.
const INCOMING_CAPACITY: usize = 64;

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
            desired_state: Mutex::new(DesiredState::new(&options.availability_topic())),
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
        let changed = self.0.desired_state().set(rank, topic, payload.into())?;
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
        self.0.desired_state().forget(topic);
    }

    /// Sends a message that happens once, after the values that were set before it. Without a connection, or with too
    /// many waiting, it is dropped and counted.
    pub fn publish_event(&self, topic: &str, payload: impl Into<Bytes>) {
        let noted = self.0.desired_state().add_event(topic, payload.into());
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
        self.0.desired_state().complete();
        self.0.stale.send_replace(Some(stale));
        self.0.wake.notify_one();
    }
}
