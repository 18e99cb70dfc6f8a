//! The state machine's entries and the two ways Home Assistant writes them: in full and compressed.
//! Shapes follow `core.py` (`State.as_dict`, `as_compressed_state`) and `websocket_api/messages.py`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::time::{iso, seconds};

/// An entity as its integration sees it, whatever the state machine shows.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(super) state: String,
    pub(super) attributes: Map<String, Value>,
    pub(super) platform: &'static str,
}

/// An entity's state with its attributes and times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) entity_id: String,
    pub(crate) state: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) changed: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) context: String,
}

impl State {
    /// The full form of REST and of `get_states`.
    pub(crate) fn full(&self) -> Value {
        json!({
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": self.attributes,
            "last_changed": iso(self.changed),
            "last_reported": iso(self.updated),
            "last_updated": iso(self.updated),
            "context": {"id": self.context, "parent_id": null, "user_id": null},
        })
    }

    /// The compressed form: `lu` only where it differs from `lc`, the context as its bare id.
    pub(crate) fn compressed(&self) -> Value {
        let mut compressed = json!({
            "s": self.state,
            "a": self.attributes,
            "c": self.context,
            "lc": seconds(self.changed),
        });
        if self.changed != self.updated {
            compressed["lu"] = seconds(self.updated).into();
        }
        compressed
    }

    /// What `subscribe_entities` sends when this state follows `before`.
    pub(crate) fn diff(&self, before: &Self) -> Value {
        let mut added = Map::new();
        if self.state != before.state {
            added.insert("s".into(), self.state.clone().into());
        }
        if self.changed != before.changed {
            added.insert("lc".into(), seconds(self.changed).into());
        } else if self.updated != before.updated {
            added.insert("lu".into(), seconds(self.updated).into());
        }
        if self.context != before.context {
            added.insert("c".into(), self.context.clone().into());
        }
        let attributes: Map<String, Value> = self
            .attributes
            .iter()
            .filter(|(name, value)| before.attributes.get(*name) != Some(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !attributes.is_empty() {
            added.insert("a".into(), attributes.into());
        }
        let removed: Vec<&String> = before
            .attributes
            .keys()
            .filter(|name| !self.attributes.contains_key(*name))
            .collect();
        let mut diff = json!({"+": added});
        if !removed.is_empty() {
            diff["-"] = json!({"a": removed});
        }
        diff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(value: &str, attributes: &Value, changed: i64, updated: i64) -> State {
        State {
            entity_id: "sensor.one".to_owned(),
            state: value.to_owned(),
            attributes: attributes.as_object().unwrap().clone(),
            changed: Timestamp::from_second(changed).unwrap(),
            updated: Timestamp::from_second(updated).unwrap(),
            context: "01".to_owned(),
        }
    }

    #[test]
    fn a_compressed_state_leaves_out_an_equal_update_time() {
        let same = state("on", &json!({}), 5, 5).compressed();
        let later = state("on", &json!({}), 5, 6).compressed();

        assert_eq!(same, json!({"s": "on", "a": {}, "c": "01", "lc": 5.0}));
        assert_eq!(later["lu"], json!(6.0));
    }

    #[test]
    fn a_diff_names_added_and_removed_attributes() {
        let before = state("1", &json!({"unit": "%", "old": 1}), 5, 5);
        let after = state("1", &json!({"unit": "%", "new": 2}), 5, 7);

        let diff = after.diff(&before);

        assert_eq!(
            diff,
            json!({"+": {"lu": 7.0, "a": {"new": 2}}, "-": {"a": ["old"]}})
        );
    }

    #[test]
    fn a_changed_state_sends_only_its_change_time() {
        let before = state("1", &json!({}), 5, 5);
        let after = state("2", &json!({}), 8, 8);

        assert_eq!(after.diff(&before), json!({"+": {"s": "2", "lc": 8.0}}));
    }
}
