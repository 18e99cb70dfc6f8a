//! The one HTTP helper of all services: keys in headers marked sensitive, bodies bounded, no redirect and no
//! proxy, so that key and picture go nowhere else. Knows no service's format.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::error::{Charge, Fault, ProviderError};
use super::text::own_words;
use crate::clock::Clock;
use crate::telemetry::Redactor;

/// The largest answer that is taken, in bytes. A verdict of 50 findings has less than 20 kB.
pub const LARGEST_BODY: usize = 1 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time that a service may ask us to wait; longer is taken for a mistake.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);
/// The most of a service's own words that is kept, in characters.
const LONGEST_WORDS: usize = 300;

/// A service as it is reached.
#[derive(Clone)]
pub struct Service {
    client: reqwest::Client,
    base: Url,
    redactor: Redactor,
    clock: Clock,
}

/// What a service is reached with.
pub struct Access<'a> {
    /// Its address without the last part of the path.
    pub base: Url,
    /// Headers that stay the same; secret ones are never shown.
    pub headers: Vec<(HeaderName, &'a SecretString)>,
    /// For `https`.
    pub tls: &'a Arc<rustls::ClientConfig>,
    /// For dates in answers.
    pub clock: Clock,
}

/// Why a service can't be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The key has characters that no header can carry.
    #[error("the key holds characters that can't be sent")]
    Key,
    /// The HTTP client could not be made.
    #[error("the connection could not be prepared: {0}")]
    Client(String),
    /// Its settings did not pass the check.
    #[error("its settings were not checked")]
    NotChecked,
}

/// An answer of a service, good or bad.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// How long the service asks us to wait.
    pub retry_after: Option<Duration>,
    /// At most [`LARGEST_BODY`] bytes.
    pub body: Bytes,
    /// When it was there.
    pub at: Timestamp,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Service({})", self.base)
    }
}

impl Service {
    /// A service reached through `access`.
    ///
    /// # Errors
    /// When a key can't stand in a header.
    pub fn new(access: Access<'_>) -> Result<Self, SetupError> {
        let redactor = Redactor::default();
        let mut headers = HeaderMap::new();
        for (name, secret) in access.headers {
            redactor.register(secret);
            let mut value =
                HeaderValue::from_str(secret.expose_secret()).map_err(|_| SetupError::Key)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured((**access.tls).clone())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("AICleaner/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .build()
            .map_err(|e| SetupError::Client(e.without_url().to_string()))?;
        Ok(Self {
            client,
            base: access.base,
            redactor,
            clock: access.clock,
        })
    }

    /// Also blots `secret` out of the service's own words.
    pub fn hide(&self, secret: &SecretString) {
        self.redactor.register(secret);
    }

    /// Asks for `path` below the base address.
    ///
    /// # Errors
    /// When the service can't be reached, the connection breaks, or the answer is too large.
    pub async fn get(&self, path: &str) -> Result<Answered, ProviderError> {
        self.send(Method::GET, path, None).await
    }

    /// Posts `body` as JSON to `path` below the base address.
    ///
    /// # Errors
    /// When the service can't be reached, the connection breaks, or the answer is too large.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answered, ProviderError> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answered, ProviderError> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
        let mut request = self.client.request(method, url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|e| {
            let charge = match e.is_connect() {
                true => Charge::Nothing,
                false => Charge::Worst,
            };
            self.network(e, charge)
        })?;
        let status = response.status().as_u16();
        let at = self.clock.now();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| wait(text, at));
        let body = self.body(response).await?;
        Ok(Answered {
            status,
            retry_after,
            body,
            at,
        })
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<Bytes, ProviderError> {
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_BODY => {
                    return Err(ProviderError::bad_answer(
                        format!("it is larger than {LARGEST_BODY} bytes"),
                        None,
                    ));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(e) => return Err(self.network(e, Charge::Worst)),
            }
        }
    }

    fn network(&self, error: reqwest::Error, charge: Charge) -> ProviderError {
        let error = error.without_url();
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            text = format!("{text}: {next}");
            cause = next.source();
        }
        ProviderError {
            fault: Fault::Network,
            charge,
            details: self.words(&text),
        }
    }

    /// A service's own words: without keys, on one line, cut.
    pub fn words(&self, text: &str) -> String {
        own_words(&self.redactor.redact(text), LONGEST_WORDS)
    }

    /// The error of a status that is no success, as far as the status alone tells it.
    pub fn refusal(&self, answered: &Answered, told: &str) -> ProviderError {
        let retry_after = answered.retry_after;
        let fault = match answered.status {
            401 | 403 => Fault::BadKey,
            402 => Fault::Quota { resets_at: None },
            404 => Fault::NoSuchModel,
            408 | 425 => Fault::Overloaded { retry_after },
            429 => Fault::RateLimited { retry_after },
            500..=599 => Fault::Overloaded { retry_after },
            _ => Fault::Rejected,
        };
        let words = self.words(told);
        ProviderError::unpaid(
            fault,
            format!("status {}: {words}", answered.status).trim_end_matches(": "),
        )
    }
}

impl Answered {
    /// Whether the service says that all went well.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none: often a web page of something in between.
    pub fn expect_json(&self) -> Result<Value, ProviderError> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let found = match self.body.trim_ascii_start() {
                [] => "nothing",
                [b'<', ..] => "a web page",
                _ => "something that is no JSON",
            };
            ProviderError::bad_answer(format!("the service sent {found}"), None)
        })
    }

    /// What the service tells about a fault, wherever the usual services put it.
    pub fn told(&self) -> String {
        let json = self.json();
        let places = ["/error/message", "/error", "/message", "/detail"];
        let told = places
            .iter()
            .find_map(|place| json.pointer(place).and_then(Value::as_str));
        match told {
            Some(told) => told.to_owned(),
            None if self.body.trim_ascii_start().starts_with(b"<") => "a web page".to_owned(),
            None => String::from_utf8_lossy(&self.body[..self.body.len().min(1000)]).into_owned(),
        }
    }
}

/// `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
        }
    };
    (wait <= LONGEST_WAIT).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-20T07:00:00Z".parse().unwrap();

        assert_eq!(wait("30", now), Some(Duration::from_secs(30)));
        assert_eq!(wait("0.5", now), Some(Duration::from_millis(500)));
        assert_eq!(
            wait("Fri, 20 Nov 2026 07:01:30 GMT", now),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            wait("Fri, 20 Nov 2026 06:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        for senseless in ["", "soon", "-5", "1e99", "999999999", "NaN"] {
            assert_eq!(wait(senseless, now), None, "{senseless}");
        }
    }
}
