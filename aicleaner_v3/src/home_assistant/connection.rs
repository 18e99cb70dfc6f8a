//! How to reach Home Assistant: through Supervisor or by its own address. Two ways in, one code path behind
//! them. The token leaves here only in an `Authorization` header or in the websocket's first message.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::telemetry::Code;
use crate::tls::{TlsError, client_config};

const SUPERVISOR: &str = "http://supervisor";
/// For the TCP connection and the TLS handshake.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the settings name no way to Home Assistant.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The address is no URL that can be used.
    #[error("the address of Home Assistant must be like http://homeassistant.local:8123: {0}")]
    BadUrl(String),
    /// The token has characters that no token has.
    #[error("the access token of Home Assistant is empty or has characters that no token has")]
    BadToken,
    /// The home's own certificate authority can't be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be set up: {0}")]
    Client(String),
}

impl ConnectionError {
    /// The stable code.
    pub fn code(&self) -> Code {
        Code::SettingsInvalid
    }
}

/// A way to reach Home Assistant. Cheap to clone.
#[derive(Clone)]
pub struct Connection {
    rest: Url,
    websocket: Url,
    token: SecretString,
    tls: Arc<rustls::ClientConfig>,
    http: reqwest::Client,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connection({})", self.rest)
    }
}

impl Connection {
    /// Through Supervisor: `http://supervisor/core/api` and `ws://supervisor/core/websocket`.
    ///
    /// # Errors
    /// When the token can't be one.
    pub fn supervisor(token: &SecretString) -> Result<Self, ConnectionError> {
        Self::supervisor_at(SUPERVISOR, token)
    }

    /// Through Supervisor, whose front is at `base`.
    ///
    /// # Errors
    /// When `base` is no URL or the token can't be one.
    pub fn supervisor_at(base: &str, token: &SecretString) -> Result<Self, ConnectionError> {
        Self::build(base, "core/api/", "core/websocket", token, None)
    }

    /// By Home Assistant's own address, which may have a path, with a long-lived access token. `own_ca_pem`
    /// holds the home's own certificate authority, if it has one.
    ///
    /// # Errors
    /// When the address is no http or https URL, the token can't be one, or the PEM text has no certificate.
    pub fn standalone(
        url: &str,
        token: &SecretString,
        own_ca_pem: Option<&[u8]>,
    ) -> Result<Self, ConnectionError> {
        Self::build(url, "api/", "api/websocket", token, own_ca_pem)
    }

    fn build(
        base: &str,
        rest_path: &str,
        websocket_path: &str,
        token: &SecretString,
        own_ca_pem: Option<&[u8]>,
    ) -> Result<Self, ConnectionError> {
        let base = base_url(base)?;
        let join = |path: &str| {
            base.join(path)
                .map_err(|e| ConnectionError::BadUrl(e.to_string()))
        };
        let rest = join(rest_path)?;
        let mut websocket = join(websocket_path)?;
        let scheme = if base.scheme() == "https" {
            "wss"
        } else {
            "ws"
        };
        websocket
            .set_scheme(scheme)
            .map_err(|()| ConnectionError::BadUrl(format!("no {scheme} address")))?;
        // Copied tokens often end in a line break.
        let token = SecretString::from(token.expose_secret().trim());
        let tls = client_config(own_ca_pem)?;
        let http = http_client(&token, &tls)?;
        Ok(Self {
            rest,
            websocket,
            token,
            tls,
            http,
        })
    }

    /// The client whose every request carries the token: for URLs of [`Self::rest_url`] only.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The URL of a REST path such as `camera_proxy/camera.kitchen`.
    pub(super) fn rest_url(&self, path: &str) -> Result<Url, ConnectionError> {
        self.rest
            .join(path)
            .map_err(|e| ConnectionError::BadUrl(e.to_string()))
    }

    pub(super) fn websocket(&self) -> &Url {
        &self.websocket
    }

    pub(super) fn token(&self) -> &SecretString {
        &self.token
    }

    pub(super) fn tls(&self) -> Arc<rustls::ClientConfig> {
        Arc::clone(&self.tls)
    }
}

/// `text` as a URL that ends in `/`.
pub(super) fn base_url(text: &str) -> Result<Url, ConnectionError> {
    let bad = |why: &str| ConnectionError::BadUrl(why.to_owned());
    let mut url = Url::parse(text.trim()).map_err(|e| bad(&e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("it must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it must hold no user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it must hold no ? or #"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// A client that follows no redirect and uses no proxy, so that the token goes nowhere else.
pub(super) fn http_client(
    token: &SecretString,
    tls: &Arc<rustls::ClientConfig>,
) -> Result<reqwest::Client, ConnectionError> {
    let exposed = token.expose_secret();
    if exposed.is_empty() {
        return Err(ConnectionError::BadToken);
    }
    let mut bearer = HeaderValue::from_str(&format!("Bearer {exposed}"))
        .map_err(|_| ConnectionError::BadToken)?;
    bearer.set_sensitive(true);
    reqwest::Client::builder()
        .tls_backend_preconfigured((**tls).clone())
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(2)
        .user_agent(concat!("AICleaner/", env!("CARGO_PKG_VERSION")))
        .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
        .build()
        .map_err(|e| ConnectionError::Client(e.without_url().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SecretString {
        SecretString::from("abc.def\n")
    }

    #[test]
    fn both_ways_name_the_same_api() {
        let supervised = Connection::supervisor(&token()).unwrap();
        let standalone =
            Connection::standalone("https://home.example:8123/ha", &token(), None).unwrap();

        assert_eq!(supervised.rest.as_str(), "http://supervisor/core/api/");
        assert_eq!(
            supervised.websocket.as_str(),
            "ws://supervisor/core/websocket"
        );
        assert_eq!(
            standalone.rest.as_str(),
            "https://home.example:8123/ha/api/"
        );
        assert_eq!(
            standalone.websocket.as_str(),
            "wss://home.example:8123/ha/api/websocket"
        );
    }

    #[test]
    fn addresses_that_can_not_work_are_refused() {
        for url in [
            "homeassistant.local:8123",
            "ftp://home",
            "http://me:secret@home",
            "http://home/?a=b",
            "",
        ] {
            let error = Connection::standalone(url, &token(), None).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn the_token_is_in_no_debug_text() {
        let connection = Connection::supervisor(&token()).unwrap();

        assert!(!format!("{connection:?} {:?}", connection.http).contains("abc.def"));
    }

    #[test]
    fn an_empty_token_is_refused() {
        assert!(Connection::supervisor(&SecretString::from(" ")).is_err());
    }
}
