//! `/core/websocket`: a login with the app's token, then every message passed on to the home and back.
//! 502 before the upgrade while Home Assistant is not RUNNING.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::proxy::bad_gateway;
use super::state::Inner;

type ToHome = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long an app may take to log in.
const LOGIN_TIME: Duration = Duration::from_secs(10);

pub(super) async fn upgrade(
    State(inner): State<Arc<Inner>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !inner.core_is_ready() {
        return bad_gateway();
    }
    upgrade.on_upgrade(move |socket| serve(inner, socket))
}

async fn serve(inner: Arc<Inner>, mut app: WebSocket) {
    let logged_in = tokio::time::timeout(LOGIN_TIME, login(&inner, &mut app)).await;
    if matches!(logged_in, Ok(true))
        && let Some(home) = connect(&inner).await
    {
        relay(&mut app, home).await;
    }
    // The app may be gone already; then there is nobody to say goodbye to.
    let _ = app.send(Message::Close(None)).await;
}

async fn login(inner: &Inner, app: &mut WebSocket) -> bool {
    let version = inner.home.world().config.version.clone();
    let hello = json!({"type": "auth_required", "ha_version": version});
    if !say(app, &hello).await {
        return false;
    }
    let Some(Ok(Message::Text(text))) = app.recv().await else {
        return false;
    };
    let message: Value = serde_json::from_str(&text).unwrap_or_default();
    if message["access_token"] == inner.token.as_str() {
        return say(app, &json!({"type": "auth_ok", "ha_version": version})).await;
    }
    say(
        app,
        &json!({"type": "auth_invalid", "message": "Invalid access"}),
    )
    .await;
    false
}

async fn say(app: &mut WebSocket, message: &Value) -> bool {
    let text = Message::Text(message.to_string().into());
    app.send(text).await.is_ok()
}

/// Logs in at the home with the home's own token.
async fn connect(inner: &Inner) -> Option<ToHome> {
    let url = format!("ws://{}/api/websocket", inner.home_addr);
    let (mut home, _response) = connect_async(url).await.ok()?;
    home.next().await?.ok()?;
    let token = inner.home.world().token.clone().unwrap_or_default();
    let auth = json!({"type": "auth", "access_token": token}).to_string();
    home.send(tungstenite::Message::Text(auth.into()))
        .await
        .ok()?;
    let answer = home.next().await?.ok()?;
    let answer: Value = serde_json::from_str(answer.to_text().ok()?).ok()?;
    (answer["type"] == "auth_ok").then_some(home)
}

async fn relay(app: &mut WebSocket, mut home: ToHome) {
    loop {
        let passed = tokio::select! {
            from_app = app.recv() => match from_app {
                Some(Ok(Message::Text(text))) => {
                    let text = tungstenite::Message::Text(text.as_str().into());
                    home.send(text).await.is_ok()
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
                _ => false,
            },
            from_home = home.next() => match from_home {
                Some(Ok(tungstenite::Message::Text(text))) => {
                    app.send(Message::Text(text.as_str().into())).await.is_ok()
                }
                Some(Ok(tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_))) => true,
                _ => false,
            },
        };
        if !passed {
            return;
        }
    }
}
