//! A small websocket client for the kit's own tests.
//! It fails the test at once when something else comes than was asked for.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u64,
    waiting: VecDeque<Value>,
}

impl Client {
    /// Connects without logging in.
    pub(crate) async fn connect(url: &str) -> Self {
        let (socket, _) = connect_async(url).await.unwrap();
        Self {
            socket,
            next_id: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Connects and logs in.
    pub(crate) async fn login(url: &str, token: &str) -> Self {
        let mut client = Self::connect(url).await;
        assert_eq!(client.receive().await.unwrap()["type"], "auth_required");
        client
            .send(&json!({"type": "auth", "access_token": token}))
            .await;
        assert_eq!(client.receive().await.unwrap()["type"], "auth_ok");
        client
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        let text = Message::Text(message.to_string().into());
        self.socket.send(text).await.unwrap();
    }

    /// The next message, or nothing when the connection ended.
    pub(crate) async fn receive(&mut self) -> Option<Value> {
        tokio::time::timeout(LIMIT, async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => {
                        return Some(serde_json::from_str(&text).unwrap());
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    _ => return None,
                }
            }
        })
        .await
        .expect("a message in time")
    }

    /// Sends a command and gives its id.
    pub(crate) async fn command(&mut self, mut command: Value) -> u64 {
        self.next_id += 1;
        command["id"] = self.next_id.into();
        self.send(&command).await;
        self.next_id
    }

    /// Sends a command and gives its answer; events meanwhile are kept.
    pub(crate) async fn ask(&mut self, command: Value) -> Value {
        let id = self.command(command).await;
        loop {
            let message = self.receive().await.expect("an answer");
            if message["id"] == id && message["type"] != "event" {
                return message;
            }
            self.waiting.push_back(message);
        }
    }

    /// The next event.
    pub(crate) async fn event(&mut self) -> Value {
        let message = match self.waiting.pop_front() {
            Some(message) => message,
            None => self.receive().await.expect("an event"),
        };
        assert_eq!(message["type"], "event", "{message}");
        message["event"].clone()
    }

    /// Whether the connection ends, whatever is still to come.
    pub(crate) async fn ends(&mut self) -> bool {
        while self.receive().await.is_some() {}
        true
    }
}
