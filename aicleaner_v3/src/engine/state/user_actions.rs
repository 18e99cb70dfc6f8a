//! What people did with the items of a zone's tasks, and items that are adopted: planned by pure functions, then stored
//! and taken over.

use jiff::Timestamp;

use super::zone_state::{ZoneState, history};
use crate::engine::description::ItemPlace;
use crate::model::{Confidence, EntityId, Finding, ItemSeen, Task, TaskId, UserAction, ZoneId};
use crate::store::{Commit, ItemChange, StoreError};
use crate::tasks::{Change, Policy, What, apply_user_action};

/// What is to be stored because of people.
#[derive(Debug, Clone, Default, PartialEq)]
struct AppliedAction {
    /// The tasks that change.
    changes: Vec<Change>,
    /// What was seen of their items.
    items: Vec<ItemChange>,
    /// Effects that no longer matter.
    unqueued: Vec<(TaskId, EntityId)>,
    /// Why, for the history.
    why: &'static str,
}

impl ZoneState {
    /// Takes over what a person did with an item. Doing it twice does no harm.
    ///
    /// # Errors
    /// When the store can't be read or does not take it.
    pub async fn apply_user_action(&mut self, action: &UserAction) -> Result<(), StoreError> {
        let known = self.tasks.iter().find(|task| task.id == action.task);
        let task = match known {
            Some(task) => task.clone(),
            // One that no longer lives: a person may open it again all the same.
            None => match self.services.store.task(action.task).await? {
                Some(task) => task,
                None => return Ok(()),
            },
        };
        let applied = plan_user_action(&task, &self.tasks, action, &self.policy);
        self.store_applied(applied).await
    }

    /// Takes up an item of ours that no task knows.
    ///
    /// # Errors
    /// When the store can't be read or does not take it.
    pub async fn adopt(&mut self, item: &ItemSeen, place: &ItemPlace) -> Result<(), StoreError> {
        let Some(list) = self.zone.todo_list.clone() else {
            return Ok(());
        };
        let mut has_item = Vec::new();
        for task in self.tasks.iter().filter(|task| task.is_open()) {
            let store = &self.services.store;
            match store.item_of(task.id, list.clone()).await? {
                Some(known) if known.uid == item.uid => return Ok(()),
                Some(_) => has_item.push(task.id),
                None => {}
            }
        }
        let now = self.services.clock.now();
        let applied = plan_adoption(
            &self.zone.id,
            &self.tasks,
            &has_item,
            &list,
            item,
            place,
            now,
        );
        self.store_applied(applied).await
    }

    async fn store_applied(&mut self, applied: AppliedAction) -> Result<(), StoreError> {
        let now = self.services.clock.now();
        let commit = Commit {
            history: history(
                &applied.changes,
                now,
                Some(applied.why),
                "a person, on the list",
            ),
            items: applied.items,
            unqueued: applied.unqueued,
            ..Commit::of(self.record.clone(), now)
        };
        self.commit(commit, &applied.changes).await?;
        self.publish();
        self.emit_changes(applied.changes);
        Ok(())
    }
}

/// Applies one user action.
fn plan_user_action(
    task: &Task,
    living: &[Task],
    action: &UserAction,
    policy: &Policy,
) -> AppliedAction {
    // Also of an item that is gone: should the list show it again, it is known.
    let seen = ItemChange {
        task: task.id,
        list: action.list.clone(),
        item: action.item.clone(),
    };
    AppliedAction {
        changes: apply_user_action(task, living, &action.kind, policy, action.at),
        items: vec![seen],
        unqueued: Vec::new(),
        why: action.kind.as_str(),
    }
}

/// Takes up an item of ours that no task knows: for the open task of that name which has no item yet, else as
/// a new task. `has_item` tells which tasks have one.
fn plan_adoption(
    zone: &ZoneId,
    living: &[Task],
    has_item: &[TaskId],
    list: &EntityId,
    item: &ItemSeen,
    place: &ItemPlace,
    now: Timestamp,
) -> AppliedAction {
    let known = living.iter().find(|task| {
        task.is_open() && task.title() == item.summary && !has_item.contains(&task.id)
    });
    let mut applied = AppliedAction {
        why: "adopted",
        ..AppliedAction::default()
    };
    let task = match known {
        Some(task) => {
            applied.unqueued.push((task.id, list.clone()));
            task.id
        }
        None => {
            let finding = Finding {
                location: place.location.clone(),
                minutes: place.minutes,
                ..Finding::new(item.summary.clone(), Confidence::CERTAIN)
            };
            let mut task = Task::open(zone.clone(), finding, now);
            task.due.clone_from(&item.due);
            let id = task.id;
            applied.changes.push(Change {
                task,
                what: What::ByPerson,
            });
            id
        }
    };
    applied.items.push(ItemChange {
        task,
        list: list.clone(),
        item: item.clone(),
    });
    applied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures::task;
    use crate::model::ItemUid;

    fn item(summary: &str) -> ItemSeen {
        ItemSeen {
            uid: ItemUid::new("u1"),
            summary: summary.to_owned(),
            due: None,
            is_ticked: false,
            twins: vec![],
        }
    }

    #[test]
    fn an_item_of_ours_is_taken_up_by_the_task_that_waits_for_it_or_becomes_one() {
        let list = EntityId::parse("todo.chores").unwrap();
        let spill = task();
        let living = [spill.clone()];
        let adopt = |has_item: &[TaskId]| {
            plan_adoption(
                &spill.zone,
                &living,
                has_item,
                &list,
                &item("Wipe the spill"),
                &ItemPlace::default(),
                Timestamp::UNIX_EPOCH,
            )
        };

        let waited_for = adopt(&[]);
        let unknown = adopt(&[spill.id]);

        assert!(waited_for.changes.is_empty());
        assert_eq!(waited_for.unqueued, [(spill.id, list.clone())]);
        assert!(unknown.changes[0].task.is_open());
        assert_eq!(unknown.items.len(), 1);
    }
}
