//! What happens in zones, as the payloads of their event entities: all that an automation needs, in words that never
//! change. Only renders: it decides nothing.

use serde_json::{Map, Value, json};

use super::tasks_list;
use crate::engine::ZoneEvent;
use crate::model::{Task, TaskState, ZoneId};

/// The event types of a zone's event entity.
pub(super) const TYPES: [&str; 6] = [
    "mess_found",
    "task_added",
    "task_done",
    "all_tidy",
    "failed",
    "skipped",
];

/// The zone in which `event` happened and the payload that tells it; none of what has no event type.
pub(super) fn occurrence(event: &ZoneEvent) -> Option<(&ZoneId, Value)> {
    Some(match event {
        ZoneEvent::MessFound(event) => (
            &event.zone,
            json!({
                "event_type": "mess_found",
                "score": event.score.get(),
                "needs_cleaning": event.needs_cleaning,
                "summary": event.summary,
                "trigger": event.trigger.as_str(),
                "tasks": tasks_list::within_bounds(&event.tasks).0,
            }),
        ),
        ZoneEvent::AllTidy(event) => (
            &event.zone,
            json!({
                "event_type": "all_tidy",
                "score": event.score.map(crate::model::Score::get),
            }),
        ),
        ZoneEvent::TaskOpened(event) => (&event.task.zone, of_task("task_added", &event.task)),
        ZoneEvent::TaskEnded(event) => {
            let mut payload = of_task("task_done", &event.task);
            payload["how"] = how(event.task.state).into();
            (&event.task.zone, payload)
        }
        ZoneEvent::CheckFailed(event) => (
            &event.zone,
            json!({
                "event_type": "failed",
                "code": event.code.as_str(),
                "reason": event.sentence.chars().take(500).collect::<String>(),
            }),
        ),
        ZoneEvent::CheckSkipped(event) => (
            &event.zone,
            json!({ "event_type": "skipped", "reason": event.reason.as_str() }),
        ),
        ZoneEvent::SnapshotTaken(_) | ZoneEvent::ZoneAssessed(_) | ZoneEvent::TidyRemembered(_) => {
            return None;
        }
    })
}

fn of_task(event_type: &str, task: &Task) -> Value {
    let mut payload = Map::from_iter([
        ("event_type".to_owned(), event_type.into()),
        ("task_id".to_owned(), task.id.to_string().into()),
    ]);
    if let Value::Object(row) = tasks_list::one_task(task) {
        payload.extend(row);
    }
    Value::Object(payload)
}

fn how(state: TaskState) -> &'static str {
    match state {
        TaskState::DoneByCamera => "seen",
        TaskState::DoneByPerson => "ticked",
        TaskState::Dismissed => "deleted",
        TaskState::Settled => "merged",
        TaskState::Open | TaskState::Proposed => "reopened",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AllTidy, CheckSkipped, MessFound, TaskEnded};
    use crate::model::{Confidence, Finding, Score, SkipReason, Trigger};

    fn kitchen() -> ZoneId {
        ZoneId::parse("kitchen").unwrap()
    }

    fn task() -> Task {
        let finding = Finding {
            minutes: Some(5),
            ..Finding::new("Wipe the spill", Confidence::CERTAIN)
        };
        Task::open(kitchen(), finding, jiff::Timestamp::UNIX_EPOCH)
    }

    fn told(event: impl Into<ZoneEvent>) -> Value {
        occurrence(&event.into()).unwrap().1
    }

    #[test]
    fn each_event_tells_its_type_and_what_an_automation_needs() {
        let mess = told(MessFound {
            zone: kitchen(),
            score: Score::new(40).unwrap(),
            needs_cleaning: true,
            summary: "A spill".to_owned(),
            trigger: Trigger::State,
            tasks: vec![task()],
        });
        let done = told(TaskEnded {
            task: task().moved(TaskState::DoneByCamera, jiff::Timestamp::UNIX_EPOCH),
        });
        let tidy = told(AllTidy {
            zone: kitchen(),
            score: Some(Score::TIDY),
        });
        let skipped = told(CheckSkipped {
            zone: kitchen(),
            reason: SkipReason::Dark,
        });

        assert_eq!(
            (&mess["event_type"], &mess["score"], &mess["trigger"]),
            (&json!("mess_found"), &json!(40), &json!("state"))
        );
        assert_eq!(mess["tasks"][0]["title"], "Wipe the spill");
        assert_eq!(
            (&done["event_type"], &done["how"], &done["minutes"]),
            (&json!("task_done"), &json!("seen"), &json!(5))
        );
        assert_eq!(tidy, json!({"event_type": "all_tidy", "score": 100}));
        assert_eq!(skipped, json!({"event_type": "skipped", "reason": "dark"}));
        for payload in [mess, done, tidy, skipped] {
            assert!(TYPES.contains(&payload["event_type"].as_str().unwrap()));
        }
    }

    #[test]
    fn an_event_stays_within_what_home_assistant_stores() {
        let mut many = vec![task(); 100];
        for task in &mut many {
            task.finding.title = "\u{1F9FD}".repeat(120);
        }

        let mess = told(MessFound {
            zone: kitchen(),
            score: Score::TIDY,
            needs_cleaning: false,
            summary: "x".repeat(500),
            trigger: Trigger::Schedule,
            tasks: many,
        });

        assert!(mess.to_string().len() < 16 * 1024);
    }
}
