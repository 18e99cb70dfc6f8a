//! Opening the websocket and showing the token (`homeassistant/components/websocket_api/auth.py`; through
//! Supervisor `supervisor/api/proxy.py`). What goes wrong is sorted by what it says of Home Assistant.

use std::io::ErrorKind;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
};

use crate::telemetry::Code;

use super::connection::{CONNECT_TIMEOUT, Connection};
use super::messages::AuthMessage;
use super::pace::Met;
use super::status::Unavailable;
use super::text::{LONGEST_MESSAGE, chain, plain};

/// The largest message taken, in bytes. The entity registry of a large home is about 1 MiB.
const LARGEST_MESSAGE: usize = 16 << 20;
/// Home Assistant itself allows 10 s for the whole of it.
const AUTH_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why there is no conversation (any more).
#[derive(Debug)]
pub(super) enum Setback {
    /// The token was refused.
    TokenRefused {
        /// Home Assistant's own words.
        message: String,
    },
    /// Home Assistant is not ready.
    Starting,
    /// Something else.
    Unavailable {
        /// What to tell.
        unavailable: Unavailable,
        /// Whether a host answered.
        met: Met,
    },
}

impl Setback {
    pub(super) fn met(&self) -> Met {
        match self {
            Self::TokenRefused { .. } => Met::TokenRefused,
            Self::Starting => Met::Answer,
            Self::Unavailable { met, .. } => *met,
        }
    }

    /// There was a connection and now there is none.
    pub(super) fn lost(details: impl Into<String>) -> Self {
        Self::unavailable(
            Code::HomeAssistantUnreachable,
            format!("the connection was lost: {}", details.into()),
            Met::Answer,
        )
    }

    /// It answers, but not as Home Assistant does.
    pub(super) fn strange(details: impl Into<String>) -> Self {
        Self::unavailable(Code::HomeAssistantAnswer, details, Met::Answer)
    }

    fn unavailable(code: Code, details: impl Into<String>, met: Met) -> Self {
        Self::Unavailable {
            unavailable: Unavailable {
                code,
                details: details.into(),
            },
            met,
        }
    }

    fn unreachable(details: impl Into<String>, met: Met) -> Self {
        Self::unavailable(Code::HomeAssistantUnreachable, details, met)
    }

    /// The websocket could not be opened.
    fn from_open(error: &Error) -> Self {
        match error {
            Error::Http(response) => Self::from_status(response.status().as_u16()),
            Error::Io(e) if is_certificate_fault(e) => Self::unavailable(
                Code::HomeAssistantUnreachable,
                format!("the certificate is not trusted: {}", chain(error)),
                Met::Answer,
            ),
            Error::Io(e)
                if matches!(
                    e.kind(),
                    ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                        | ErrorKind::UnexpectedEof
                ) =>
            {
                Self::unreachable(chain(error), Met::Answer)
            }
            Error::Io(_) | Error::Tls(_) => Self::unreachable(chain(error), Met::Silence),
            Error::Protocol(_) | Error::ConnectionClosed => {
                Self::unreachable(chain(error), Met::Answer)
            }
            _ => Self::strange(chain(error)),
        }
    }

    /// Something answered the upgrade with an HTTP status.
    fn from_status(status: u16) -> Self {
        match StatusCode::from_u16(status) {
            // Supervisor's proxy until Core's state is RUNNING; other proxies while Core is down.
            Ok(
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
            ) => Self::Starting,
            Ok(StatusCode::UNAUTHORIZED) => Self::TokenRefused {
                message: "HTTP 401".to_owned(),
            },
            Ok(StatusCode::FORBIDDEN) => Self::unavailable(
                Code::HomeAssistantAnswer,
                "HTTP 403: it may have banned this address after failed logins",
                Met::TokenRefused,
            ),
            _ => Self::unavailable(
                Code::HomeAssistantUnreachable,
                format!(
                    "what answers there is not Home Assistant: HTTP {status} for the websocket"
                ),
                Met::Silence,
            ),
        }
    }
}

fn is_certificate_fault(error: &std::io::Error) -> bool {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .is_some_and(|e| matches!(e, rustls::Error::InvalidCertificate(_)))
}

/// Opens the websocket and shows the token.
pub(super) async fn open(connection: &Connection) -> Result<Socket, Setback> {
    let config = WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .write_buffer_size(0)
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    let opening = connect_async_tls_with_config(
        connection.websocket().as_str(),
        Some(config),
        true,
        Some(Connector::Rustls(connection.tls())),
    );
    let mut socket = match timeout(CONNECT_TIMEOUT, Box::pin(opening)).await {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(e)) => return Err(Setback::from_open(&e)),
        Err(_) => {
            return Err(Setback::unreachable(
                format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()),
                Met::Silence,
            ));
        }
    };
    match timeout(AUTH_TIMEOUT, authenticate(&mut socket, connection)).await {
        Ok(Ok(())) => Ok(socket),
        Ok(Err(setback)) => Err(setback),
        Err(_) => Err(Setback::strange("no end of the login within 10 s")),
    }
}

async fn authenticate(socket: &mut Socket, connection: &Connection) -> Result<(), Setback> {
    loop {
        let text = match socket.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => {
                return Err(Setback::lost("closed during the login"));
            }
            Some(Ok(_)) => continue,
            Some(Err(e)) => return Err(Setback::lost(chain(&e))),
        };
        match serde_json::from_str(&text) {
            Ok(AuthMessage::AuthRequired) => {
                let token = connection.token().expose_secret();
                let login = json!({"type": "auth", "access_token": token}).to_string();
                socket
                    .send(Message::text(login))
                    .await
                    .map_err(|e| Setback::lost(chain(&e)))?;
            }
            Ok(AuthMessage::AuthOk) => return Ok(()),
            Ok(AuthMessage::AuthInvalid { message }) => {
                return Err(Setback::TokenRefused {
                    message: plain(&message, LONGEST_MESSAGE),
                });
            }
            Ok(AuthMessage::Other) => {}
            Err(_) => return Err(Setback::strange("no JSON during the login")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_gateway_is_a_home_assistant_that_starts() {
        assert!(matches!(Setback::from_status(502), Setback::Starting));
    }

    #[test]
    fn a_refused_connection_is_an_answer_and_an_unknown_host_is_silence() {
        let refused = Error::Io(ErrorKind::ConnectionRefused.into());
        let unknown = Error::Io(std::io::Error::other("failed to lookup address"));

        assert_eq!(Setback::from_open(&refused).met(), Met::Answer);
        assert_eq!(Setback::from_open(&unknown).met(), Met::Silence);
    }
}
