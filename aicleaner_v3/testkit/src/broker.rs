//! An MQTT 3.1.1 broker inside the process, for the demo and for tests without a mosquitto.
//! Clients meet a front that can be stopped and started on its port. Of rumqttd behind it one idle
//! thread stays until the process ends: nothing stops its router.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use rumqttd::protocol::v4::V4;
use rumqttd::{ConnectionSettings, LinkType, Router, RouterConfig, Server, ServerSettings};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::KitError;
use crate::fixtures::{free_port, wait_for};
use crate::port::{Port, Serve};

/// The largest packet in bytes: room for a picture, and a bound.
pub const MAX_PACKET: usize = 2 * 1024 * 1024;
/// Clients that may be connected at once.
const MAX_CLIENTS: usize = 64;
/// Ports tried for rumqttd, which cannot be given a listener.
const TRIES: u32 = 10;
/// How long rumqttd may take to listen.
const START_TIME: Duration = Duration::from_secs(30);

/// A broker on 127.0.0.1. Its clients are cut off when it is dropped.
#[derive(Debug)]
pub struct Broker {
    front: Port<Front>,
    _server: AbortOnDrop,
}

/// rumqttd's listener, which ends with the broker.
#[derive(Debug)]
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Carries what clients say to rumqttd, which listens at this address.
#[derive(Debug)]
struct Front(SocketAddr);

impl Broker {
    /// Starts a broker on a free port.
    ///
    /// # Errors
    /// When no port can be opened or rumqttd does not start.
    pub async fn start() -> Result<Self, KitError> {
        let router = Router::new(0, router_config()).spawn();
        for _ in 0..TRIES {
            let behind = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
            let mut server = Server::new(settings(behind), router.clone(), V4);
            let server = tokio::spawn(async move {
                if let Err(error) = server.start(LinkType::Remote).await {
                    tracing::warn!(%error, "the embedded MQTT broker ended");
                }
            });
            let server = AbortOnDrop(server);
            if listens(behind, &server.0).await? {
                let front = Port::open(Front(behind)).await?;
                return Ok(Self {
                    front,
                    _server: server,
                });
            }
        }
        Err(KitError::Broker(format!(
            "no port to listen on was found in {TRIES} tries"
        )))
    }

    /// The port clients connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.front.addr().port()
    }

    /// Cuts every client off and refuses new ones. Retained messages are kept.
    ///
    /// # Errors
    /// When the port cannot be held.
    pub async fn stop(&self) -> Result<(), KitError> {
        Ok(self.front.close().await?)
    }

    /// Lets clients in again on the same port.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn resume(&self) -> Result<(), KitError> {
        Ok(self.front.reopen()?)
    }
}

/// Waits until rumqttd listens; false if it ended instead, because its port was taken.
async fn listens(behind: SocketAddr, server: &JoinHandle<()>) -> Result<bool, KitError> {
    wait_for(START_TIME, "the embedded MQTT broker", || async {
        if server.is_finished() {
            return Some(false);
        }
        TcpStream::connect(behind).await.ok().map(|_open| true)
    })
    .await
}

fn settings(listen: SocketAddr) -> ServerSettings {
    ServerSettings {
        name: "front".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 1,
        connections: ConnectionSettings {
            connection_timeout_ms: 10_000,
            max_payload_size: MAX_PACKET,
            max_inflight_count: 100,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    }
}

fn router_config() -> RouterConfig {
    RouterConfig {
        max_connections: MAX_CLIENTS,
        max_outgoing_packet_count: 200,
        max_segment_size: 4 * MAX_PACKET,
        max_segment_count: 2,
        custom_segment: None,
        initialized_filters: None,
        shared_subscriptions_strategy: rumqttd::Strategy::default(),
    }
}

impl Serve for Front {
    fn serve(&self, listener: TcpListener, cut: CancellationToken) -> JoinHandle<()> {
        let behind = self.0;
        tokio::spawn(async move {
            let mut clients = JoinSet::new();
            loop {
                tokio::select! {
                    () = cut.cancelled() => break,
                    accepted = listener.accept() => {
                        if let Ok((client, _from)) = accepted
                            && clients.len() < MAX_CLIENTS
                        {
                            clients.spawn(carry(client, behind));
                        }
                    }
                    Some(_gone) = clients.join_next() => {}
                }
            }
            clients.shutdown().await;
        })
    }
}

/// Carries bytes between a client and the broker until one of them hangs up.
async fn carry(mut client: TcpStream, behind: SocketAddr) {
    let Ok(mut broker) = TcpStream::connect(behind).await else {
        return;
    };
    // Both ends are timed by benches: never wait to fill a packet.
    let _ = client.set_nodelay(true);
    let _ = broker.set_nodelay(true);
    let _ = tokio::io::copy_bidirectional(&mut client, &mut broker).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use rumqttc::{AsyncClient, Event, EventLoop, LastWill, MqttOptions, Packet, Publish, QoS};

    const LIMIT: Duration = Duration::from_secs(10);

    fn client(broker: &Broker, name: &str, will: Option<LastWill>) -> (AsyncClient, EventLoop) {
        let mut options = MqttOptions::new(name, "127.0.0.1", broker.port());
        options.set_max_packet_size(MAX_PACKET, MAX_PACKET);
        options.set_keep_alive(Duration::from_secs(60));
        if let Some(will) = will {
            options.set_last_will(will);
        }
        AsyncClient::new(options, 16)
    }

    async fn until<T>(events: &mut EventLoop, wanted: impl Fn(&Packet) -> Option<T>) -> T {
        tokio::time::timeout(LIMIT, async {
            loop {
                if let Event::Incoming(packet) = events.poll().await.unwrap()
                    && let Some(found) = wanted(&packet)
                {
                    return found;
                }
            }
        })
        .await
        .expect("the packet in time")
    }

    fn published(packet: &Packet) -> Option<Publish> {
        match packet {
            Packet::Publish(publish) => Some(publish.clone()),
            _ => None,
        }
    }

    fn acknowledged(packet: &Packet) -> Option<()> {
        matches!(packet, Packet::PubAck(_) | Packet::SubAck(_)).then_some(())
    }

    #[tokio::test]
    async fn a_retained_picture_reaches_who_comes_later() {
        let broker = Broker::start().await.unwrap();
        let picture = vec![7_u8; 400_000];
        let (sender, mut sending) = client(&broker, "sender", None);
        sender
            .publish("home/picture", QoS::AtLeastOnce, true, picture.clone())
            .await
            .unwrap();
        until(&mut sending, acknowledged).await;

        let (reader, mut reading) = client(&broker, "reader", None);
        reader.subscribe("home/#", QoS::AtLeastOnce).await.unwrap();
        let got = until(&mut reading, published).await;

        assert!(got.retain);
        assert_eq!(got.payload, picture);
    }

    #[tokio::test]
    async fn a_last_will_is_published_when_a_client_vanishes() {
        let broker = Broker::start().await.unwrap();
        let (watcher, mut watching) = client(&broker, "watcher", None);
        watcher
            .subscribe("home/status", QoS::AtLeastOnce)
            .await
            .unwrap();
        until(&mut watching, acknowledged).await;
        let will = LastWill::new("home/status", "offline", QoS::AtLeastOnce, true);
        let (doomed, mut living) = client(&broker, "doomed", Some(will));
        doomed
            .publish("home/status", QoS::AtLeastOnce, true, "online")
            .await
            .unwrap();
        until(&mut living, acknowledged).await;
        assert_eq!(until(&mut watching, published).await.payload, "online");

        drop((doomed, living));

        assert_eq!(until(&mut watching, published).await.payload, "offline");
    }

    #[tokio::test]
    async fn a_stopped_broker_comes_back_on_its_port_with_what_was_retained() {
        let broker = Broker::start().await.unwrap();
        let (sender, mut sending) = client(&broker, "sender", None);
        sender
            .publish("home/kept", QoS::AtLeastOnce, true, "yes")
            .await
            .unwrap();
        until(&mut sending, acknowledged).await;

        broker.stop().await.unwrap();
        let cut = sending.poll().await;
        let refused = TcpStream::connect(("127.0.0.1", broker.port())).await;
        broker.resume().unwrap();
        let (reader, mut reading) = client(&broker, "reader", None);
        reader
            .subscribe("home/kept", QoS::AtLeastOnce)
            .await
            .unwrap();

        assert!(cut.is_err());
        assert!(refused.is_err());
        assert_eq!(until(&mut reading, published).await.payload, "yes");
    }
}
