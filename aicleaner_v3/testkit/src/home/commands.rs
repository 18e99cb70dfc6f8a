//! The websocket commands the simulated home knows, each as Home Assistant answers it.
//! Anything else is an unknown command; nothing is accepted without being done.

use serde_json::{Map, Value, json};

use super::bus::{Topic, event_message};
use super::records::{Notification, Upload};
use super::services::Wanted;
use super::session::{Session, result};
use super::todo::Item;
use super::world::World;
use super::{lovelace, registry, services};

/// The commands of Home Assistant itself.
const OWN: [&str; 16] = [
    "ping",
    "supported_features",
    "get_states",
    "get_config",
    "subscribe_entities",
    "subscribe_events",
    "unsubscribe_events",
    "call_service",
    "config/entity_registry/list",
    "config/entity_registry/get",
    "config/device_registry/list",
    "config/area_registry/list",
    "lovelace/dashboards/list",
    "lovelace/dashboards/create",
    "lovelace/config",
    "lovelace/config/save",
];

/// The commands that integrations bring; until they are loaded nobody knows them.
const OF_INTEGRATIONS: [&str; 6] = [
    "todo/item/list",
    "todo/item/subscribe",
    "image/list",
    "image/delete",
    "ai_task/preferences/get",
    "persistent_notification/get",
];

/// Whether there is such a command now.
pub(super) fn is_known(world: &World, kind: &str) -> bool {
    let of_uploads = kind.starts_with("image/");
    OWN.contains(&kind)
        || OF_INTEGRATIONS.contains(&kind)
            && world.integrations_loaded()
            && (world.image_upload_loaded || !of_uploads)
}

/// Runs a command.
pub(super) fn run(session: &Session, id: u64, kind: &str, message: &Value) {
    match kind {
        "call_service" => call_service(session, id, message),
        "subscribe_entities" => subscribe_entities(session, id, message),
        "subscribe_events" => {
            let wanted = message["event_type"].as_str().filter(|kind| *kind != "*");
            let topic = Topic::Events(wanted.map(str::to_owned));
            subscribe(session, id, topic, None);
        }
        "unsubscribe_events" => unsubscribe(session, id, message),
        "todo/item/subscribe" => subscribe_todo(session, id, message),
        "todo/item/list" => list_todo(session, id, message),
        "image/delete" => delete_image(session, id, message),
        kind if kind.starts_with("lovelace/") => lovelace(session, id, kind, message),
        _ => {
            let answer = answer(session, id, kind, message);
            session.inner.world().bus.send(session.number, &answer);
        }
    }
}

/// The commands that only ask.
fn answer(session: &Session, id: u64, kind: &str, message: &Value) -> Value {
    let world = session.inner.world();
    let found: Value = match kind {
        "ping" => return json!({"id": id, "type": "pong"}),
        "get_states" => world
            .states
            .values()
            .map(super::states::State::full)
            .collect(),
        "get_config" => world.config(),
        "image/list" => world.uploads.values().map(Upload::to_json).collect(),
        "config/entity_registry/list" => registry::entities(&world),
        "config/entity_registry/get" => {
            let wanted = message["entity_id"].as_str().unwrap_or_default();
            match registry::entity(&world, wanted) {
                Some(entry) => entry,
                None => return failure(id, "not_found", "Entity not found"),
            }
        }
        "config/device_registry/list" => registry::devices(&world),
        "config/area_registry/list" => registry::areas(&world),
        "ai_task/preferences/get" => json!({
            "gen_data_entity_id": world.preferred_ai_task,
            "gen_image_entity_id": null,
            "evaluate_entity_id": null,
            "allow_automatic_evaluation": false,
        }),
        "persistent_notification/get" => world
            .notifications
            .iter()
            .map(Notification::to_json)
            .collect(),
        _ => Value::Null,
    };
    result(id, &found)
}

fn lovelace(session: &Session, id: u64, kind: &str, message: &Value) {
    let mut world = session.inner.world();
    let answer = if lovelace::OF_ADMINS.contains(&kind) && !world.is_admin {
        failure(id, "unauthorized", "Unauthorized")
    } else {
        match lovelace::answer(&mut world.dashboards, kind, message) {
            Ok(found) => result(id, &found),
            Err((code, text)) => failure(id, code, &text),
        }
    };
    world.bus.send(session.number, &answer);
}

fn failure(id: u64, code: &str, message: &str) -> Value {
    json!({
        "id": id, "type": "result", "success": false,
        "error": {"code": code, "message": message},
    })
}

/// Subscribes, says so, and sends the first event if there is one, before anything can change.
fn subscribe(session: &Session, id: u64, topic: Topic, first: Option<&Value>) {
    let mut world = session.inner.world();
    world.bus.subscribe(session.number, id, topic);
    world.bus.send(session.number, &result(id, &Value::Null));
    if let Some(event) = first {
        let event = event_message(id, event);
        world.bus.send(session.number, &event);
    }
}

fn subscribe_entities(session: &Session, id: u64, message: &Value) {
    let wanted = match &message["entity_ids"] {
        Value::Null => None,
        Value::String(one) => Some([one.clone()].into()),
        Value::Array(many) => {
            let ids = many.iter().filter_map(Value::as_str).map(str::to_owned);
            // An empty list means all, as in Home Assistant.
            Some(ids.collect::<std::collections::BTreeSet<String>>())
                .filter(|wanted| !wanted.is_empty())
        }
        _ => {
            let text = "Entity IDs expected for dictionary value @ data['entity_ids']";
            session.refuse(&id.into(), "invalid_format", text);
            return;
        }
    };
    let mut world = session.inner.world();
    let states: Map<String, Value> = world
        .states
        .values()
        .filter(|state| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&state.entity_id))
        })
        .map(|state| (state.entity_id.clone(), state.compressed()))
        .collect();
    world
        .bus
        .subscribe(session.number, id, Topic::Entities(wanted));
    world.bus.send(session.number, &result(id, &Value::Null));
    let first = event_message(id, &json!({"a": states}));
    world.bus.send(session.number, &first);
}

fn unsubscribe(session: &Session, id: u64, message: &Value) {
    let mut world = session.inner.world();
    let wanted = message["subscription"].as_u64().unwrap_or_default();
    let answer = if world.bus.unsubscribe(session.number, wanted) {
        result(id, &Value::Null)
    } else {
        failure(id, "not_found", "Subscription not found.")
    };
    world.bus.send(session.number, &answer);
}

fn subscribe_todo(session: &Session, id: u64, message: &Value) {
    let entity_id = message["entity_id"].as_str().unwrap_or_default();
    let first = {
        let world = session.inner.world();
        world
            .usable_list(entity_id)
            .map(super::todo::TodoList::event)
    };
    if let Some(first) = first {
        let topic = Topic::Todo(entity_id.to_owned());
        subscribe(session, id, topic, Some(&first));
    } else {
        let text = format!("To-do list entity not found: {entity_id}");
        session.refuse(&id.into(), "invalid_entity_id", &text);
    }
}

fn list_todo(session: &Session, id: u64, message: &Value) {
    let mut world = session.inner.world();
    let entity_id = message["entity_id"].as_str().unwrap_or_default();
    let answer = match world.usable_list(entity_id) {
        Some(list) => {
            let items: Vec<Value> = list.visible.iter().map(Item::listed).collect();
            result(id, &json!({"items": items}))
        }
        None => failure(id, "not_found", "Entity not found"),
    };
    world.bus.send(session.number, &answer);
}

/// Home Assistant answers an unknown id with an error *and* a result: both are sent here too.
fn delete_image(session: &Session, id: u64, message: &Value) {
    let mut world = session.inner.world();
    let image_id = message["image_id"].as_str().unwrap_or_default();
    if world.uploads.remove(image_id).is_none() {
        let text = format!("Unable to find image_id {image_id}");
        let answer = failure(id, "not_found", &text);
        world.bus.send(session.number, &answer);
    }
    world.bus.send(session.number, &result(id, &Value::Null));
}

fn call_service(session: &Session, id: u64, message: &Value) {
    let (Some(domain), Some(service)) = (message["domain"].as_str(), message["service"].as_str())
    else {
        let text = "required key not provided @ data['domain']";
        session.refuse(&id.into(), "invalid_format", text);
        return;
    };
    let wanted = Wanted {
        domain: domain.to_owned(),
        service: service.to_owned(),
        data: merged(&message["service_data"], &message["target"]),
        wants_response: message["return_response"].as_bool().unwrap_or(false),
    };
    let (number, wants_response) = (session.number, wanted.wants_response);
    services::start(&session.inner, wanted, move |inner, outcome| {
        let answer = match outcome {
            Ok(response) => {
                let mut done = json!({"context": {
                    "id": super::world::ulid(), "parent_id": null, "user_id": null,
                }});
                if wants_response {
                    done["response"] = response.unwrap_or_default();
                }
                result(id, &done)
            }
            Err(error) => {
                let error = error.to_websocket();
                json!({"id": id, "type": "result", "success": false, "error": error})
            }
        };
        inner.world().bus.send(number, &answer);
    });
}

/// The call's data with its target merged in.
fn merged(data: &Value, target: &Value) -> Value {
    let mut merged = data.as_object().cloned().unwrap_or_default();
    for (key, value) in target.as_object().into_iter().flatten() {
        merged.insert(key.clone(), value.clone());
    }
    Value::Object(merged)
}
