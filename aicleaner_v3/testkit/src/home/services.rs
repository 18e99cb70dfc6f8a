//! Service calls, from REST and websocket alike: looked up, checked, run, recorded.
//! Errors carry what both ways need to answer as Home Assistant does.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fields::{entity_ids, required_text};
use super::inner::Inner;
use super::records::Fault;
use super::service_error::ServiceError;
use super::world::World;
use super::{ai_task, evaluate, notifications, todo_services};

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
        let then = match (
            outcome.is_ok(),
            wanted.domain.as_str(),
            wanted.service.as_str(),
        ) {
            (true, "homeassistant", "restart") => Some(Lifecycle::Restart),
            (true, "homeassistant", "stop") => Some(Lifecycle::Stop),
            _ => None,
        };
        answer(&shared, outcome);
        match then {
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
