//! Supervisor's own API, as far as needed (`supervisor/api/services.py`, `supervisor/services/modules/mqtt.py`,
//! `supervisor/api/utils.py`): the broker that the home offers, and what Supervisor says of us.

use std::fmt;
use std::time::Duration;

use reqwest::{StatusCode, Url};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::time::timeout;

use crate::tls::client_config;

use super::connection::{ConnectionError, base_url, http_client};
use super::error::HomeError;
use super::rest::{BodyError, bounded_body};
use super::text::chain;

const SUPERVISOR: &str = "http://supervisor";
const TIMEOUT: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 1 << 20;

/// The broker that another app offers.
#[derive(Debug, Clone, Deserialize)]
pub struct MqttService {
    /// Which app offers it.
    #[serde(alias = "addon", default)]
    pub app: String,
    /// Its host.
    pub host: String,
    /// Its port.
    #[serde(deserialize_with = "port")]
    pub port: u16,
    /// The user name.
    #[serde(default)]
    pub username: Option<String>,
    /// The password.
    #[serde(default, deserialize_with = "secret")]
    pub password: Option<SecretString>,
    /// Whether it speaks TLS.
    #[serde(default)]
    pub ssl: bool,
}

/// What Supervisor says of us.
#[derive(Debug, Clone, Deserialize)]
pub struct SelfInfo {
    /// Our slug, such as `a1b2c3d4_aicleaner_v3`.
    #[serde(default)]
    pub slug: String,
    /// Our version as installed.
    #[serde(default)]
    pub version: Option<String>,
    /// Our host name.
    #[serde(default)]
    pub hostname: Option<String>,
    /// The path of our page in Home Assistant.
    #[serde(default)]
    pub ingress_url: Option<String>,
}

/// Supervisor's answers: `{"result":"ok","data":…}` or `{"result":"error","message":…}`.
#[derive(Deserialize)]
struct Reply<T> {
    result: String,
    data: Option<T>,
    #[serde(default)]
    message: Option<String>,
}

/// Ports are numbers in Supervisor's code and texts in its documentation.
fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Port {
        Number(u16),
        Text(String),
    }
    match Port::deserialize(deserializer)? {
        Port::Number(port) => Ok(port),
        Port::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| text.map(SecretString::from))
}

/// Supervisor. Cheap to clone.
#[derive(Clone)]
pub struct Supervisor {
    base: Url,
    http: reqwest::Client,
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Supervisor({})", self.base)
    }
}

impl Supervisor {
    /// At `http://supervisor`.
    ///
    /// # Errors
    /// When the token can't be one.
    pub fn new(token: &SecretString) -> Result<Self, ConnectionError> {
        Self::at(SUPERVISOR, token)
    }

    /// At `base`.
    ///
    /// # Errors
    /// When `base` is no URL or the token can't be one.
    pub fn at(base: &str, token: &SecretString) -> Result<Self, ConnectionError> {
        Ok(Self {
            base: base_url(base)?,
            http: http_client(token, &client_config(None)?)?,
        })
    }

    /// The broker that the home offers; none when no app offers one.
    ///
    /// # Errors
    /// When Supervisor is away or refuses.
    pub async fn mqtt(&self) -> Result<Option<MqttService>, HomeError> {
        match self.get("services/mqtt").await {
            Ok(service) => Ok(Some(service)),
            Err(HomeError::Refused { message, .. }) if message.contains("not enabled") => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// What Supervisor says of us.
    ///
    /// # Errors
    /// When Supervisor is away or refuses.
    pub async fn self_info(&self) -> Result<SelfInfo, HomeError> {
        self.get("addons/self/info").await
    }

    /// Our options as they are now (`supervisor/api/apps.py`, `options_config`), with secrets in their places.
    ///
    /// # Errors
    /// When Supervisor is away or the options do not fit their schema.
    pub async fn options(&self) -> Result<Value, HomeError> {
        self.get("addons/self/options/config").await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, HomeError> {
        match timeout(TIMEOUT, self.get_unhurried(path)).await {
            Ok(answer) => answer,
            Err(_) => Err(HomeError::TimedOut {
                what: path.to_owned(),
                after: TIMEOUT,
            }),
        }
    }

    async fn get_unhurried<T: DeserializeOwned>(&self, path: &str) -> Result<T, HomeError> {
        let unreachable = |details: String| HomeError::Unreachable { details };
        let url = self
            .base
            .join(path)
            .map_err(|e| unreachable(e.to_string()))?;
        let response = self
            .http
            .get(url)
            .send()
            .await
            .map_err(|e| unreachable(chain(&e.without_url())))?;
        let status = response.status();
        let body = bounded_body(response, LARGEST_ANSWER)
            .await
            .map_err(|e| match e {
                BodyError::TooLarge => HomeError::AnswerTooLarge {
                    what: path.to_owned(),
                    limit: LARGEST_ANSWER,
                },
                BodyError::Broken(details) => unreachable(details),
            })?;
        read(path, status, &body)
    }
}

fn read<T: DeserializeOwned>(path: &str, status: StatusCode, body: &[u8]) -> Result<T, HomeError> {
    if status == StatusCode::UNAUTHORIZED {
        return Err(HomeError::TokenRefused);
    }
    let reply: Reply<Value> = match serde_json::from_slice(body) {
        Ok(reply) => reply,
        Err(_) if !status.is_success() => {
            return Err(HomeError::Unexpected {
                what: path.to_owned(),
                details: format!("HTTP {}", status.as_u16()),
            });
        }
        Err(e) => return Err(HomeError::unreadable(path, &e)),
    };
    if reply.result == "ok" {
        serde_json::from_value(reply.data.unwrap_or_default())
            .map_err(|e| HomeError::unreadable(path, &e))
    } else {
        let message = reply.message.unwrap_or_else(|| format!("HTTP {status}"));
        let code = if status == StatusCode::FORBIDDEN {
            "not_allowed"
        } else {
            "home_assistant_error"
        };
        Err(HomeError::refused(path, code, &message))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn mqtt(body: &str) -> Result<MqttService, HomeError> {
        read("services/mqtt", StatusCode::OK, body.as_bytes())
    }

    #[test]
    fn both_forms_of_the_broker_are_read() {
        for (key, port) in [("addon", "1883"), ("app", r#""1883""#)] {
            let service = mqtt(&format!(
                r#"{{"result":"ok","data":{{"{key}":"core_mosquitto","host":"core-mosquitto","port":{port},"username":"addons","password":"hidden!","ssl":false,"protocol":"3.1.1"}}}}"#
            ))
            .unwrap();

            assert_eq!(
                (service.app.as_str(), service.port),
                ("core_mosquitto", 1883)
            );
            assert!(!format!("{service:?}").contains("hidden!"));
            assert_eq!(service.password.unwrap().expose_secret(), "hidden!");
        }
    }

    #[test]
    fn a_refusal_keeps_supervisors_words() {
        let error = read::<SelfInfo>(
            "services/mqtt",
            StatusCode::BAD_REQUEST,
            br#"{"result":"error","message":"Service not enabled"}"#,
        )
        .unwrap_err();

        assert!(error.to_string().contains("Service not enabled"));
    }

    #[test]
    fn a_broken_answer_does_not_show_the_password() {
        let error = mqtt(r#"{"result":"ok","data":{"host":"h","port":1,"password":["hidden!"]}}"#)
            .unwrap_err();

        assert!(!format!("{error:?}").contains("hidden!"), "{error:?}");
    }
}
