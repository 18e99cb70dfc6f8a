//! A websocket session: login, then commands in, results and events out, in Home Assistant's order.
//! Service calls run beside it, so that a slow one delays nothing; their results come when they come.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::bus::PENDING;
use super::commands;
use super::inner::Inner;
use super::session::Session;

/// How long a client may take to log in (`AUTH_MESSAGE_TIMEOUT`).
const LOGIN_TIME: Duration = Duration::from_secs(10);
/// The largest message a client may send.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// `GET /api/websocket`.
pub(super) async fn upgrade(
    State(inner): State<Arc<Inner>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .max_message_size(MAX_MESSAGE)
        .on_upgrade(move |socket| serve(inner, socket))
}

async fn serve(inner: Arc<Inner>, mut socket: WebSocket) {
    let logged_in = tokio::time::timeout(LOGIN_TIME, login(&inner, &mut socket)).await;
    if matches!(logged_in, Ok(true)) {
        let (out, pending) = mpsc::channel(PENDING);
        let (number, cut) = inner.world().bus.join(out);
        let session = Session {
            inner: Arc::clone(&inner),
            number,
            last_id: 0,
        };
        session.run(&mut socket, pending, cut).await;
        inner.world().bus.leave(number);
    }
    // The client may be gone already; then there is nobody to say goodbye to.
    let _ = socket.send(Message::Close(None)).await;
}

async fn login(inner: &Inner, socket: &mut WebSocket) -> bool {
    let version = inner.world().config.version.clone();
    let hello = json!({"type": "auth_required", "ha_version": version});
    if !say(socket, &hello).await {
        return false;
    }
    let Some(Ok(Message::Text(text))) = socket.recv().await else {
        return false;
    };
    let message: Value = serde_json::from_str(&text).unwrap_or_default();
    if message["type"] != "auth" {
        let text = "Auth message incorrectly formatted: required key not provided @ data['type']";
        say(socket, &json!({"type": "auth_invalid", "message": text})).await;
        return false;
    }
    let token = message["access_token"].as_str().unwrap_or_default();
    if inner.knows_token(token) {
        return say(socket, &json!({"type": "auth_ok", "ha_version": version})).await;
    }
    let text = "Invalid access token or password";
    say(socket, &json!({"type": "auth_invalid", "message": text})).await;
    false
}

async fn say(socket: &mut WebSocket, message: &Value) -> bool {
    let text = Message::Text(message.to_string().into());
    socket.send(text).await.is_ok()
}

impl Session {
    async fn run(
        mut self,
        socket: &mut WebSocket,
        mut pending: mpsc::Receiver<String>,
        cut: CancellationToken,
    ) {
        loop {
            tokio::select! {
                () = cut.cancelled() => break,
                message = pending.recv() => {
                    let Some(message) = message else { return };
                    if socket.send(Message::Text(message.into())).await.is_err() {
                        return;
                    }
                }
                received = socket.recv() => match received {
                    Some(Ok(Message::Text(text))) => self.receive(&text),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    _ => return,
                },
            }
        }
        // What was said before the cut still reaches the client.
        while let Ok(message) = pending.try_recv() {
            if socket.send(Message::Text(message.into())).await.is_err() {
                return;
            }
        }
    }

    /// Handles one message, with the checks of `ActiveConnection.async_handle`.
    fn receive(&mut self, text: &str) {
        let message: Value = serde_json::from_str(text).unwrap_or_default();
        let id = message["id"].as_u64().filter(|id| *id > 0);
        let (Some(id), Some(kind)) = (id, message["type"].as_str()) else {
            let id = message["id"].clone();
            self.refuse(&id, "invalid_format", "Message incorrectly formatted.");
            return;
        };
        if id <= self.last_id {
            let text = "Identifier values have to increase.";
            self.refuse(&id.into(), "id_reuse", text);
            return;
        }
        if !commands::is_known(&self.inner.world(), kind) {
            self.refuse(&id.into(), "unknown_command", "Unknown command.");
            return;
        }
        commands::run(self, id, kind, &message);
        self.last_id = id;
    }
}
