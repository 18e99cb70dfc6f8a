//! To-do lists as their subscriptions tell them, and what to make of a list that is silent. Pure.
//!
//! Facts (`homeassistant/components/todo/__init__.py`, `entity.py`): `todo/item/subscribe` pushes all items at
//! once and at each change; it hangs on the entity *object*, so it goes dumb when the integration is reloaded;
//! and it pushes an empty list when the items are not known, which the entity's state then says (`unknown`).
//! States come before the push that goes with them.

use serde::Deserialize;

use crate::model::ItemUid;

use super::states::EntityState;

/// Whether an item waits to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TodoStatus {
    /// It waits.
    NeedsAction,
    /// It is ticked.
    Completed,
}

/// An item on a to-do list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodoItem {
    /// The list's own id for it. Items without one are left out: nothing could be done with them.
    pub uid: ItemUid,
    /// Its text.
    pub summary: String,
    /// Whether it waits to be done.
    pub status: TodoStatus,
    /// More text.
    pub description: Option<String>,
    /// A date or a time in ISO 8601.
    pub due: Option<String>,
}

/// What is known of a to-do list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TodoList {
    /// Nothing: not connected, or nothing heard yet.
    #[default]
    Unknown,
    /// Home Assistant is running and has no such entity.
    Missing,
    /// It exists but can't tell its items now. Says nothing about the items.
    Unavailable,
    /// These are the items.
    Items(Vec<TodoItem>),
}

#[derive(Deserialize)]
struct Push {
    items: Vec<WireItem>,
}

#[derive(Deserialize)]
struct WireItem {
    uid: Option<String>,
    summary: Option<String>,
    status: Option<String>,
    description: Option<String>,
    due: Option<String>,
}

/// The items of a push of `todo/item/subscribe`.
pub(super) fn read_items(event: &str) -> Result<Vec<TodoItem>, serde_json::Error> {
    let push: Push = serde_json::from_str(event)?;
    let items = push.items.into_iter().filter_map(|item| {
        Some(TodoItem {
            uid: ItemUid::new(item.uid.filter(|uid| !uid.is_empty())?),
            summary: item.summary.unwrap_or_default(),
            status: match item.status.as_deref() {
                Some("completed") => TodoStatus::Completed,
                _ => TodoStatus::NeedsAction,
            },
            description: item.description,
            due: item.due,
        })
    });
    Ok(items.collect())
}

/// How the list's entity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entity {
    Unheard,
    Absent,
    Unavailable,
    Available,
}

/// What to do about a list's subscription.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// Subscribe; drop this older subscription, if there is one.
    Subscribe {
        instead_of: Option<u64>,
    },
    /// Drop this subscription.
    Unsubscribe(u64),
}

/// One list in one connection.
#[derive(Debug)]
pub(super) struct ListTracker {
    entity: Entity,
    subscription: Option<u64>,
    items: Option<Vec<TodoItem>>,
}

impl ListTracker {
    pub(super) fn new() -> Self {
        Self {
            entity: Entity::Unheard,
            subscription: None,
            items: None,
        }
    }

    /// The entity's state was heard; `None` when there is no such entity.
    pub(super) fn on_state(&mut self, state: Option<&EntityState>) -> Step {
        let before = self.entity;
        self.entity = match state {
            None => Entity::Absent,
            Some(state) if state.is_available() => Entity::Available,
            Some(_) => Entity::Unavailable,
        };
        if self.entity == before {
            return Step::Nothing;
        }
        self.items = None;
        let old = self.subscription.take();
        match (self.entity, old) {
            (Entity::Available, instead_of) => Step::Subscribe { instead_of },
            (_, Some(old)) => Step::Unsubscribe(old),
            (_, None) => Step::Nothing,
        }
    }

    /// Whether `id` is its subscription.
    pub(super) fn is_subscribed(&self, id: u64) -> bool {
        self.subscription == Some(id)
    }

    /// The subscription was asked for under this id.
    pub(super) fn subscribed(&mut self, id: u64) {
        self.subscription = Some(id);
    }

    /// The subscription was refused. It is asked for again at the next [`Self::retry`].
    pub(super) fn refused(&mut self, id: u64) {
        if self.subscription == Some(id) {
            self.subscription = None;
        }
    }

    /// Whether to subscribe again after a refusal.
    pub(super) fn retry(&self) -> bool {
        self.entity == Entity::Available && self.subscription.is_none()
    }

    /// Items were pushed for the subscription `id`.
    pub(super) fn on_items(&mut self, id: u64, items: Vec<TodoItem>) {
        if self.subscription == Some(id) {
            self.items = Some(items);
        }
    }

    /// What is known now. `running`: whether Home Assistant is ready.
    pub(super) fn view(&self, running: bool) -> TodoList {
        match (self.entity, &self.items) {
            (Entity::Absent, _) if running => TodoList::Missing,
            (Entity::Unheard | Entity::Absent, _) => TodoList::Unknown,
            (Entity::Unavailable, _) => TodoList::Unavailable,
            (Entity::Available, Some(items)) => TodoList::Items(items.clone()),
            (Entity::Available, None) if self.subscription.is_none() => TodoList::Unavailable,
            (Entity::Available, None) => TodoList::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;

    fn state(text: &str) -> EntityState {
        EntityState {
            state: text.to_owned(),
            attributes: Arc::default(),
            last_changed: Timestamp::UNIX_EPOCH,
        }
    }

    fn items(summary: &str) -> Vec<TodoItem> {
        read_items(&format!(
            r#"{{"items":[{{"summary":"{summary}","uid":"u1","status":"needs_action","due":null,"description":null,"completed":null}}]}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_push_is_read() {
        let items = read_items(
            r#"{"items":[{"summary":"Wipe","uid":"1-a","status":"completed","due":"2026-11-20","description":"Table","completed":"2026-11-20T10:00:00+00:00"},{"summary":"No uid","uid":null,"status":null,"due":null,"description":null,"completed":null},{"summary":null,"uid":"2"}]}"#,
        )
        .unwrap();

        assert_eq!(items.len(), 2);
        assert_eq!(items[0].status, TodoStatus::Completed);
        assert_eq!(items[0].description.as_deref(), Some("Table"));
        assert_eq!(items[1].status, TodoStatus::NeedsAction);
    }

    #[test]
    fn a_list_is_missing_only_when_home_assistant_is_running() {
        let mut list = ListTracker::new();
        assert_eq!(list.view(true), TodoList::Unknown);

        let step = list.on_state(None);

        assert_eq!(step, Step::Nothing);
        assert_eq!(list.view(false), TodoList::Unknown);
        assert_eq!(list.view(true), TodoList::Missing);
    }

    #[test]
    fn an_empty_push_of_an_unknown_list_is_no_empty_list() {
        let mut list = ListTracker::new();

        let step = list.on_state(Some(&state("unknown")));

        assert_eq!(step, Step::Nothing);
        assert_eq!(list.view(true), TodoList::Unavailable);
    }

    #[test]
    fn a_list_that_comes_back_is_subscribed_again() {
        let mut list = ListTracker::new();
        assert_eq!(
            list.on_state(Some(&state("1"))),
            Step::Subscribe { instead_of: None }
        );
        list.subscribed(10);
        list.on_items(10, items("Wipe"));
        assert_eq!(list.view(true), TodoList::Items(items("Wipe")));

        assert_eq!(
            list.on_state(Some(&state("unavailable"))),
            Step::Unsubscribe(10)
        );
        assert_eq!(list.view(true), TodoList::Unavailable);
        assert_eq!(
            list.on_state(Some(&state("1"))),
            Step::Subscribe { instead_of: None }
        );
        list.subscribed(11);
        list.on_items(10, items("Stale"));

        assert_eq!(list.view(true), TodoList::Unknown);
        list.on_items(11, items("Fresh"));
        assert_eq!(list.view(true), TodoList::Items(items("Fresh")));
    }

    #[test]
    fn a_refused_subscription_is_asked_for_again() {
        let mut list = ListTracker::new();
        list.on_state(Some(&state("1")));
        list.subscribed(10);
        assert!(!list.retry());

        list.refused(10);

        assert!(list.retry());
        assert_eq!(list.view(true), TodoList::Unavailable);
    }
}
