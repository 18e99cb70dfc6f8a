//! Home Assistant's own events, such as `mobile_app_notification_action`: which types are subscribed in one connection,
//! and what an event says. Pure.
//!
//! Facts (`homeassistant/components/websocket_api/commands.py`: `handle_subscribe_events`;
//! `homeassistant/core.py`: `Event.as_dict`): most types are for administrators only; the rest are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

/// Something that happened in Home Assistant. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeEvent {
    /// What kind of thing.
    pub event_type: Arc<str>,
    /// What is known of it.
    pub data: Arc<Value>,
}

#[derive(Deserialize)]
struct Wire {
    event_type: String,
    #[serde(default)]
    data: Value,
}

/// Reads one event of a subscription.
pub(super) fn read_event(event: &str) -> Result<HomeEvent, serde_json::Error> {
    let wire: Wire = serde_json::from_str(event)?;
    Ok(HomeEvent {
        event_type: wire.event_type.into(),
        data: Arc::new(wire.data),
    })
}

/// The subscriptions of one connection.
#[derive(Debug, Default)]
pub(super) struct EventSubscriptions(BTreeMap<String, u64>);

impl EventSubscriptions {
    /// The types that are wanted and not subscribed.
    pub(super) fn lacking(&self, wanted: &BTreeSet<String>) -> Vec<String> {
        let known = |event_type: &&String| !self.0.contains_key(*event_type);
        wanted.iter().filter(known).cloned().collect()
    }

    /// Forgets those that are no longer wanted, and returns their ids.
    pub(super) fn surplus(&mut self, wanted: &BTreeSet<String>) -> Vec<u64> {
        let gone = self
            .0
            .extract_if(.., |event_type, _| !wanted.contains(event_type));
        gone.map(|(_, id)| id).collect()
    }

    /// The type was subscribed under this id.
    pub(super) fn subscribed(&mut self, event_type: String, id: u64) {
        self.0.insert(event_type, id);
    }

    /// Whether an event under this id is one of them.
    pub(super) fn has(&self, id: u64) -> bool {
        self.0.values().any(|known| *known == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_subscribed_once_and_what_is_not_is_dropped() {
        let wanted = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut events = EventSubscriptions::default();
        assert_eq!(events.lacking(&wanted(&["a", "b"])), ["a", "b"]);
        events.subscribed("a".to_owned(), 7);

        assert_eq!(events.lacking(&wanted(&["a", "b"])), ["b"]);
        assert!(events.has(7));
        assert_eq!(events.surplus(&wanted(&["b"])), [7]);
        assert!(!events.has(7));
    }

    #[test]
    fn an_event_is_read() {
        let event = read_event(
            r#"{"event_type":"mobile_app_notification_action","data":{"action":"DONE"},"origin":"REMOTE","time_fired":"2026-11-20T10:00:00+00:00","context":{"id":"1"}}"#,
        )
        .unwrap();

        assert_eq!(&*event.event_type, "mobile_app_notification_action");
        assert_eq!(event.data["action"], "DONE");
    }
}
