//! Changing to-do lists (`homeassistant/components/todo/services.py`). That it was done is seen in the list's
//! subscription, not in the answer: `add_item` does not tell the new item's uid.

use serde_json::{Value, json};

use crate::model::{EntityId, ItemUid};

use super::error::{HomeError, Refusal};
use super::handle::HomeAssistant;
use super::lists::TodoList;

/// What a list can do: `supported_features` of its state (`homeassistant/components/todo/const.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TodoFeatures(u64);

impl TodoFeatures {
    /// Items can be added.
    pub fn create(self) -> bool {
        self.0 & 1 != 0
    }

    /// Items can be removed.
    pub fn delete(self) -> bool {
        self.0 & 2 != 0
    }

    /// Items can be ticked.
    pub fn update(self) -> bool {
        self.0 & 4 != 0
    }

    /// Items have a due date.
    pub fn due_date(self) -> bool {
        self.0 & 16 != 0
    }

    /// Items have a due date and time.
    pub fn due_datetime(self) -> bool {
        self.0 & 32 != 0
    }

    /// Items have descriptions.
    pub fn description(self) -> bool {
        self.0 & 64 != 0
    }
}

impl HomeAssistant {
    /// What the list can do, once its state was heard.
    pub fn todo_features(&self, list: &EntityId) -> Option<TodoFeatures> {
        self.state(list)
            .map(|state| TodoFeatures(state.supported_features()))
    }

    /// Adds an item. The description is left out where the list has none.
    ///
    /// # Errors
    /// When Home Assistant is away, the list is not known yet, is missing, or refuses.
    pub async fn add_item(
        &self,
        list: &EntityId,
        summary: &str,
        description: Option<&str>,
    ) -> Result<(), HomeError> {
        self.add_item_due(list, summary, description, None).await
    }

    /// Adds an item that is due at a date or a time (ISO 8601). What the list has no feature for is left out.
    ///
    /// # Errors
    /// As [`Self::add_item`].
    pub async fn add_item_due(
        &self,
        list: &EntityId,
        summary: &str,
        description: Option<&str>,
        due: Option<&str>,
    ) -> Result<(), HomeError> {
        let features = self.features_of(list)?;
        let mut data = json!({"entity_id": list, "item": summary});
        if let (Some(text), true) = (description, features.description()) {
            data["description"] = text.into();
        }
        match due {
            Some(due) if due.contains('T') && features.due_datetime() => {
                data["due_datetime"] = due.into();
            }
            Some(due) if !due.contains('T') && features.due_date() => {
                data["due_date"] = due.into();
            }
            _ => {}
        }
        self.todo_service("add_item", list, data).await
    }

    /// Takes an item's tick back.
    ///
    /// # Errors
    /// When Home Assistant is away, the list is not known yet, is missing, or refuses (the item may be gone).
    pub async fn reopen_item(&self, list: &EntityId, uid: &ItemUid) -> Result<(), HomeError> {
        self.features_of(list)?;
        let data = json!({"entity_id": list, "item": uid, "status": "needs_action"});
        self.todo_service("update_item", list, data).await
    }

    /// Ticks an item.
    ///
    /// # Errors
    /// When Home Assistant is away, the list is not known yet, is missing, or refuses (the item may be gone).
    pub async fn complete_item(&self, list: &EntityId, uid: &ItemUid) -> Result<(), HomeError> {
        self.features_of(list)?;
        let data = json!({"entity_id": list, "item": uid, "status": "completed"});
        self.todo_service("update_item", list, data).await
    }

    /// Removes an item.
    ///
    /// # Errors
    /// When Home Assistant is away, the list is not known yet, is missing, or refuses (the item may be gone).
    pub async fn remove_item(&self, list: &EntityId, uid: &ItemUid) -> Result<(), HomeError> {
        self.features_of(list)?;
        let data = json!({"entity_id": list, "item": [uid]});
        self.todo_service("remove_item", list, data).await
    }

    /// A service call to an entity that is missing or unavailable succeeds and does nothing
    /// (`homeassistant/helpers/service.py`), so that is looked at first.
    fn features_of(&self, list: &EntityId) -> Result<TodoFeatures, HomeError> {
        let known = self.todo_list(list).borrow().clone();
        match (self.state(list), known) {
            (Some(state), _) if state.is_available() => {
                Ok(TodoFeatures(state.supported_features()))
            }
            (_, TodoList::Missing) => Err(HomeError::ListMissing { list: list.clone() }),
            _ if self.is_running() => Err(HomeError::ListUnavailable { list: list.clone() }),
            _ => Err(self.absence()),
        }
    }

    async fn todo_service(
        &self,
        service: &str,
        list: &EntityId,
        data: Value,
    ) -> Result<(), HomeError> {
        match self.call_service("todo", service, data, false).await {
            Ok(_) => Ok(()),
            Err(HomeError::Refused {
                refusal: Refusal::Invalid | Refusal::Failed,
                message,
                ..
            }) => Err(HomeError::ListRefused {
                list: list.clone(),
                message,
            }),
            Err(e) => Err(e),
        }
    }
}
