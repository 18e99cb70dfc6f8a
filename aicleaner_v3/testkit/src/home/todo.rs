//! To-do lists with items that have uids, and pushes to subscribers on each visible change.
//! Behaves like `local_todo` and the `todo` integration of Home Assistant 2026.11.

use serde_json::{Map, Value, json};

use super::states::Known;

/// Features of a to-do list (`TodoListEntityFeature`).
pub mod features {
    /// Items can be added.
    pub const CREATE: u32 = 1;
    /// Items can be deleted.
    pub const DELETE: u32 = 2;
    /// Items can be changed.
    pub const UPDATE: u32 = 4;
    /// Items can be moved.
    pub const MOVE: u32 = 8;
    /// Items can have a due date.
    pub const DUE_DATE: u32 = 16;
    /// Items can have a due date and time.
    pub const DUE_DATETIME: u32 = 32;
    /// Items can have a description.
    pub const DESCRIPTION: u32 = 64;
    /// All of them, as `local_todo` has.
    pub const ALL: u32 = 127;
}

/// Whether an item is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Still to be done.
    NeedsAction,
    /// Done.
    Completed,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAction => "needs_action",
            Self::Completed => "completed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "needs_action" => Some(Self::NeedsAction),
            "completed" => Some(Self::Completed),
            _ => None,
        }
    }
}

/// An item of a to-do list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its unique id.
    pub uid: String,
    /// Its text.
    pub summary: String,
    /// Whether it is done.
    pub status: Status,
    /// A longer text.
    pub description: Option<String>,
    /// When it is due: a date, or a date and time (ISO 8601).
    pub due: Option<String>,
    /// When it was done, ISO 8601.
    pub completed: Option<String>,
}

impl Item {
    /// A new open item.
    pub(super) fn new(summary: &str) -> Self {
        Self {
            uid: uuid::Uuid::now_v7().to_string(),
            summary: summary.to_owned(),
            status: Status::NeedsAction,
            description: None,
            due: None,
            completed: None,
        }
    }

    /// Marks it done or open again, as `local_todo` does.
    pub(super) fn mark(&mut self, status: Status) {
        self.completed = match status {
            Status::Completed if self.status == Status::Completed => self.completed.take(),
            Status::Completed => Some(crate::time::iso(crate::time::now())),
            Status::NeedsAction => None,
        };
        self.status = status;
    }

    /// The form pushed to subscribers: every field, absent ones as null.
    pub(super) fn pushed(&self) -> Value {
        json!({
            "summary": self.summary,
            "uid": self.uid,
            "status": self.status.as_str(),
            "due": self.due,
            "description": self.description,
            "completed": self.completed,
        })
    }

    /// The form of `todo/item/list` and `todo.get_items`: absent fields left out.
    pub(super) fn listed(&self) -> Value {
        let fields: Map<String, Value> = match self.pushed() {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Value::Object(
            fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect(),
        )
    }
}

/// A to-do list.
#[derive(Clone, Debug)]
pub(super) struct TodoList {
    pub(super) name: String,
    pub(super) features: u32,
    /// What the service behind the list holds.
    pub(super) items: Vec<Item>,
    /// What Home Assistant knows of it; lags behind while pushes are held.
    pub(super) visible: Vec<Item>,
    pub(super) held: bool,
    /// Whether its integration is loaded; without it the entity is unavailable and unknown to services.
    pub(super) loaded: bool,
    pub(super) oddities: Oddities,
}

/// How a list behaves badly, on request.
#[derive(Clone, Debug, Default)]
pub(super) struct Oddities {
    /// Ticked items are not shown (Todoist, Google Tasks).
    pub(super) hides_completed: bool,
    /// Items are shown in the other order.
    pub(super) reversed: bool,
    /// The next so many pushes of items are lost.
    pub(super) lost_pushes: u32,
    /// Each push comes twice.
    pub(super) doubles_pushes: bool,
    /// Changes show only after so many refreshes (`homeassistant.update_entity`), counted down.
    pub(super) late: Option<Late>,
    /// A new item gets another uid when it is shown for the first time after a refresh.
    pub(super) changes_uids: bool,
    /// It says that it knows no items, as an entity does whose coordinator failed.
    pub(super) blank: bool,
}

/// A list that refreshes late.
#[derive(Clone, Copy, Debug)]
pub(super) struct Late {
    pub(super) refreshes: u32,
    pub(super) left: u32,
}

impl TodoList {
    pub(super) fn new(name: &str, features: u32) -> Self {
        Self {
            name: name.to_owned(),
            features,
            items: Vec::new(),
            visible: Vec::new(),
            held: false,
            loaded: true,
            oddities: Oddities::default(),
        }
    }

    /// What Home Assistant sees when it looks now.
    pub(super) fn view(&self) -> Vec<Item> {
        if self.oddities.blank {
            return Vec::new();
        }
        let mut items = self.items.clone();
        if self.oddities.hides_completed {
            items.retain(|item| item.status == Status::NeedsAction);
        }
        if self.oddities.reversed {
            items.reverse();
        }
        items
    }

    /// The entity's state and attributes.
    pub(super) fn known(&self) -> Known {
        let open = |item: &&Item| item.status == Status::NeedsAction;
        let mut attributes = Map::new();
        attributes.insert("supported_features".into(), self.features.into());
        attributes.insert("friendly_name".into(), self.name.clone().into());
        let state = if self.oddities.blank {
            "unknown".to_owned()
        } else {
            self.visible.iter().filter(open).count().to_string()
        };
        Known {
            state,
            attributes,
            platform: "local_todo",
        }
    }

    /// The list as an event for subscribers.
    pub(super) fn event(&self) -> Value {
        let items: Vec<Value> = self.visible.iter().map(Item::pushed).collect();
        json!({"items": items})
    }
}
