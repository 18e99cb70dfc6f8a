//! Service calls, from REST and websocket alike: looked up, checked, run, recorded.
//! Errors carry what both ways need to answer as Home Assistant does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::World;
use super::{Inner, ai_task, evaluate, notifications, todo_services};

/// A service call as it arrived.
#[derive(Clone, Debug)]
pub struct ServiceCall {
    /// The domain, such as `todo`.
    pub domain: String,
    /// The service, such as `add_item`.
    pub service: String,
    /// Its data, with the target's entities merged in.
    pub data: Value,
    /// When it arrived.
    pub at: Instant,
}

/// A fault that strikes one call of a service.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It fails with this message and does nothing.
    Refuse(String),
    /// It is done, but it fails with this message all the same.
    DoAndRefuse(String),
    /// It is done, but the answer never comes.
    LoseAnswer,
    /// It is done, but only after a while.
    Delay(Duration),
}

/// Where Home Assistant's frontend finds the words of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) domain: String,
    pub(super) key: String,
    pub(super) placeholders: Value,
}

/// Why a service call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ServiceError {
    NotFound {
        domain: String,
        service: String,
    },
    Invalid(String),
    Validation {
        message: String,
        translation: Translation,
    },
    HomeAssistant {
        message: String,
        translation: Option<Translation>,
    },
    /// An exception that Home Assistant did not expect; REST hides its message.
    Unexpected(String),
}

impl Translation {
    pub(super) fn new(domain: &str, key: &str, placeholders: Value) -> Self {
        Self {
            domain: domain.to_owned(),
            key: key.to_owned(),
            placeholders,
        }
    }

    fn added_to(&self, mut error: Value) -> Value {
        error["translation_key"] = self.key.clone().into();
        error["translation_domain"] = self.domain.clone().into();
        error["translation_placeholders"] = self.placeholders.clone();
        error
    }
}

impl ServiceError {
    pub(super) fn invalid(message: &str) -> Self {
        Self::Invalid(message.to_owned())
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::Invalid(format!("required key not provided @ data['{field}']"))
    }

    pub(super) fn validation(domain: &str, key: &str, message: &str, placeholders: Value) -> Self {
        Self::Validation {
            message: message.to_owned(),
            translation: Translation::new(domain, key, placeholders),
        }
    }

    /// An error that Home Assistant expects and does not translate.
    pub(super) fn expected(message: impl Into<String>) -> Self {
        Self::HomeAssistant {
            message: message.into(),
            translation: None,
        }
    }

    /// The `error` of a websocket result (`websocket_api/commands.py`).
    pub(super) fn to_websocket(&self) -> Value {
        match self {
            Self::NotFound { domain, service } => {
                let placeholders = json!({"domain": domain, "service": service});
                let message = format!("Service {domain}.{service} not found.");
                Translation::new("homeassistant", "service_not_found", placeholders)
                    .added_to(json!({"code": "not_found", "message": message}))
            }
            Self::Invalid(message) => json!({"code": "invalid_format", "message": message}),
            Self::Validation {
                message,
                translation,
            } => translation.added_to(json!({
                "code": "service_validation_error",
                "message": format!("Validation error: {message}"),
            })),
            Self::HomeAssistant {
                message,
                translation,
            } => {
                let error = json!({"code": "home_assistant_error", "message": message});
                match translation {
                    Some(translation) => translation.added_to(error),
                    None => error,
                }
            }
            Self::Unexpected(message) => json!({"code": "unknown_error", "message": message}),
        }
    }
}

/// Whether a service answers with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Responds {
    Never,
    Always,
}

impl World {
    /// What is known of a service, if it exists now.
    fn service(&self, domain: &str, service: &str) -> Option<Responds> {
        let always_there = matches!(
            (domain, service),
            (
                "persistent_notification",
                "create" | "dismiss" | "dismiss_all"
            ) | ("homeassistant", "restart" | "stop" | "update_entity")
        );
        if always_there {
            return Some(Responds::Never);
        }
        if !self.integrations_loaded() {
            return None;
        }
        match (domain, service) {
            ("todo", "get_items") | ("ai_task", "generate_data" | "evaluate") => {
                Some(Responds::Always)
            }
            ("todo", "add_item" | "update_item" | "remove_item" | "remove_completed_items")
            | ("notify", "send_message") => Some(Responds::Never),
            ("vacuum", name) if super::vacuum::has_service(name) => Some(Responds::Never),
            ("notify", name) if self.notifiers.iter().any(|known| known == name) => {
                Some(Responds::Never)
            }
            _ => None,
        }
    }

    pub(super) fn has_service(&self, domain: &str, service: &str) -> bool {
        self.service(domain, service).is_some()
    }

    pub(super) fn always_responds(&self, domain: &str, service: &str) -> bool {
        self.service(domain, service) == Some(Responds::Always)
    }
}

/// A service call to run.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) domain: String,
    pub(super) service: String,
    pub(super) data: Value,
    pub(super) wants_response: bool,
}

/// Runs a service and hands `answer` its response, where one was asked for. It goes on when the
/// client is gone, as in Home Assistant; a restart it asked for begins after the answer.
pub(super) fn start(
    inner: &Arc<Inner>,
    wanted: Wanted,
    answer: impl FnOnce(&Inner, Result<Option<Value>, ServiceError>) + Send + 'static,
) {
    let shared = Arc::clone(inner);
    inner.spawn(async move {
        let outcome = call(&shared, &wanted).await;
        let deed = match (
            outcome.is_ok(),
            wanted.domain.as_str(),
            wanted.service.as_str(),
        ) {
            (true, "homeassistant", "restart") => Some(Lifecycle::Restart),
            (true, "homeassistant", "stop") => Some(Lifecycle::Stop),
            _ => None,
        };
        answer(&shared, outcome);
        match deed {
            Some(Lifecycle::Restart) => shared.restart_soon(),
            Some(Lifecycle::Stop) => shared.stop_soon(),
            None => {}
        }
    });
}

/// What happens to Home Assistant after an answer.
enum Lifecycle {
    Restart,
    Stop,
}

async fn call(inner: &Arc<Inner>, wanted: &Wanted) -> Result<Option<Value>, ServiceError> {
    let Wanted {
        domain,
        service,
        data,
        wants_response,
    } = wanted;
    let wants_response = *wants_response;
    let fault = prepare(inner, domain, service, data, wants_response)?;
    match &fault {
        Some(Fault::Refuse(message)) => {
            return Err(ServiceError::expected(message));
        }
        Some(Fault::Delay(delay)) => tokio::time::sleep(*delay).await,
        Some(Fault::DoAndRefuse(_) | Fault::LoseAnswer) | None => {}
    }
    let result = run(inner, domain, service, data, wants_response).await;
    match fault {
        Some(Fault::LoseAnswer) => std::future::pending::<()>().await,
        Some(Fault::DoAndRefuse(message)) => return Err(ServiceError::expected(message)),
        _ => {}
    }
    result
}

/// Looks the service up, records the call and takes the fault that is due, if any.
fn prepare(
    inner: &Inner,
    domain: &str,
    service: &str,
    data: &Value,
    wants_response: bool,
) -> Result<Option<Fault>, ServiceError> {
    let mut world = inner.world();
    let responds = world
        .service(domain, service)
        .ok_or_else(|| ServiceError::NotFound {
            domain: domain.to_owned(),
            service: service.to_owned(),
        })?;
    if responds == Responds::Always && !wants_response {
        return Err(ServiceError::validation(
            "homeassistant",
            "service_lacks_response_request",
            "The action requires responses and must be called with return_response=True",
            json!({"return_response": "return_response=True"}),
        ));
    }
    if responds == Responds::Never && wants_response {
        return Err(ServiceError::validation(
            "homeassistant",
            "service_does_not_support_response",
            "An action which does not return responses can't be called with return_response=True",
            json!({"return_response": "return_response=True"}),
        ));
    }
    world.remember_call(domain, service, data);
    let key = (domain.to_owned(), service.to_owned());
    Ok(world
        .faults
        .get_mut(&key)
        .and_then(std::collections::VecDeque::pop_front))
}

async fn run(
    inner: &Arc<Inner>,
    domain: &str,
    service: &str,
    data: &Value,
    wants_response: bool,
) -> Result<Option<Value>, ServiceError> {
    match (domain, service) {
        ("todo", _) => todo_services::call(&mut inner.world(), service, data, wants_response),
        ("ai_task", "evaluate") => evaluate::evaluate(inner, data).await.map(Some),
        ("ai_task", _) => ai_task::generate_data(inner, data).await.map(Some),
        ("homeassistant", "update_entity") => {
            let mut world = inner.world();
            for entity_id in entity_ids(data)? {
                world.refresh_list(&entity_id);
            }
            Ok(None)
        }
        ("persistent_notification", _) => {
            notifications::call(&mut inner.world(), service, data).map(|()| None)
        }
        ("vacuum", _) => super::vacuum::call(&mut inner.world(), service, data).map(|()| None),
        ("notify", _) => required_text(data, "message").map(|_message| None),
        _ => Ok(None),
    }
}

/// A text that the service needs.
pub(super) fn required_text(data: &Value, field: &str) -> Result<String, ServiceError> {
    match data.get(field) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(ServiceError::Invalid(format!(
            "value should be a string for dictionary value @ data['{field}']"
        ))),
        None => Err(ServiceError::missing(field)),
    }
}

/// Refuses data that a service does not know.
pub(super) fn only_fields(data: &Value, known: &[&str]) -> Result<(), ServiceError> {
    let mut fields = data.as_object().into_iter().flat_map(|data| data.keys());
    match fields.find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(ServiceError::Invalid(format!(
            "extra keys not allowed @ data['{field}']"
        ))),
        None => Ok(()),
    }
}

/// The entities a call is for: one, or several.
pub(super) fn entity_ids(data: &Value) -> Result<Vec<String>, ServiceError> {
    match data.get("entity_id") {
        Some(Value::String(one)) => Ok(one
            .split(',')
            .map(|entity_id| entity_id.trim().to_lowercase())
            .collect()),
        Some(Value::Array(many)) => Ok(many
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect()),
        _ => Err(ServiceError::invalid(
            "must contain at least one of entity_id, device_id, area_id, floor_id, label_id.",
        )),
    }
}
