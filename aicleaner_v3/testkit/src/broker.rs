//! An MQTT 3.1.1 broker inside the process, for the demo and for tests without a mosquitto.
//! Clients meet a front that can be stopped and started on its port; rumqttd behind it cannot be
//! stopped, so its idle threads and its own port stay until the process ends.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use rumqttd::{Config, ConnectionSettings, RouterConfig, ServerSettings};
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
/// How long rumqttd may take to listen.
const START_TIME: Duration = Duration::from_secs(5);

/// A broker on 127.0.0.1. Its clients are cut off when it is dropped.
#[derive(Debug)]
pub struct Broker {
    front: Port<Front>,
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
        let behind = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let mut broker = rumqttd::Broker::new(config(behind));
        std::thread::Builder::new()
            .name("mqtt-broker".to_owned())
            .spawn(move || {
                if let Err(error) = broker.start() {
                    tracing::warn!(%error, "the embedded MQTT broker ended");
                }
            })?;
        wait_for(START_TIME, "the embedded MQTT broker", || async {
            TcpStream::connect(behind).await.ok()
        })
        .await?;
        let front = Port::open(Front(behind)).await?;
        Ok(Self { front })
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

fn config(listen: SocketAddr) -> Config {
    let connections = ConnectionSettings {
        connection_timeout_ms: 10_000,
        max_payload_size: MAX_PACKET,
        max_inflight_count: 100,
        auth: None,
        external_auth: None,
        dynamic_filters: true,
    };
    let server = ServerSettings {
        name: "front".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 1,
        connections,
    };
    Config {
        id: 0,
        router: RouterConfig {
            max_connections: MAX_CLIENTS,
            max_outgoing_packet_count: 200,
            max_segment_size: 4 * MAX_PACKET,
            max_segment_count: 2,
            custom_segment: None,
            initialized_filters: None,
            shared_subscriptions_strategy: rumqttd::Strategy::default(),
        },
        v4: Some(HashMap::from([("front".to_owned(), server)])),
        v5: None,
        ws: None,
        cluster: None,
        console: None,
        bridge: None,
        prometheus: None,
        metrics: None,
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
        options.set_keep_alive(Duration::from_secs(5));
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
