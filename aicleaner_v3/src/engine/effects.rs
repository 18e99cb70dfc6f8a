//! What a change of tasks means for to-do lists. Pure.

use crate::model::{Effect, EntityId, Item, ItemAction, Task, TaskId, Zone};
use crate::tasks::{Change, What};

use super::description::{self, Writing};

/// The effects of `changes` on the zone's list; none if the zone has no list. What a person did on the list is
/// there already.
pub fn effects(zone: &Zone, changes: &[Change], writing: &Writing) -> Vec<Effect> {
    let Some(list) = &zone.todo_list else {
        return Vec::new();
    };
    changes
        .iter()
        .filter_map(|change| {
            let action = match change.what {
                What::Opened => ItemAction::Add(item(zone, &change.task, writing)),
                What::Reopened => ItemAction::Reopen(item(zone, &change.task, writing)),
                What::Done => ItemAction::Complete,
                What::Merged | What::Cleared => ItemAction::Remove,
                What::Proposed | What::ByPerson | What::Settled | What::Noted => return None,
            };
            Some(effect(change.task.id, list, action))
        })
        .collect()
}

/// The effects that bring each open task to where the zone's tasks belong now: the list may have been changed,
/// or a task may have come without an item. `places` are the lists that hold or await the items.
pub fn moves(
    zone: &Zone,
    tasks: &[Task],
    places: &[(TaskId, EntityId)],
    writing: &Writing,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for task in tasks.iter().filter(|task| task.is_open()) {
        let of_task = || {
            places
                .iter()
                .filter(|(id, _)| *id == task.id)
                .map(|(_, list)| list)
        };
        for list in of_task().filter(|list| zone.todo_list.as_ref() != Some(list)) {
            effects.push(effect(task.id, list, ItemAction::Remove));
        }
        if let Some(list) = &zone.todo_list
            && !of_task().any(|other| other == list)
        {
            let action = ItemAction::Add(item(zone, task, writing));
            effects.push(effect(task.id, list, action));
        }
    }
    effects
}

fn effect(task: TaskId, list: &EntityId, action: ItemAction) -> Effect {
    Effect {
        task,
        list: list.clone(),
        action,
    }
}

fn item(zone: &Zone, task: &Task, writing: &Writing) -> Item {
    Item {
        summary: task.title().to_owned(),
        description: description::write(zone, task, writing),
        due: writing.due(task),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::engine::fixtures::{task, zone};
    use crate::model::TaskState;

    fn change(what: What) -> Change {
        Change { task: task(), what }
    }

    #[test]
    fn an_open_task_is_added_with_place_and_minutes() {
        let effects = effects(
            &zone(Some("todo.chores")),
            &[change(What::Opened)],
            &Writing::default(),
        );

        let ItemAction::Add(item) = &effects[0].action else {
            panic!("{effects:?}")
        };
        assert_eq!(item.summary, "Wipe the spill");
        assert_eq!(
            item.description,
            "Kitchen, on the counter. About 5 minutes."
        );
    }

    #[test]
    fn a_task_seen_done_is_ticked_off_and_what_a_person_did_is_left_alone() {
        let changes = [
            change(What::Done),
            change(What::ByPerson),
            change(What::Noted),
        ];

        let effects = effects(&zone(Some("todo.chores")), &changes, &Writing::default());

        assert_eq!(effects.len(), 1);
        assert_eq!(effects[0].action, ItemAction::Complete);
    }

    #[test]
    fn a_task_that_a_person_named_keeps_its_name() {
        let mut reopened = change(What::Reopened);
        reopened.task.renamed = Some("Grandma's spill".to_owned());

        let effects = effects(&zone(Some("todo.chores")), &[reopened], &Writing::default());

        assert!(
            matches!(&effects[0].action, ItemAction::Reopen(item) if item.summary == "Grandma's spill")
        );
    }

    #[test]
    fn a_zone_without_a_list_has_no_effects() {
        assert!(effects(&zone(None), &[change(What::Opened)], &Writing::default()).is_empty());
    }

    #[test]
    fn open_items_move_to_the_list_that_is_chosen_now() {
        let open = task();
        let done = task().moved(TaskState::DoneByCamera, Timestamp::UNIX_EPOCH);
        let old = EntityId::parse("todo.old").unwrap();
        let places = [(open.id, old.clone()), (done.id, old.clone())];
        let tasks = [open, done];

        let moved = moves(
            &zone(Some("todo.new")),
            &tasks,
            &places,
            &Writing::default(),
        );
        let none = moves(
            &zone(Some("todo.old")),
            &tasks,
            &places,
            &Writing::default(),
        );
        let away = moves(&zone(None), &tasks, &places, &Writing::default());

        assert_eq!(moved.len(), 2);
        assert_eq!(
            (&moved[0].list, &moved[0].action),
            (&old, &ItemAction::Remove)
        );
        assert!(matches!(moved[1].action, ItemAction::Add(_)));
        assert!(none.is_empty());
        assert_eq!(away.len(), 1);
    }
}
