//! One connection to the broker, from the handshake to its end. Every connection has a client of its own, so that
//! nothing of an earlier one is ever sent again by the library: the desired_state alone decides what is.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, Outgoing, Packet, Publish, QoS,
    SubscribeFilter, SubscribeReasonCode,
};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::broker::Broker;
use super::desired_state::{Confirmed, Rank};
use super::events::{
    IncomingDropped, RetainedIgnored, SaidAgain, StaleRemoved, SubscriptionRefused,
};
use super::options::MqttOptions;
use super::pace::Pace;
use super::shared::{Incoming, Shared, Unavailable};
use super::topics::matches;
use super::wire::{self, Failure};
use crate::backoff::random_fraction;
use crate::telemetry::Code;

/// More than the desired_state ever has in flight, and room for subscriptions.
const REQUESTS: usize = 64;
/// How long we listen for old messages of ours: the broker sends them at once.
const SURVEY: Duration = Duration::from_secs(3);
/// Home Assistant's restart makes every client of the house answer: not all in one instant.
const BIRTH_JITTER: Duration = Duration::from_millis(400);
/// How soon the broker sends us back what it holds of us.
const ECHO_WITHIN: Duration = Duration::from_secs(2);
/// Between two times that we say everything again because somebody contradicted us.
const SAY_AGAIN: Duration = Duration::from_secs(10);
const FAREWELL: Duration = Duration::from_secs(1);
const LEAVING: Duration = Duration::from_millis(200);

/// How a connection ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// We left, as we were asked to.
    Left,
    /// It broke.
    Lost(Failure),
}

/// A connection that the broker has accepted.
pub(super) struct Connection {
    client: AsyncClient,
    event_loop: EventLoop,
    at: String,
}

/// What several parts of one connection tell each other.
#[derive(Default)]
struct Signals {
    birth: Notify,
    offline: Notify,
    /// The broker holds what we say of our availability.
    echo: Notify,
    /// It holds something else.
    contradicted: Notify,
}

impl Connection {
    /// Connects and shakes hands.
    pub(super) async fn open(
        options: &MqttOptions,
        broker: &Broker,
        at: &str,
    ) -> Result<Self, Failure> {
        let (client, mut event_loop) = AsyncClient::new(wire::options(options, broker), REQUESTS);
        event_loop.set_network_options(wire::network_options());
        match event_loop.poll().await {
            Ok(_) => Ok(Self {
                client,
                event_loop,
                at: at.to_owned(),
            }),
            Err(error) => Err(wire::failure(&error, at)),
        }
    }

    /// Works until the connection breaks or `stop`.
    pub(super) async fn serve(
        self,
        shared: &Arc<Shared>,
        options: &MqttOptions,
        incoming: &mpsc::Sender<Incoming>,
        stop: &CancellationToken,
    ) -> Ended {
        let Self {
            client,
            mut event_loop,
            at,
        } = self;
        let signals = Signals::default();
        let receiver = Receiver {
            shared,
            options,
            incoming,
            signals: &signals,
        };
        // The event loop is polled by one future that lives as long as the connection: a poll that is dropped half
        // way may lose a packet, and one that waits for the request queue would wait for itself (bytebeamio/rumqtt#263).
        let mut polling = pin!(receiver.poll(&mut event_loop));
        let mut working = pin!(async {
            tokio::join!(
                send(shared, options, &client),
                survey(shared, &client),
                answer_births(shared, &signals),
                listen_to_ourselves(shared, options, &client, &signals),
            )
        });
        let broken = tokio::select! {
            end = &mut polling => Some(end),
            _ = &mut working => None,
            () = stop.cancelled() => None,
        };
        if let Some(end) = broken {
            return lost(end, &at);
        }
        shared.desired_state().stop();
        shared.wake.notify_one();
        let confirmed = async {
            tokio::select! {
                _ = &mut polling => {}
                _ = &mut working => {}
                () = signals.offline.notified() => {}
            }
        };
        // Without the confirmation in time the socket just closes, and the broker says `offline` for us.
        if timeout(FAREWELL, confirmed).await.is_ok() && client.try_disconnect().is_ok() {
            let _ = timeout(LEAVING, &mut polling).await;
        }
        Ended::Left
    }
}

fn lost(end: Result<(), ConnectionError>, at: &str) -> Ended {
    match end {
        Err(error) => Ended::Lost(wire::failure(&error, at)),
        Ok(()) => Ended::Lost(Failure {
            unavailable: Unavailable {
                code: Code::MqttUnreachable,
                details: format!("The connection to the MQTT broker at {at} was closed."),
            },
            pace: Pace::Soon,
        }),
    }
}

/// Subscribes, then hands over what the desired_state wants sent.
async fn send(shared: &Shared, options: &MqttOptions, client: &AsyncClient) {
    let filters = options
        .subscriptions
        .iter()
        .cloned()
        .chain([options.birth_topic()]);
    let filters = filters.map(|path| SubscribeFilter::new(path, QoS::AtLeastOnce));
    if client.subscribe_many(filters).await.is_err() {
        shared.telemetry.emit(&SubscriptionRefused);
    }
    loop {
        let next = shared.desired_state().next();
        match next {
            Some(message) => {
                let topic = message.topic.as_ref();
                let sent =
                    client.publish_bytes(topic, QoS::AtLeastOnce, message.retain, message.payload);
                if sent.await.is_err() {
                    // The event loop is gone, and its own end tells why.
                    return std::future::pending().await;
                }
            }
            None => shared.wake.notified().await,
        }
    }
}

/// Listens for a moment to what the broker holds of us, whenever we are online with a new idea of what is stale.
async fn survey(shared: &Shared, client: &AsyncClient) {
    let mut online = shared.online.subscribe();
    let mut stale = shared.stale.subscribe();
    if online.wait_for(|online| *online).await.is_err() {
        return;
    }
    loop {
        let searches = stale.borrow_and_update().as_ref().map(|stale| {
            // One after the other: Home Assistant needs a moment to forget what is no longer defined.
            [stale.definitions.clone(), stale.values.clone()]
        });
        for filters in searches.into_iter().flatten() {
            if !listen_for_a_while(shared, client, filters).await {
                return;
            }
        }
        if stale.changed().await.is_err() {
            return;
        }
    }
}

/// False when the connection is gone.
async fn listen_for_a_while(shared: &Shared, client: &AsyncClient, filters: Vec<String>) -> bool {
    if filters.is_empty() {
        return true;
    }
    let wanted = filters
        .iter()
        .map(|path| SubscribeFilter::new(path.clone(), QoS::AtMostOnce));
    if client.subscribe_many(wanted).await.is_err() {
        shared.telemetry.emit(&SubscriptionRefused);
    }
    sleep(SURVEY).await;
    for filter in filters {
        if client.unsubscribe(filter).await.is_err() {
            return false;
        }
    }
    true
}

/// Home Assistant has started: it needs to hear everything again.
async fn answer_births(shared: &Shared, signals: &Signals) {
    loop {
        signals.birth.notified().await;
        sleep(BIRTH_JITTER.mul_f64(random_fraction())).await;
        shared.desired_state().replay();
        shared.wake.notify_one();
    }
}

/// Checks that the broker holds what it confirmed: another client, a late last will or a broker that keeps nothing may
/// have left Home Assistant with something else. Then everything is said once more.
async fn listen_to_ourselves(
    shared: &Shared,
    options: &MqttOptions,
    client: &AsyncClient,
    signals: &Signals,
) {
    let mut online = shared.online.subscribe();
    if online.wait_for(|online| *online).await.is_err() {
        return;
    }
    // A new subscription is answered with what is retained (MQTT 3.1.1 section 3.8.4).
    let topic = options.availability_topic();
    if client.subscribe(topic, QoS::AtLeastOnce).await.is_err() {
        shared.telemetry.emit(&SubscriptionRefused);
        return;
    }
    let mut why = "no_echo";
    let mut is_said = timeout(ECHO_WITHIN, signals.echo.notified()).await.is_ok();
    loop {
        if !is_said {
            shared.telemetry.emit(&SaidAgain { why });
            shared.desired_state().replay();
            shared.wake.notify_one();
            sleep(SAY_AGAIN).await;
        }
        signals.contradicted.notified().await;
        (why, is_said) = ("contradicted", false);
    }
}

/// Takes in what the event loop yields. Nothing in here waits for anything but the network.
struct Receiver<'a> {
    shared: &'a Arc<Shared>,
    options: &'a MqttOptions,
    incoming: &'a mpsc::Sender<Incoming>,
    signals: &'a Signals,
}

impl Receiver<'_> {
    async fn poll(&self, event_loop: &mut EventLoop) -> Result<(), ConnectionError> {
        let birth_topic = self.options.birth_topic();
        loop {
            match event_loop.poll().await? {
                Event::Incoming(Packet::Publish(publish)) => self.take(publish, &birth_topic),
                Event::Incoming(Packet::PubAck(ack)) => self.confirm(ack.pkid),
                Event::Incoming(Packet::SubAck(ack))
                    if ack.return_codes.contains(&SubscribeReasonCode::Failure) =>
                {
                    self.shared.telemetry.emit(&SubscriptionRefused);
                }
                Event::Outgoing(Outgoing::Publish(packet)) => {
                    self.shared.desired_state().sent(packet)
                }
                Event::Outgoing(Outgoing::Disconnect) => return Ok(()),
                _ => {}
            }
        }
    }

    fn confirm(&self, packet: u16) {
        let confirmed = self.shared.desired_state().confirmed(packet);
        match confirmed {
            Confirmed::Online => {
                self.shared
                    .online
                    .send_if_modified(|online| !std::mem::replace(online, true));
            }
            Confirmed::Offline => self.signals.offline.notify_one(),
            Confirmed::Other => {}
        }
        self.shared.wake.notify_one();
    }

    fn take(&self, publish: Publish, birth_topic: &str) {
        if publish.topic == self.options.availability_topic() {
            let is_ours = self.shared.desired_state().says(&publish.payload);
            let signal = match is_ours {
                true => &self.signals.echo,
                false => &self.signals.contradicted,
            };
            return signal.notify_one();
        }
        if publish.retain {
            return self.examine(publish);
        }
        if publish.topic == birth_topic {
            if publish.payload.as_ref() == b"online" {
                self.signals.birth.notify_one();
            }
            return;
        }
        if !self.is_subscribed(&publish.topic) {
            return;
        }
        let message = Incoming {
            topic: publish.topic,
            payload: publish.payload,
        };
        if let Err(error) = self.incoming.try_send(message) {
            let topic = match error {
                mpsc::error::TrySendError::Full(message)
                | mpsc::error::TrySendError::Closed(message) => message.topic,
            };
            self.shared.telemetry.emit(&IncomingDropped { topic });
        }
    }

    /// A retained message is either one that we look for, or old news.
    fn examine(&self, publish: Publish) {
        if self.is_subscribed(&publish.topic) {
            return self.shared.telemetry.emit(&RetainedIgnored {
                topic: publish.topic,
            });
        }
        let stale = self.shared.stale.borrow().clone();
        let is_stale =
            stale.is_some_and(|stale| (stale.is_stale)(&publish.topic, &publish.payload));
        if !is_stale {
            return;
        }
        let mut desired_state = self.shared.desired_state();
        let removed = !desired_state.wants(&publish.topic)
            && desired_state.set(Rank::Removal, &publish.topic, bytes::Bytes::new()) == Ok(true);
        drop(desired_state);
        if removed {
            self.shared.wake.notify_one();
            self.shared.telemetry.emit(&StaleRemoved {
                topic: publish.topic,
            });
        }
    }

    fn is_subscribed(&self, topic: &str) -> bool {
        self.options
            .subscriptions
            .iter()
            .any(|filter| matches(topic, filter))
    }
}
