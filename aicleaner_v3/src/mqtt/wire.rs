//! Between our words and rumqttc's: connection options, and what its errors mean for people.

use std::io;
use std::time::Duration;

use rumqttc::{
    ConnectReturnCode, ConnectionError, LastWill, MqttOptions as Options, NetworkOptions, QoS,
    StateError, TlsConfiguration, Transport,
};
use secrecy::ExposeSecret;

use super::broker::Broker;
use super::desired_state::MAX_PACKET;
use super::options::MqttOptions;
use super::pace::Pace;
use super::shared::Unavailable;
use crate::telemetry::Code;

/// A broker that vanished without a word is noticed after two of these.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
const CONNECT_WITHIN_SECONDS: u64 = 5;

/// Why a connection could not be made or was lost, and how soon to try again.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) unavailable: Unavailable,
    pub(super) pace: Pace,
}

pub(super) fn options(ours: &MqttOptions, broker: &Broker) -> Options {
    // An IPv6 address needs brackets before a port, but not as the name in a certificate.
    let host = if broker.host.contains(':') && broker.tls.is_none() && !broker.host.starts_with('[')
    {
        format!("[{}]", broker.host)
    } else {
        broker.host.clone()
    };
    let mut options = Options::new(ours.client_id(), host, broker.port);
    options
        .set_keep_alive(KEEP_ALIVE)
        .set_clean_session(true)
        .set_max_packet_size(MAX_PACKET, MAX_PACKET)
        .set_last_will(LastWill::new(
            ours.availability_topic(),
            "offline",
            QoS::AtLeastOnce,
            true,
        ));
    if let Some(username) = &broker.username {
        let password = broker
            .password
            .as_ref()
            .map_or("", ExposeSecret::expose_secret);
        options.set_credentials(username, password);
    }
    if let Some(tls) = &broker.tls {
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(
            tls.clone(),
        )));
    }
    options
}

pub(super) fn network_options() -> NetworkOptions {
    let mut options = NetworkOptions::new();
    options.set_tcp_nodelay(true);
    options.set_connection_timeout(CONNECT_WITHIN_SECONDS);
    options
}

/// What an error means. `at` is host and port.
pub(super) fn failure(error: &ConnectionError, at: &str) -> Failure {
    use rumqttc::mqttbytes::Error as Packet;

    let (code, pace, details) = match error {
        ConnectionError::ConnectionRefused(
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
        ) => (
            Code::MqttRefused,
            Pace::Slowly,
            format!("The MQTT broker at {at} does not accept the user name or password."),
        ),
        ConnectionError::ConnectionRefused(reason) => (
            Code::MqttUnreachable,
            Pace::Slowly,
            format!("The MQTT broker at {at} refused the connection ({reason:?})."),
        ),
        ConnectionError::Tls(e) => (
            Code::MqttUnreachable,
            Pace::Slowly,
            format!(
                "No trusted encrypted connection to the MQTT broker at {at}: {}.",
                root(e)
            ),
        ),
        ConnectionError::MqttState(StateError::Deserialization(
            Packet::PayloadSizeLimitExceeded(size),
        )) => (
            Code::MqttTooLarge,
            Pace::Slowly,
            format!(
                "The MQTT broker sent a message of {size} bytes, but at most {MAX_PACKET} are taken."
            ),
        ),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => (
            Code::MqttUnreachable,
            Pace::Soon,
            format!(
                "The MQTT broker at {at} did not answer within {CONNECT_WITHIN_SECONDS} seconds."
            ),
        ),
        ConnectionError::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => (
            Code::MqttUnreachable,
            Pace::Soon,
            format!("No MQTT broker answers at {at} (connection refused)."),
        ),
        ConnectionError::MqttState(StateError::ConnectionAborted) => (
            Code::MqttUnreachable,
            Pace::Soon,
            format!("The MQTT broker at {at} closed the connection."),
        ),
        ConnectionError::MqttState(StateError::AwaitPingResp) => (
            Code::MqttUnreachable,
            Pace::Soon,
            format!("The MQTT broker at {at} does not answer any more."),
        ),
        other => (
            Code::MqttUnreachable,
            Pace::Soon,
            format!("The MQTT broker at {at} can't be reached: {}.", root(other)),
        ),
    };
    Failure {
        unavailable: Unavailable { code, details },
        pace,
    }
}

/// The cause at the bottom of an error: the layers above it only name themselves.
fn root(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use secrecy::SecretString;

    use super::*;
    use crate::model::InstanceName;

    fn ours() -> MqttOptions {
        MqttOptions {
            instance: InstanceName::default(),
            discovery_prefix: crate::model::DiscoveryPrefix::default(),
            subscriptions: Vec::new(),
        }
    }

    fn broker(host: &str) -> Broker {
        Broker {
            host: host.to_owned(),
            port: 1883,
            username: Some("aicleaner".to_owned()),
            password: Some(SecretString::from("s3cret-word")),
            tls: None,
        }
    }

    #[test]
    fn a_broker_never_prints_its_password() {
        assert!(!format!("{:?}", broker("h")).contains("s3cret"));
    }

    #[test]
    fn an_ipv6_address_gets_brackets_but_only_before_a_port() {
        assert_eq!(options(&ours(), &broker("::1")).broker_address().0, "[::1]");

        let tls = crate::tls::client_config(None).unwrap();
        let secure = Broker {
            tls: Some(Arc::clone(&tls)),
            ..broker("::1")
        };
        assert_eq!(options(&ours(), &secure).broker_address().0, "::1");
    }

    #[test]
    fn a_wrong_password_is_told_from_an_absent_broker() {
        let refused = ConnectionError::ConnectionRefused(ConnectReturnCode::NotAuthorized);
        let absent = ConnectionError::Io(io::ErrorKind::ConnectionRefused.into());

        assert_eq!(failure(&refused, "h:1").unavailable.code, Code::MqttRefused);
        assert_eq!(
            failure(&absent, "h:1").unavailable.code,
            Code::MqttUnreachable
        );
        assert_eq!(failure(&absent, "h:1").pace, Pace::Soon);
    }
}
