//! Keeps a connection to the broker for ever: asks where it is, connects, waits and tries again. Says each cause
//! of unavailable once. Never gives up before `stop`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::broker::{Broker, BrokerSource};
use super::connection::{Connection, Ended};
use super::events::{BrokerConnected, BrokerLost, EventDropped};
use super::options::MqttOptions;
use super::pace::Pace;
use super::shared::{Incoming, MqttStatus, Shared, Unavailable};
use super::wire::Failure;
use crate::backoff::Backoff;
use crate::telemetry::Code;

const SOURCE_WITHIN: Duration = Duration::from_secs(20);
/// A connection that lasts longer has not been taken from us by a client with our id.
const SHORT: Duration = Duration::from_secs(10);
/// So many short ones, with the broker there all the time, are no accident.
const SUSPICIOUS: u32 = 3;

struct Session<S> {
    shared: Arc<Shared>,
    options: MqttOptions,
    source: S,
    incoming: mpsc::Sender<Incoming>,
    stop: CancellationToken,
    backoff: Backoff,
    /// The last unavailable that was told; none while connected for a while.
    told: Option<Code>,
    /// How many connections in a row were lost soon after they were made.
    short_ones: u32,
}

pub(super) async fn run<S: BrokerSource>(
    shared: Arc<Shared>,
    options: MqttOptions,
    source: S,
    incoming: mpsc::Sender<Incoming>,
    stop: CancellationToken,
) {
    let mut session = Session {
        shared,
        options,
        source,
        incoming,
        stop: stop.clone(),
        backoff: Backoff::default(),
        told: None,
        short_ones: 0,
    };
    while !stop.is_cancelled() {
        let Some(failure) = session.one_round().await else {
            break;
        };
        let wait = session.backoff.next(failure.pace.longest());
        session.tell(failure.unavailable);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    session
        .shared
        .status
        .send_replace(MqttStatus::Connecting { why: None });
}

impl<S: BrokerSource> Session<S> {
    /// From asking for the broker to the end of the connection. None when it was asked to stop.
    async fn one_round(&mut self) -> Option<Failure> {
        let stop = self.stop.clone();
        let opened = tokio::select! {
            () = stop.cancelled() => return None,
            opened = self.open() => opened,
        };
        let (connection, at) = match opened {
            Ok(opened) => opened,
            Err(failure) => {
                self.short_ones = 0;
                return Some(failure);
            }
        };
        let since = Instant::now();
        self.shared
            .telemetry
            .emit(&BrokerConnected { broker: at.clone() });
        self.shared.desired_state().connected();
        self.shared.status.send_replace(MqttStatus::Connected);

        let ended = connection
            .serve(&self.shared, &self.options, &self.incoming, &stop)
            .await;

        self.shared.online.send_replace(false);
        let lost_events = self.shared.desired_state().disconnected();
        for topic in lost_events {
            let topic = topic.to_string();
            self.shared.telemetry.emit(&EventDropped {
                topic,
                reason: "disconnected",
            });
        }
        match ended {
            Ended::Left => None,
            Ended::Lost(failure) => Some(self.judge(failure, since.elapsed(), &at)),
        }
    }

    async fn open(&self) -> Result<(Connection, String), Failure> {
        let broker = self.broker().await.map_err(|unavailable| Failure {
            unavailable,
            pace: Pace::Slowly,
        })?;
        let at = format!("{}:{}", broker.host, broker.port);
        let connection = Connection::open(&self.options, &broker, &at).await?;
        Ok((connection, at))
    }

    async fn broker(&self) -> Result<Broker, Unavailable> {
        match tokio::time::timeout(SOURCE_WITHIN, self.source.broker()).await {
            Ok(Ok(broker)) => Ok(broker),
            Ok(Err(unknown)) => Err(Unavailable {
                code: unknown.code,
                details: unknown.details,
            }),
            Err(_) => Err(Unavailable {
                code: Code::MqttMissing,
                details: "Nobody said in time where the MQTT broker is.".to_owned(),
            }),
        }
    }

    /// Tells a broker that went away from one that throws us out again and again.
    fn judge(&mut self, failure: Failure, lasted: Duration, at: &str) -> Failure {
        if lasted >= SHORT {
            self.told = None;
            self.short_ones = 0;
            self.backoff.reset();
            return failure;
        }
        if failure.unavailable.code != Code::MqttUnreachable {
            if failure.unavailable.code == Code::MqttTooLarge {
                self.stop_surveys();
            }
            return failure;
        }
        self.short_ones += 1;
        if self.short_ones < SUSPICIOUS {
            self.told = None;
            self.backoff.reset();
            return failure;
        }
        let details = format!(
            "The MQTT broker at {at} ends our connections again and again: another client seems to use our id, {}.",
            self.options.client_id()
        );
        Failure {
            unavailable: Unavailable {
                code: Code::MqttDuplicate,
                details,
            },
            pace: Pace::Slowly,
        }
    }

    /// A retained message that is too large would end every connection in which we look through what others left.
    fn stop_surveys(&self) {
        self.shared.stale.send_modify(|stale| {
            if let Some(stale) = stale {
                stale.definitions.clear();
                stale.values.clear();
            }
        });
    }

    /// Shows the unavailable, and logs it when it is new.
    fn tell(&mut self, unavailable: Unavailable) {
        if self.told != Some(unavailable.code) {
            self.told = Some(unavailable.code);
            self.shared.telemetry.emit(&BrokerLost {
                code: unavailable.code,
                details: unavailable.details.clone(),
            });
        }
        self.shared.status.send_replace(MqttStatus::Connecting {
            why: Some(unavailable),
        });
    }
}
