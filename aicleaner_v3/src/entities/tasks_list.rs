//! The open tasks as attributes of an entity, within what Home Assistant stores.

use serde_json::{Value, json};

use crate::model::{Task, ZoneView};

/// Core's recorder stores no attributes of more than 16,384 bytes (`components/recorder/db_schema.py`:
/// `MAX_STATE_ATTRS_BYTES`); name, icon and unit need room too.
const MOST_BYTES: usize = 14 * 1024;

/// `{"tasks": […]}`, oldest first, with `not_shown` when they are too many.
pub(super) fn open_tasks(view: &ZoneView) -> Value {
    let (tasks, not_shown) = within_bounds(&view.open_tasks);
    let mut attributes = json!({ "tasks": tasks });
    if not_shown > 0 {
        attributes["not_shown"] = not_shown.into();
    }
    attributes
}

/// As many of the tasks as Home Assistant stores, and how many are left out.
pub(super) fn within_bounds(all: &[Task]) -> (Vec<Value>, usize) {
    let mut size = r#"{"not_shown":18446744073709551615,"tasks":[]}"#.len();
    let mut tasks = Vec::new();
    for task in all {
        let row = one_task(task);
        size += row.to_string().len() + 1;
        if size > MOST_BYTES {
            break;
        }
        tasks.push(row);
    }
    let not_shown = all.len() - tasks.len();
    (tasks, not_shown)
}

/// What people are told of a task.
pub(super) fn one_task(task: &Task) -> Value {
    let mut row = json!({
        "title": task.title(),
        "priority": task.finding.priority.as_str(),
        "since": format!("{:.0}", task.opened_at),
    });
    if !task.finding.location.is_empty() {
        row["location"] = task.finding.location.clone().into();
    }
    if let Some(minutes) = task.finding.minutes {
        row["minutes"] = minutes.into();
    }
    row
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::entities::zone::tests::kitchen;
    use crate::model::{Confidence, Finding, Priority};

    fn task(title: &str) -> Task {
        let finding = Finding {
            task: None,
            category: None,
            camera: None,
            title: title.to_owned(),
            location: "on the \"counter\"".to_owned(),
            area: None,
            priority: Priority::High,
            minutes: Some(5),
            confidence: Confidence::CERTAIN,
        };
        Task::open(
            kitchen().zone.id,
            finding,
            Timestamp::from_second(1_800_000_000).unwrap(),
        )
    }

    #[test]
    fn a_task_tells_what_where_and_since_when() {
        let view = ZoneView {
            open_tasks: vec![task("Wipe the counter")],
            ..kitchen()
        };

        assert_eq!(
            open_tasks(&view),
            json!({"tasks": [{"title": "Wipe the counter", "location": "on the \"counter\"", "priority": "high",
                              "minutes": 5, "since": "2027-01-15T08:00:00Z"}]})
        );
    }

    #[test]
    fn more_tasks_than_home_assistant_stores_are_counted_instead() {
        let view = ZoneView {
            open_tasks: vec![task(&"\u{1F9FD}\"".repeat(60)); 500],
            ..kitchen()
        };

        let attributes = open_tasks(&view);

        assert!(attributes.to_string().len() <= MOST_BYTES);
        let shown = attributes["tasks"].as_array().unwrap().len();
        assert!(shown > 10);
        assert_eq!(attributes["not_shown"], 500 - shown);
    }
}
