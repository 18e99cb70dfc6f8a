//! Another client of the broker, which sees everything and stands for Home Assistant.

use bytes::Bytes;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::soon;

#[derive(Debug, Clone)]
pub struct Seen {
    pub topic: String,
    pub payload: Bytes,
    pub retained: bool,
}

impl Seen {
    pub fn is(&self, topic: &str, payload: &str) -> bool {
        self.topic == topic && self.payload.as_ref() == payload.as_bytes()
    }
}

pub struct Observer {
    pub client: AsyncClient,
    messages: mpsc::Receiver<Seen>,
    polling: JoinHandle<()>,
}

impl Observer {
    /// Connected and subscribed to everything.
    pub async fn start(port: u16) -> Self {
        Self::start_with(MqttOptions::new("observer", "127.0.0.1", port)).await
    }

    pub async fn start_with(mut options: MqttOptions) -> Self {
        options.set_max_packet_size(8 * 1024 * 1024, 8 * 1024 * 1024);
        let (client, mut event_loop) = AsyncClient::new(options, 64);
        let (sender, messages) = mpsc::channel(1024);
        let (ready, subscribed) = tokio::sync::oneshot::channel();
        client.subscribe("#", QoS::AtLeastOnce).await.unwrap();
        let polling = tokio::spawn(async move {
            let mut ready = Some(ready);
            while let Ok(event) = event_loop.poll().await {
                match event {
                    Event::Incoming(Packet::SubAck(_)) => {
                        ready.take().map(|ready| ready.send(()));
                    }
                    Event::Incoming(Packet::Publish(publish)) => {
                        let seen = Seen {
                            topic: publish.topic,
                            payload: publish.payload,
                            retained: publish.retain,
                        };
                        sender.try_send(seen).unwrap();
                    }
                    _ => {}
                }
            }
        });
        soon("the observer's subscription", subscribed)
            .await
            .unwrap();
        Self {
            client,
            messages,
            polling,
        }
    }

    pub async fn send(&self, topic: &str, payload: &[u8], retain: bool) {
        self.client
            .publish(topic, QoS::AtLeastOnce, retain, payload)
            .await
            .unwrap();
    }

    /// The next message that is `wanted`; others are passed over.
    pub async fn wait(&mut self, what: &str, wanted: impl Fn(&Seen) -> bool) -> Seen {
        soon(what, async {
            loop {
                let seen = self
                    .messages
                    .recv()
                    .await
                    .expect("the observer's connection broke");
                if wanted(&seen) {
                    return seen;
                }
            }
        })
        .await
    }

    pub async fn wait_for(&mut self, topic: &str, payload: &str) -> Seen {
        self.wait(&format!("{topic}={payload}"), |seen| {
            seen.is(topic, payload)
        })
        .await
    }

    /// Everything up to and with the first message that is `last`.
    pub async fn collect_until(&mut self, topic: &str, payload: &str) -> Vec<Seen> {
        let mut all = Vec::new();
        soon(&format!("{topic}={payload}"), async {
            loop {
                let seen = self
                    .messages
                    .recv()
                    .await
                    .expect("the observer's connection broke");
                let is_last = seen.is(topic, payload);
                all.push(seen);
                if is_last {
                    return;
                }
            }
        })
        .await;
        all
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.polling.abort();
    }
}
