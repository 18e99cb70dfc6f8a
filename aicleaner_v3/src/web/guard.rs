//! Who may open the page: Supervisor's ingress, this machine, or whoever knows the password.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use crate::model::Actor;

/// Ingress comes from this address alone (Supervisor's documentation of ingress).
const INGRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(172, 30, 32, 2));

/// Who may open the page.
#[derive(Debug, Clone)]
pub enum Guard {
    /// Supervisor's ingress, which has checked the login, and nobody else.
    Ingress,
    /// This machine.
    Loopback,
    /// Whoever knows the password (HTTP basic authentication, any user name).
    Password(SecretString),
}

/// The longest name of a user that is kept, in characters.
const LONGEST_NAME: usize = 100;

impl Guard {
    /// Who asks: ingress says which user it is (`supervisor/api/ingress.py`); elsewhere anybody could.
    fn actor(&self, headers: &HeaderMap) -> Actor {
        let named = |header: &str| {
            let name = String::from_utf8_lossy(headers.get(header)?.as_bytes());
            let name: String = name.trim().chars().take(LONGEST_NAME).collect();
            (!name.is_empty()).then_some(name)
        };
        let user = match self {
            Self::Ingress => {
                named("X-Remote-User-Display-Name").or_else(|| named("X-Remote-User-Name"))
            }
            Self::Loopback | Self::Password(_) => None,
        };
        user.map_or(Actor::Api, Actor::User)
    }

    fn refusal(&self, peer: IpAddr, authorization: Option<&str>) -> Option<Response> {
        match self {
            Self::Ingress if peer.to_canonical() == INGRESS => None,
            Self::Ingress => Some(
                (
                    StatusCode::FORBIDDEN,
                    "Open AICleaner from Home Assistant's sidebar.",
                )
                    .into_response(),
            ),
            Self::Loopback if peer.to_canonical().is_loopback() => None,
            Self::Loopback => Some(
                (
                    StatusCode::FORBIDDEN,
                    "This page can be opened on this machine only.",
                )
                    .into_response(),
            ),
            Self::Password(password)
                if authorization.is_some_and(|given| knows(given, password)) =>
            {
                None
            }
            Self::Password(_) => {
                let ask = [(
                    header::WWW_AUTHENTICATE,
                    "Basic realm=\"AICleaner\", charset=\"UTF-8\"",
                )];
                Some((StatusCode::UNAUTHORIZED, ask, "The password is needed.").into_response())
            }
        }
    }
}

fn knows(authorization: &str, password: &SecretString) -> bool {
    let given = authorization
        .strip_prefix("Basic ")
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok())
        .and_then(|decoded| String::from_utf8(decoded).ok());
    let Some(given) = given else { return false };
    let Some((_, given)) = given.split_once(':') else {
        return false;
    };
    // Takes as long for a near miss as for any other of that length.
    given
        .as_bytes()
        .ct_eq(password.expose_secret().as_bytes())
        .into()
}

/// Lets a request in with the [`Actor`] that it comes from, or answers why not.
pub async fn check(
    State(guard): State<Guard>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let authorization = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    match guard.refusal(peer.ip(), authorization) {
        Some(refusal) => refusal,
        None => {
            let actor = guard.actor(request.headers());
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(guard: &Guard, peer: &str, authorization: Option<&str>) -> Option<StatusCode> {
        guard
            .refusal(peer.parse().unwrap(), authorization)
            .map(|response| response.status())
    }

    #[test]
    fn as_an_app_only_ingress_comes_in() {
        assert_eq!(refused(&Guard::Ingress, "172.30.32.2", None), None);
        assert_eq!(refused(&Guard::Ingress, "::ffff:172.30.32.2", None), None);
        for other in ["172.30.32.1", "127.0.0.1", "192.168.1.5", "::1"] {
            assert_eq!(
                refused(&Guard::Ingress, other, None),
                Some(StatusCode::FORBIDDEN),
                "{other}"
            );
        }
    }

    #[test]
    fn standalone_this_machine_or_the_password_comes_in() {
        assert_eq!(refused(&Guard::Loopback, "127.0.0.1", None), None);
        assert_eq!(
            refused(&Guard::Loopback, "192.168.1.5", None),
            Some(StatusCode::FORBIDDEN)
        );

        let guard = Guard::Password(SecretString::from("pass:word"));
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(
            refused(&guard, "192.168.1.5", Some(&basic("me:pass:word"))),
            None
        );
        for wrong in [
            None,
            Some(basic("me:password")),
            Some(basic("pass:word")),
            Some("Basic ?".to_owned()),
            Some("Bearer x".to_owned()),
        ] {
            assert_eq!(
                refused(&guard, "127.0.0.1", wrong.as_deref()),
                Some(StatusCode::UNAUTHORIZED),
                "{wrong:?}"
            );
        }
    }
}
