//! Everything the simulated home is at one moment, behind one lock, and the changes of its states.
//! Every change is published while the lock is held, so that all clients see one order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::bus::{Bus, Topic};
use super::records::{AiTaskCall, CoreState, Fault, Notification, ServiceCall, Uploads};
use super::states::{Known, State};
use super::todo::TodoList;
use crate::camera::Camera;
use crate::model::Judge;
use crate::time::{iso, now};

/// Calls kept for tests to look at.
pub(super) const REMEMBERED_CALLS: usize = 4096;
/// AI Task calls kept; they carry pictures.
pub(super) const REMEMBERED_AI_CALLS: usize = 128;

/// The parts of the configuration that clients read.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(super) location_name: String,
    pub(crate) time_zone: String,
    pub(super) language: String,
    pub(crate) version: String,
}

/// The whole state.
pub(crate) struct World {
    pub(crate) core: CoreState,
    pub(crate) config: Config,
    pub(crate) token: Option<String>,
    pub(super) known: BTreeMap<String, Known>,
    pub(super) states: BTreeMap<String, State>,
    pub(super) bus: Bus,
    pub(super) lists: BTreeMap<String, TodoList>,
    pub(super) cameras: BTreeMap<String, Arc<Camera>>,
    pub(super) uploads: Uploads,
    pub(super) image_upload_loaded: bool,
    pub(super) notifications: Vec<Notification>,
    pub(super) notifiers: Vec<String>,
    pub(super) areas: Vec<(String, String)>,
    pub(super) dashboards: super::lovelace::Dashboards,
    /// Whether the token is an administrator's.
    pub(super) is_admin: bool,
    /// The areas that robots know.
    pub(super) vacuum_areas: BTreeMap<String, Vec<String>>,
    /// Entities' areas.
    pub(super) placed: BTreeMap<String, String>,
    pub(super) calls: VecDeque<ServiceCall>,
    pub(super) ai_calls: VecDeque<AiTaskCall>,
    pub(super) faults: BTreeMap<(String, String), VecDeque<Fault>>,
    pub(super) preferred_ai_task: Option<String>,
    pub(super) judge: Arc<dyn Judge>,
    pub(super) missing_while_starting: bool,
}

impl World {
    /// Whether integrations have set up their entities.
    pub(super) fn loaded(&self) -> bool {
        self.core == CoreState::Running
    }

    /// Whether integrations have registered their services and commands.
    pub(super) fn integrations_loaded(&self) -> bool {
        matches!(self.core, CoreState::Starting | CoreState::Running)
    }

    /// What an integration says about an entity; the state machine follows once it is loaded.
    pub(super) fn set_known(&mut self, entity_id: &str, known: Known) {
        if self.loaded() {
            self.write_state(entity_id, &known.state, known.attributes.clone());
        }
        self.known.insert(entity_id.to_owned(), known);
    }

    /// Takes an entity away altogether.
    pub(super) fn remove_entity(&mut self, entity_id: &str) -> bool {
        let known = self.known.remove(entity_id).is_some();
        self.lists.remove(entity_id);
        self.cameras.remove(entity_id);
        self.erase_state(entity_id) || known
    }

    /// Fills the state machine as an integration finds it at start or when loaded.
    pub(super) fn show_entities(&mut self) {
        let known: Vec<(String, Known)> = self
            .known
            .iter()
            .map(|(entity_id, known)| (entity_id.clone(), known.clone()))
            .collect();
        for (entity_id, known) in known {
            if self.loaded() {
                self.write_state(&entity_id, &known.state, known.attributes);
            } else if self.integrations_loaded() && !self.missing_while_starting {
                // The entity registry restores what it knows as unavailable.
                let mut attributes = known.attributes;
                attributes.insert("restored".into(), true.into());
                self.write_state(&entity_id, "unavailable", attributes);
            }
        }
    }

    /// Writes a state, and publishes it if anything changed.
    pub(super) fn write_state(
        &mut self,
        entity_id: &str,
        value: &str,
        attributes: Map<String, Value>,
    ) {
        let before = self.states.get(entity_id).cloned();
        let now = now();
        let changed = match &before {
            Some(before) if before.state == value && before.attributes == attributes => return,
            Some(before) if before.state == value => before.changed,
            _ => now,
        };
        let after = State {
            entity_id: entity_id.to_owned(),
            state: value.to_owned(),
            attributes,
            changed,
            updated: now,
            context: ulid(),
        };
        self.states.insert(entity_id.to_owned(), after.clone());
        self.publish_state(entity_id, before.as_ref(), Some(&after));
    }

    fn erase_state(&mut self, entity_id: &str) -> bool {
        let Some(before) = self.states.remove(entity_id) else {
            return false;
        };
        self.publish_state(entity_id, Some(&before), None);
        true
    }

    fn publish_state(&mut self, entity_id: &str, before: Option<&State>, after: Option<&State>) {
        let compressed = match (before, after) {
            (_, None) => json!({"r": [entity_id]}),
            (None, Some(after)) => json!({"a": {entity_id: after.compressed()}}),
            (Some(before), Some(after)) => json!({"c": {entity_id: after.diff(before)}}),
        };
        let event = event(
            "state_changed",
            &json!({
                "entity_id": entity_id,
                "old_state": before.map(State::full),
                "new_state": after.map(State::full),
            }),
        );
        self.bus.publish(|topic| match topic {
            Topic::Entities(wanted) => wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(entity_id))
                .then(|| compressed.clone()),
            Topic::Events(wanted) => wanted
                .as_ref()
                .is_none_or(|wanted| wanted == "state_changed")
                .then(|| event.clone()),
            Topic::Todo(_) => None,
        });
    }

    /// Fires an event on the bus.
    pub(super) fn fire(&mut self, event_type: &str, data: &Value) {
        let event = event(event_type, data);
        self.bus.publish(|topic| match topic {
            Topic::Events(wanted) => wanted
                .as_ref()
                .is_none_or(|wanted| wanted == event_type)
                .then(|| event.clone()),
            Topic::Entities(_) | Topic::Todo(_) => None,
        });
    }

    /// The configuration as `/api/config` and `get_config` give it.
    pub(super) fn config(&self) -> Value {
        let config = &self.config;
        json!({
            "allowlist_external_dirs": [],
            "allowlist_external_urls": [],
            "components": self.components(),
            "config_dir": "/config",
            "config_source": "storage",
            "country": "DE",
            "currency": "EUR",
            "debug": false,
            "elevation": 0,
            "external_url": null,
            "internal_url": null,
            "language": config.language,
            "latitude": 52.5,
            "location_name": config.location_name,
            "logging": {"log_file_disabled_reason": null},
            "longitude": 13.4,
            "radius": 100,
            "recovery_mode": false,
            "safe_mode": false,
            "state": self.core.as_str(),
            "time_zone": config.time_zone,
            "unit_system": {"length": "km", "temperature": "°C", "mass": "g", "volume": "L"},
            "version": config.version,
            "whitelist_external_dirs": [],
        })
    }

    fn components(&self) -> Vec<&'static str> {
        let mut components = vec!["api", "http", "websocket_api", "persistent_notification"];
        if self.integrations_loaded() {
            components.extend(["ai_task", "camera", "media_source", "notify", "todo"]);
            if self.image_upload_loaded {
                components.push("image_upload");
            }
        }
        components
    }

    pub(super) fn remember_call(&mut self, domain: &str, service: &str, data: &Value) {
        if self.calls.len() >= REMEMBERED_CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(ServiceCall {
            domain: domain.to_owned(),
            service: service.to_owned(),
            data: data.clone(),
            at: Instant::now(),
        });
    }
}

fn event(event_type: &str, data: &Value) -> Value {
    json!({
        "event_type": event_type,
        "data": data,
        "origin": "LOCAL",
        "time_fired": iso(now()),
        "context": {"id": ulid(), "parent_id": null, "user_id": null},
    })
}

/// A new identifier in the form Home Assistant uses for contexts: 26 characters, sortable by time.
pub(super) fn ulid() -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = uuid::Uuid::now_v7().as_u128();
    (0..26_u32)
        .rev()
        .map(|place| {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            char::from(DIGITS[digit])
        })
        .collect()
}
