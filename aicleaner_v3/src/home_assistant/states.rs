//! Entities' states as `subscribe_entities` tells them: whole ones at first, then only what changed
//! (`homeassistant/components/websocket_api/messages.py`, `_state_diff_event`; `homeassistant/core.py`,
//! `as_compressed_state`). Pure.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::EntityId;

/// An entity's state. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityState {
    /// The state itself, such as `on`.
    pub state: String,
    /// What else is known of the entity.
    pub attributes: Arc<Map<String, Value>>,
    /// When the state itself last changed.
    pub last_changed: Timestamp,
}

impl EntityState {
    /// Whether the entity can be used: neither `unavailable` nor `unknown`.
    pub fn is_available(&self) -> bool {
        !matches!(self.state.as_str(), "unavailable" | "unknown")
    }

    /// The bits of `supported_features`; 0 when there are none.
    pub fn supported_features(&self) -> u64 {
        self.attributes
            .get("supported_features")
            .and_then(Value::as_u64)
            .unwrap_or(0)
    }

    /// The name that people see, if it has one.
    pub fn friendly_name(&self) -> Option<&str> {
        self.attributes.get("friendly_name").and_then(Value::as_str)
    }
}

/// The states of the entities that are followed. An entity that does not exist is not in it.
pub type States = HashMap<EntityId, EntityState>;

/// One `subscribe_entities` event: added, changed, removed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StatesEvent<'a> {
    #[serde(default, borrow, rename = "a")]
    added: HashMap<Cow<'a, str>, Whole>,
    #[serde(default, borrow, rename = "c")]
    changed: HashMap<Cow<'a, str>, Change>,
    #[serde(default, rename = "r")]
    removed: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Whole {
    s: String,
    #[serde(default)]
    a: Map<String, Value>,
    lc: f64,
}

#[derive(Debug, Deserialize)]
struct Change {
    #[serde(default, rename = "+")]
    plus: Plus,
    #[serde(default, rename = "-")]
    minus: Minus,
}

#[derive(Debug, Default, Deserialize)]
struct Plus {
    s: Option<String>,
    a: Option<Map<String, Value>>,
    lc: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
struct Minus {
    #[serde(default)]
    a: Vec<String>,
}

impl StatesEvent<'_> {
    /// Applies the event to `states`. Ids that are no entity ids and changes of unknown entities are passed over.
    pub(super) fn apply(self, states: &mut States) {
        for (id, whole) in self.added {
            if let Ok(id) = EntityId::parse(&id) {
                states.insert(id, whole.into_state());
            }
        }
        for (id, change) in self.changed {
            if let Some(state) = EntityId::parse(&id).ok().and_then(|id| states.get_mut(&id)) {
                change.apply(state);
            }
        }
        for id in self.removed {
            if let Ok(id) = EntityId::parse(&id) {
                states.remove(&id);
            }
        }
    }
}

impl Whole {
    fn into_state(self) -> EntityState {
        EntityState {
            state: self.s,
            attributes: Arc::new(self.a),
            last_changed: timestamp(self.lc).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

impl Change {
    fn apply(self, state: &mut EntityState) {
        if let Some(text) = self.plus.s {
            state.state = text;
        }
        if let Some(at) = self.plus.lc.and_then(timestamp) {
            state.last_changed = at;
        }
        if self.plus.a.is_some() || !self.minus.a.is_empty() {
            let attributes = Arc::make_mut(&mut state.attributes);
            attributes.extend(self.plus.a.unwrap_or_default());
            for name in self.minus.a {
                attributes.remove(&name);
            }
        }
    }
}

/// Seconds since 1970, as Home Assistant sends them.
fn timestamp(seconds: f64) -> Option<Timestamp> {
    let since = SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::from_duration(since).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(states: &mut States, event: &str) {
        serde_json::from_str::<StatesEvent<'_>>(event)
            .unwrap()
            .apply(states);
    }

    fn id(text: &str) -> EntityId {
        EntityId::parse(text).unwrap()
    }

    #[test]
    fn a_whole_state_is_added_and_then_changed_piece_by_piece() {
        let mut states = States::new();

        apply(
            &mut states,
            r#"{"a":{"todo.chores":{"s":"2","a":{"friendly_name":"Chores","supported_features":127,"icon":"mdi:x"},"c":"01J","lc":1800000000.25,"lu":1800000001.5}}}"#,
        );
        apply(
            &mut states,
            r#"{"c":{"todo.chores":{"+":{"s":"3","lc":1800000060.5,"c":{"id":"01K","user_id":"u"},"a":{"friendly_name":"Tasks"}},"-":{"a":["icon"]}}}}"#,
        );

        let state = &states[&id("todo.chores")];
        assert_eq!(state.state, "3");
        assert_eq!(state.friendly_name(), Some("Tasks"));
        assert_eq!(state.supported_features(), 127);
        assert!(!state.attributes.contains_key("icon"));
        assert_eq!(state.last_changed.as_millisecond(), 1_800_000_060_500);
    }

    #[test]
    fn a_removed_entity_is_gone() {
        let mut states = States::new();
        apply(
            &mut states,
            r#"{"a":{"camera.a":{"s":"idle","a":{},"c":"x","lc":1.0}}}"#,
        );

        apply(&mut states, r#"{"r":["camera.a"]}"#);

        assert!(states.is_empty());
    }

    #[test]
    fn changes_of_strangers_are_passed_over() {
        let mut states = States::new();

        apply(
            &mut states,
            r#"{"c":{"camera.b":{"+":{"s":"on"}}},"r":["camera.c","?"],"a":{"__x":{"s":"1","a":{},"lc":1e300}}}"#,
        );

        assert!(states.is_empty());
    }

    #[test]
    fn unavailable_and_unknown_can_not_be_used() {
        let mut states = States::new();
        apply(
            &mut states,
            r#"{"a":{"a.a":{"s":"unavailable","a":{"restored":true},"lc":1},"a.b":{"s":"unknown","a":{},"lc":1},"a.c":{"s":"0","a":{},"lc":1}}}"#,
        );

        let available: Vec<_> = ["a.a", "a.b", "a.c"]
            .map(|text| states[&id(text)].is_available())
            .into();

        assert_eq!(available, [false, false, true]);
    }
}
