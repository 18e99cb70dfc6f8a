//! What the people of the home do with a to-do list: tick, untick, delete, rename, add, look.
//! Every user action is pushed to subscribers like any other change.

use super::Home;
use super::inner::Inner;
use super::todo::{Item, Late, Oddities, Status, TodoList};
use crate::KitError;

/// A to-do list in people's hands.
#[derive(Clone, Copy)]
pub struct People<'home> {
    inner: &'home Inner,
    entity_id: &'home str,
}

impl Home {
    /// Adds an empty to-do list that can do all that `local_todo` can, while the home runs.
    pub fn add_todo_list(&self, entity_id: &str, name: &str) {
        let list = TodoList::new(name, super::features::ALL);
        let known = list.known();
        let mut world = self.inner.world();
        world.lists.insert(entity_id.to_owned(), list);
        world.set_known(entity_id, known);
    }

    /// The list `entity_id` in people's hands.
    #[must_use]
    pub fn todo<'home>(&'home self, entity_id: &'home str) -> People<'home> {
        People {
            inner: &self.inner,
            entity_id,
        }
    }
}

impl People<'_> {
    /// The items, as the service behind the list holds them. None if there is no such list.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let world = self.inner.world();
        let list = world.lists.get(self.entity_id);
        list.map(|list| list.items.clone()).unwrap_or_default()
    }

    /// The item with this uid or summary.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<Item> {
        let mut items = self.items().into_iter();
        items.find(|item| item.uid == name || item.summary == name)
    }

    /// Ticks an item, named by uid or summary.
    ///
    /// # Errors
    /// When there is no such list or item.
    pub fn tick(&self, name: &str) -> Result<(), KitError> {
        self.change(name, |item| item.mark(Status::Completed))
    }

    /// Takes a tick back.
    ///
    /// # Errors
    /// When there is no such list or item.
    pub fn untick(&self, name: &str) -> Result<(), KitError> {
        self.change(name, |item| item.mark(Status::NeedsAction))
    }

    /// Gives an item another text.
    ///
    /// # Errors
    /// When there is no such list or item.
    pub fn rename(&self, name: &str, summary: &str) -> Result<(), KitError> {
        self.change(name, |item| summary.clone_into(&mut item.summary))
    }

    /// Deletes an item.
    ///
    /// # Errors
    /// When there is no such list or item.
    pub fn delete(&self, name: &str) -> Result<(), KitError> {
        let uid = self.find(name)?.uid;
        self.change_list(|list| list.items.retain(|item| item.uid != uid))
    }

    /// Adds an item by hand, and gives its uid.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn add_by_person(&self, summary: &str) -> Result<String, KitError> {
        let item = Item::new(summary);
        let uid = item.uid.clone();
        self.change_list(|list| list.items.push(item))?;
        Ok(uid)
    }

    /// Keeps changes from Home Assistant's view, as a list that refreshes late does (CalDAV).
    ///
    /// # Errors
    /// When there is no such list.
    pub fn hold(&self) -> Result<(), KitError> {
        self.change_list(|list| list.held = true)
    }

    /// Shows the changes held back.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn release(&self) -> Result<(), KitError> {
        self.change_list(|list| list.held = false)
    }

    /// Unloads the integration behind the list: the entity is unavailable, services pass it over,
    /// and subscriptions to its items fall silent for good, as in Home Assistant.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn unload(&self) -> Result<(), KitError> {
        self.load_or_unload(false)
    }

    /// Loads the integration again.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn load(&self) -> Result<(), KitError> {
        self.load_or_unload(true)
    }

    /// Shows changes only after so many refreshes from now on, as CalDAV does; 0 shows them at once again.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn refresh_late(&self, refreshes: u32) -> Result<(), KitError> {
        self.behave(|oddities| {
            oddities.late = (refreshes > 0).then_some(Late {
                refreshes,
                left: refreshes,
            });
        })
    }

    /// Loses the next so many pushes: the state changes, but subscribers hear nothing.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn lose_pushes(&self, count: u32) -> Result<(), KitError> {
        self.behave(|oddities| oddities.lost_pushes = count)
    }

    /// Sends each push twice.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn double_pushes(&self, doubles: bool) -> Result<(), KitError> {
        self.behave(|oddities| oddities.doubles_pushes = doubles)
    }

    /// Gives items another uid at the first refresh after they were shown.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn change_uids(&self, changes: bool) -> Result<(), KitError> {
        self.behave(|oddities| oddities.changes_uids = changes)
    }

    /// Hides ticked items, as Todoist and Google Tasks do.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn hide_completed(&self, hides: bool) -> Result<(), KitError> {
        self.behave(|oddities| oddities.hides_completed = hides)
    }

    /// Shows the items in the other order.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn reverse(&self, reversed: bool) -> Result<(), KitError> {
        self.behave(|oddities| oddities.reversed = reversed)
    }

    /// Knows no items for a while: the state is `unknown`, and an empty list is pushed.
    ///
    /// # Errors
    /// When there is no such list.
    pub fn go_blank(&self, blank: bool) -> Result<(), KitError> {
        self.behave(|oddities| oddities.blank = blank)
    }

    fn behave(&self, change: impl FnOnce(&mut Oddities)) -> Result<(), KitError> {
        self.change_list(|list| change(&mut list.oddities))
    }

    fn load_or_unload(&self, loaded: bool) -> Result<(), KitError> {
        if self.inner.world().load_list(self.entity_id, loaded) {
            return Ok(());
        }
        Err(self.no_such_list())
    }

    fn no_such_list(&self) -> KitError {
        KitError::Unknown {
            what: "to-do list",
            name: self.entity_id.to_owned(),
        }
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Item)) -> Result<(), KitError> {
        let uid = self.find(name)?.uid;
        self.change_list(|list| {
            if let Some(item) = list.items.iter_mut().find(|item| item.uid == uid) {
                change(item);
            }
        })
    }

    fn find(&self, name: &str) -> Result<Item, KitError> {
        self.item(name).ok_or_else(|| KitError::Unknown {
            what: "to-do item",
            name: name.to_owned(),
        })
    }

    fn change_list(&self, change: impl FnOnce(&mut TodoList)) -> Result<(), KitError> {
        let mut world = self.inner.world();
        let changed = world.change_list(self.entity_id, change);
        changed.ok_or_else(|| self.no_such_list())
    }
}
