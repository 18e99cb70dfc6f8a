//! What a change of tasks means for a to-do list. Pure.

use crate::model::{Effect, EntityId, ItemAction, Task, TaskState, Zone};

/// The effects of `tasks`, new or changed, on the zone's list; none if the zone has no list.
/// What a person did on the list is there already.
pub fn effects<'a>(zone: &Zone, tasks: impl Iterator<Item = &'a Task>) -> Vec<Effect> {
    let Some(list) = &zone.todo_list else {
        return Vec::new();
    };
    tasks.filter_map(|task| effect(zone, list, task)).collect()
}

fn effect(zone: &Zone, list: &EntityId, task: &Task) -> Option<Effect> {
    let action = match task.state {
        TaskState::Open => ItemAction::Add {
            summary: task.finding.title.clone(),
            description: description(zone, task),
        },
        TaskState::DoneByCamera => ItemAction::Complete,
        TaskState::DoneByPerson | TaskState::Settled => return None,
    };
    Some(Effect {
        task: task.id,
        list: list.clone(),
        action,
    })
}

/// `Kitchen, on the counter. About 5 minutes.`
fn description(zone: &Zone, task: &Task) -> String {
    let mut text = zone.name.clone();
    if !task.finding.location.is_empty() {
        text.push_str(", ");
        text.push_str(&task.finding.location);
    }
    text.push('.');
    if let Some(minutes) = task.finding.minutes {
        text.push_str(&format!(
            " About {minutes} {}.",
            if minutes == 1 { "minute" } else { "minutes" }
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::model::{Confidence, Finding, Priority, Score, Sensitivity, ZoneId};

    fn zone(list: Option<&str>) -> Zone {
        Zone {
            id: ZoneId::parse("kitchen").unwrap(),
            name: "Kitchen".to_owned(),
            cameras: vec![],
            purpose: String::new(),
            todo_list: list.map(|list| EntityId::parse(list).unwrap()),
            interval: Duration::from_secs(900),
            threshold: Score::TIDY,
            sensitivity: Sensitivity::Normal,
            reassess_after: Duration::from_secs(86_400),
            providers: Vec::new(),
        }
    }

    fn task() -> Task {
        let finding = Finding {
            title: "Wipe the spill".to_owned(),
            location: "on the counter".to_owned(),
            area: None,
            task: None,
            category: None,
            camera: None,
            priority: Priority::Normal,
            minutes: Some(5),
            confidence: Confidence::CERTAIN,
        };
        Task::open(
            ZoneId::parse("kitchen").unwrap(),
            finding,
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn an_open_task_is_added_with_place_and_minutes() {
        let effects = effects(&zone(Some("todo.chores")), [task()].iter());

        let ItemAction::Add {
            summary,
            description,
        } = &effects[0].action
        else {
            panic!("{effects:?}")
        };
        assert_eq!(summary, "Wipe the spill");
        assert_eq!(description, "Kitchen, on the counter. About 5 minutes.");
    }

    #[test]
    fn a_task_seen_done_is_ticked_off_and_one_that_a_person_ticked_is_left_alone() {
        let done = task().moved(TaskState::DoneByCamera, Timestamp::UNIX_EPOCH);
        let ticked = task().moved(TaskState::DoneByPerson, Timestamp::UNIX_EPOCH);

        let effects = effects(&zone(Some("todo.chores")), [done, ticked].iter());

        assert_eq!(effects.len(), 1);
        assert_eq!(effects[0].action, ItemAction::Complete);
    }

    #[test]
    fn a_zone_without_a_list_has_no_effects() {
        assert!(effects(&zone(None), [task()].iter()).is_empty());
    }
}
