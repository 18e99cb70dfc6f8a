//! Proves the real mosquitto that the integration tests run on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aicleaner_testkit::real::Mosquitto;
use aicleaner_testkit::real::mosquitto::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ACCEPTED: u8 = 0;
const NOT_AUTHORISED: u8 = 5;

/// Says CONNECT as MQTT 3.1.1 wants it, and returns the code of the answer (MQTT 3.1.1, 3.1 and 3.2.2.3).
async fn connect(broker: &Mosquitto, user: Option<(&str, &str)>) -> u8 {
    let mut rest = b"\x00\x04MQTT\x04".to_vec();
    let with_user_and_password = if user.is_some() { 0b1100_0000 } else { 0 };
    rest.extend([with_user_and_password | 0b10, 0, 60]);
    for text in ["test"].into_iter().chain(
        user.into_iter()
            .flat_map(|(name, password)| [name, password]),
    ) {
        rest.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        rest.extend(text.as_bytes());
    }
    let mut packet = vec![0x10, u8::try_from(rest.len()).unwrap()];
    packet.extend(rest);

    let mut stream = TcpStream::connect(("127.0.0.1", broker.port()))
        .await
        .unwrap();
    stream.write_all(&packet).await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    answer[3]
}

#[tokio::test]
async fn a_broker_that_was_killed_comes_back_on_its_port() {
    let mut broker = Mosquitto::start().await.unwrap();
    let port = broker.port();
    assert_eq!(connect(&broker, None).await, ACCEPTED);

    broker.kill().await.unwrap();
    TcpStream::connect(("127.0.0.1", port)).await.unwrap_err();

    broker.restart().await.unwrap();
    assert_eq!(broker.port(), port);
    assert_eq!(connect(&broker, None).await, ACCEPTED);
}

#[tokio::test]
async fn a_broker_with_a_user_lets_nobody_else_in() {
    let user = ("app".to_owned(), "secret".to_owned());
    let options = Options {
        user: Some(user),
        ..Options::default()
    };

    let broker = Mosquitto::start_with(&options).await.unwrap();

    assert_eq!(connect(&broker, None).await, NOT_AUTHORISED);
    assert_eq!(
        connect(&broker, Some(("app", "wrong"))).await,
        NOT_AUTHORISED
    );
    assert_eq!(connect(&broker, Some(("app", "secret"))).await, ACCEPTED);
}

#[tokio::test]
async fn many_brokers_run_side_by_side() {
    let brokers = futures_util::future::join_all((0..10).map(|_| Mosquitto::start())).await;

    for broker in brokers {
        assert_eq!(connect(&broker.unwrap(), None).await, ACCEPTED);
    }
}
