//! How the home's to-do lists change and are shown: loaded, changed, refreshed, pushed to subscribers.

use super::bus::Topic;
use super::todo::TodoList;
use super::world::World;

impl World {
    /// A list as Home Assistant can use it now.
    pub(super) fn usable_list(&self, entity_id: &str) -> Option<&TodoList> {
        let list = self.lists.get(entity_id);
        list.filter(|list| list.loaded && self.loaded())
    }

    /// Loads or unloads the integration behind a list. As in Home Assistant, subscriptions to the
    /// items belong to the entity that goes and hear nothing of the one that comes.
    pub(super) fn load_list(&mut self, entity_id: &str, loaded: bool) -> bool {
        let Some(list) = self.lists.get_mut(entity_id) else {
            return false;
        };
        list.loaded = loaded;
        let mut known = list.known();
        if loaded {
            list.visible = list.view();
            known = list.known();
        } else {
            known.state = "unavailable".to_owned();
            known.attributes.insert("restored".into(), true.into());
            self.bus.forget(&Topic::Todo(entity_id.to_owned()));
        }
        self.set_known(entity_id, known);
        true
    }

    /// Changes a list, and shows the change unless the list is held. Nothing if there is no such list.
    pub(super) fn change_list<T>(
        &mut self,
        entity_id: &str,
        change: impl FnOnce(&mut TodoList) -> T,
    ) -> Option<T> {
        let list = self.lists.get_mut(entity_id)?;
        let result = change(list);
        if !list.held && list.oddities.late.is_none() {
            self.show_list(entity_id);
        }
        Some(result)
    }

    /// Home Assistant looks at the list anew, as `homeassistant.update_entity` has it do.
    pub(super) fn refresh_list(&mut self, entity_id: &str) {
        let Some(list) = self.lists.get_mut(entity_id) else {
            return;
        };
        if let Some(late) = &mut list.oddities.late {
            late.left = late.left.saturating_sub(1);
            if late.left > 0 {
                return;
            }
            late.left = late.refreshes;
        }
        if list.held {
            return;
        }
        if list.oddities.changes_uids {
            let shown: Vec<String> = list.visible.iter().map(|item| item.uid.clone()).collect();
            for item in &mut list.items {
                if !item.uid.starts_with("synced-") && shown.contains(&item.uid) {
                    item.uid = format!("synced-{}", item.uid);
                }
            }
        }
        self.show_list(entity_id);
    }

    /// Shows and pushes the items as they are, if that is anything new.
    pub(super) fn show_list(&mut self, entity_id: &str) {
        let Some(list) = self.lists.get_mut(entity_id) else {
            return;
        };
        let view = list.view();
        if !list.loaded || view == list.visible {
            return;
        }
        list.visible = view;
        let (known, event) = (list.known(), list.event());
        let pushes = if list.oddities.lost_pushes > 0 {
            list.oddities.lost_pushes -= 1;
            0
        } else if list.oddities.doubles_pushes {
            2
        } else {
            1
        };
        self.set_known(entity_id, known);
        if !self.loaded() {
            return;
        }
        for _ in 0..pushes {
            self.bus.publish(|topic| match topic {
                Topic::Todo(wanted) if wanted == entity_id => Some(event.clone()),
                _ => None,
            });
        }
    }
}
