//! One authenticated websocket to Home Assistant, for tests that send commands and wait for events.
//! Must never wait without a limit of time.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{self, Message, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{Error, in_time};

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Events that came while an answer was awaited; a test that subscribes and never reads is stopped here.
const MOST_PENDING: usize = 10_000;
/// A list of all entities or states of a test home is far smaller.
const LARGEST_MESSAGE: usize = 64 * 1024 * 1024;

/// A connection that has logged in.
pub struct Websocket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    pending: Vec<Value>,
}

impl Websocket {
    /// Connects to a Home Assistant at `url` (`http://host:port`) and logs in.
    ///
    /// # Errors
    /// `Websocket` when the connection fails, `Refused` when the token is wrong.
    pub async fn connect(url: &str, token: &str) -> Result<Self, Error> {
        let address = format!("{}/api/websocket", url.replacen("http", "ws", 1));
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        in_time("the websocket's login", ANSWER_WITHIN, async {
            let (stream, _) =
                tokio_tungstenite::connect_async_with_config(address, Some(config), true)
                    .await
                    .map_err(Box::new)?;
            let mut socket = Self {
                stream,
                last_id: 0,
                pending: Vec::new(),
            };
            socket.receive().await?;
            socket
                .send(&json!({"type": "auth", "access_token": token}))
                .await?;
            let answer = socket.receive().await?;
            if answer["type"] == "auth_ok" {
                Ok(socket)
            } else {
                Err(Error::refused("the login", &answer))
            }
        })
        .await
    }

    /// Sends a command (without an `id`) and returns its `result`.
    ///
    /// # Errors
    /// `Refused` when Home Assistant answers with an error, `Timeout` after a minute.
    pub async fn command(&mut self, command: &Value) -> Result<Value, Error> {
        self.subscribe(command).await.map(|(_, result)| result)
    }

    /// Sends a command that starts a subscription: returns its id, by which [`Websocket::next_event`] knows its events,
    /// and its `result`.
    ///
    /// # Errors
    /// As [`Websocket::command`].
    pub async fn subscribe(&mut self, command: &Value) -> Result<(u64, Value), Error> {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = command.clone();
        message["id"] = id.into();
        let what = format!("the command {}", command["type"]);
        in_time(&format!("an answer to {what}"), ANSWER_WITHIN, async {
            self.send(&message).await?;
            loop {
                let mut answer = self.receive().await?;
                if answer["type"] != "result" || answer["id"] != id {
                    self.keep(answer)?;
                } else if answer["success"] == true {
                    return Ok((id, answer["result"].take()));
                } else {
                    return Err(Error::refused(&what, &answer["error"]));
                }
            }
        })
        .await
    }

    /// The next event of a subscription.
    ///
    /// # Errors
    /// `Timeout` when none comes in time, `Websocket` when the connection ends.
    pub async fn next_event(
        &mut self,
        subscription: u64,
        within: Duration,
    ) -> Result<Value, Error> {
        let belongs = |message: &Value| message["type"] == "event" && message["id"] == subscription;
        if let Some(found) = self.pending.iter().position(belongs) {
            return Ok(self.pending.remove(found)["event"].take());
        }
        in_time("an event", within, async {
            loop {
                let mut message = self.receive().await?;
                if belongs(&message) {
                    return Ok(message["event"].take());
                }
                self.keep(message)?;
            }
        })
        .await
    }

    fn keep(&mut self, message: Value) -> Result<(), Error> {
        if self.pending.len() >= MOST_PENDING {
            return Err(Error::refused(
                "to keep more events",
                &"a subscription's events are not read",
            ));
        }
        self.pending.push(message);
        Ok(())
    }

    async fn send(&mut self, message: &Value) -> Result<(), Error> {
        Ok(self
            .stream
            .send(Message::text(message.to_string()))
            .await
            .map_err(Box::new)?)
    }

    async fn receive(&mut self) -> Result<Value, Error> {
        loop {
            match self.stream.next().await.transpose().map_err(Box::new)? {
                Some(Message::Text(text)) => return Ok(serde_json::from_str(&text)?),
                Some(_) => {}
                None => return Err(Box::new(tungstenite::Error::ConnectionClosed).into()),
            }
        }
    }
}
