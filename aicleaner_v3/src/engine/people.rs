//! What people did with items, and items that are adopted, as changes to store. Pure.

use jiff::Timestamp;

use super::description::Place;
use crate::model::{Confidence, EntityId, Finding, ItemSeen, Task, TaskId, UserAction, ZoneId};
use crate::store::ItemChange;
use crate::tasks::{Change, Policy, What, apply_user_action};

/// What is to be stored because of people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AppliedAction {
    /// The tasks that change.
    pub changes: Vec<Change>,
    /// What was seen of their items.
    pub items: Vec<ItemChange>,
    /// Effects that no longer matter.
    pub unqueued: Vec<(TaskId, EntityId)>,
    /// Why, for the history.
    pub why: &'static str,
}

/// Applies one user action.
pub fn plan_user_action(
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
pub fn adopt(
    zone: &ZoneId,
    living: &[Task],
    has_item: &[TaskId],
    list: &EntityId,
    item: &ItemSeen,
    place: &Place,
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
    use crate::engine::effects::tests::task;
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
        let take = |has_item: &[TaskId]| {
            adopt(
                &spill.zone,
                &living,
                has_item,
                &list,
                &item("Wipe the spill"),
                &Place::default(),
                Timestamp::UNIX_EPOCH,
            )
        };

        let waited_for = take(&[]);
        let unknown = take(&[spill.id]);

        assert!(waited_for.changes.is_empty());
        assert_eq!(waited_for.unqueued, [(spill.id, list.clone())]);
        assert!(unknown.changes[0].task.is_open());
        assert_eq!(unknown.items.len(), 1);
    }
}
