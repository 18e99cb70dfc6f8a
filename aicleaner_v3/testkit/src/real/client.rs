//! What a test asks of a running Home Assistant: its REST API, one-shot websocket commands, and waiting for a state.
//! Must never retry by itself: a test sees every failure.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{RequestBuilder, Response, multipart};
use serde_json::{Value, json};

use super::{Error, Websocket, in_time};

/// How long one request may take: an AI task with a slow model is the longest.
const REQUEST_WITHIN: Duration = Duration::from_secs(120);

/// A logged-in user of one Home Assistant.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    /// A client of the Home Assistant at `url` (`http://host:port`, no slash at the end). It asks nothing yet.
    ///
    /// # Errors
    /// `Http` when no HTTP client can be made.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Result<Self, Error> {
        Ok(Self {
            http: http_client()?,
            url: url.into(),
            token: token.into(),
        })
    }

    /// Where it is, as `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The bearer token: of this throw-away home only.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The answer to `GET path` (with its leading slash) as JSON.
    ///
    /// # Errors
    /// `Refused` for a status other than 2xx.
    pub async fn rest_get(&self, path: &str) -> Result<Value, Error> {
        let response = self.send(self.http.get(self.address(path)), path).await?;
        Ok(response.json().await?)
    }

    /// The answer to `POST path` as JSON.
    ///
    /// # Errors
    /// `Refused` for a status other than 2xx.
    pub async fn rest_post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let response = self
            .send(self.http.post(self.address(path)).json(body), path)
            .await?;
        Ok(response.json().await?)
    }

    /// The content type and the bytes of `GET path`.
    ///
    /// # Errors
    /// `Refused` for a status other than 2xx.
    pub async fn get_bytes(&self, path: &str) -> Result<(String, Bytes), Error> {
        let response = self.send(self.http.get(self.address(path)), path).await?;
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok((content_type, response.bytes().await?))
    }

    /// Uploads a picture to the `image_upload` integration: its description, with the `id`.
    ///
    /// # Errors
    /// `Refused` for a picture that Home Assistant does not take.
    pub async fn upload_image(
        &self,
        name: &str,
        content_type: &str,
        picture: Vec<u8>,
    ) -> Result<Value, Error> {
        const PATH: &str = "/api/image/upload";
        let part = multipart::Part::bytes(picture)
            .file_name(name.to_owned())
            .mime_str(content_type)?;
        let form = multipart::Form::new().part("file", part);
        let response = self
            .send(self.http.post(self.address(PATH)).multipart(form), PATH)
            .await?;
        Ok(response.json().await?)
    }

    /// Calls a service. The answer lists the states that changed meanwhile.
    ///
    /// # Errors
    /// `Refused` when Home Assistant rejects the call.
    pub async fn call_service(
        &self,
        domain: &str,
        service: &str,
        data: &Value,
    ) -> Result<Value, Error> {
        self.rest_post(&format!("/api/services/{domain}/{service}"), data)
            .await
    }

    /// Calls a service that answers, such as `todo.get_items`, and returns what it answers.
    ///
    /// # Errors
    /// `Refused` when Home Assistant rejects the call.
    pub async fn call_service_for_response(
        &self,
        domain: &str,
        service: &str,
        data: &Value,
    ) -> Result<Value, Error> {
        let mut answer = self
            .rest_post(
                &format!("/api/services/{domain}/{service}?return_response"),
                data,
            )
            .await?;
        Ok(answer["service_response"].take())
    }

    /// All states.
    ///
    /// # Errors
    /// `Http` or `Refused`.
    pub async fn states(&self) -> Result<Vec<Value>, Error> {
        Ok(serde_json::from_value(self.rest_get("/api/states").await?)?)
    }

    /// The state object of an entity, if it has one.
    ///
    /// # Errors
    /// `Http` or `Refused`.
    pub async fn state(&self, entity: &str) -> Result<Option<Value>, Error> {
        let states = self.states().await?;
        Ok(states
            .into_iter()
            .find(|state| state["entity_id"] == entity))
    }

    /// Waits until the state object of an entity (`null` while it has none) satisfies `wanted`, and returns it.
    ///
    /// # Errors
    /// `Timeout` when it does not come to that.
    pub async fn wait_for_state(
        &self,
        entity: &str,
        within: Duration,
        wanted: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Value, Error> {
        let what = format!("the wanted state of {entity}");
        in_time(&what, within, async {
            let mut socket = self.websocket().await?;
            let (changes, _) = socket
                .subscribe(&json!({"type": "subscribe_events", "event_type": "state_changed"}))
                .await?;
            let mut state = self.state(entity).await?.unwrap_or_default();
            while !wanted(&state) {
                let mut event = socket.next_event(changes, within).await?;
                if event["data"]["entity_id"] == entity {
                    state = event["data"]["new_state"].take();
                }
            }
            Ok(state)
        })
        .await
    }

    /// The `result` of one websocket command (given without an `id`), over a connection of its own.
    ///
    /// # Errors
    /// `Refused` when Home Assistant answers with an error.
    pub async fn ws_command(&self, command: &Value) -> Result<Value, Error> {
        self.websocket().await?.command(command).await
    }

    /// A websocket that has logged in, for subscriptions.
    ///
    /// # Errors
    /// As [`Websocket::connect`].
    pub async fn websocket(&self) -> Result<Websocket, Error> {
        Websocket::connect(&self.url, &self.token).await
    }

    /// All entities that Home Assistant has registered.
    ///
    /// # Errors
    /// As [`Client::ws_command`].
    pub async fn entity_registry(&self) -> Result<Vec<Value>, Error> {
        Ok(serde_json::from_value(
            self.ws_command(&json!({"type": "config/entity_registry/list"}))
                .await?,
        )?)
    }

    /// All devices that Home Assistant has registered.
    ///
    /// # Errors
    /// As [`Client::ws_command`].
    pub async fn device_registry(&self) -> Result<Vec<Value>, Error> {
        Ok(serde_json::from_value(
            self.ws_command(&json!({"type": "config/device_registry/list"}))
                .await?,
        )?)
    }

    /// Waits until Home Assistant has started in full.
    ///
    /// # Errors
    /// `Timeout` when it does not.
    pub async fn wait_until_running(&self, within: Duration) -> Result<(), Error> {
        in_time("Home Assistant's state RUNNING", within, async {
            let mut socket = self.websocket().await?;
            let (started, _) = socket
                .subscribe(
                    &json!({"type": "subscribe_events", "event_type": "homeassistant_started"}),
                )
                .await?;
            if socket.command(&json!({"type": "get_config"})).await?["state"] != "RUNNING" {
                socket.next_event(started, within).await?;
            }
            Ok(())
        })
        .await
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn send(&self, request: RequestBuilder, path: &str) -> Result<Response, Error> {
        let request = if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        };
        let response = request.send().await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(Error::refused(
            path,
            &format!("{status}: {}", response.text().await?),
        ))
    }

    /// Posts a form, as the token endpoint wants it.
    pub(super) async fn post_form(&self, path: &str, form: String) -> Result<Value, Error> {
        let request = self
            .http
            .post(self.address(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        Ok(self.send(request, path).await?.json().await?)
    }
}

/// These clients speak plain HTTP to loopback only, but reqwest wants a TLS configuration: one that trusts nobody.
fn http_client() -> Result<reqwest::Client, Error> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::refused("a TLS configuration", &error))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .no_proxy()
        .timeout(REQUEST_WITHIN)
        .tls_backend_preconfigured(tls)
        .build()?)
}
