use std::collections::BTreeMap as Map;

use jiff::SignedDuration;

use super::super::stage::after_refresh;
use super::*;
use crate::model::{Effect, EntityId};

mod existing_items;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn row(id: i64, task: TaskId, action: ItemAction, stage: Stage) -> OutboxRow {
    OutboxRow {
        id: RowId::from(id),
        effect: Effect {
            task,
            list: EntityId::parse("todo.chores").unwrap(),
            action,
        },
        stage,
    }
}

fn add(id: i64, task: TaskId, summary: &str, stage: Stage) -> OutboxRow {
    row(id, task, ItemAction::Add(text(summary)), stage)
}

fn text(summary: &str) -> Item {
    Item {
        summary: summary.to_owned(),
        description: String::new(),
        due: None,
    }
}

fn pending() -> Stage {
    Stage::Pending {
        attempts: 0,
        not_before: now(),
    }
}

fn sent(before: &[&str], absent: u32) -> Stage {
    Stage::Sent {
        attempts: 1,
        at: now(),
        before: before.iter().map(|uid| ItemUid::new(*uid)).collect(),
        absent,
    }
}

fn item(uid: &str, summary: &str, status: TodoStatus) -> TodoItem {
    TodoItem {
        uid: ItemUid::new(uid),
        summary: summary.to_owned(),
        status,
        description: None,
        due: None,
    }
}

fn task() -> TaskId {
    TaskId::new(now())
}

const ABLE: Abilities = Abilities {
    create: true,
    delete: true,
    update: true,
};

fn plan(
    rows: &[OutboxRow],
    items: &[TodoItem],
    known: &[(TaskId, &str)],
    at: Timestamp,
) -> OutboxStep {
    plan_with(rows, items, known, at, ABLE)
}

fn plan_with(
    rows: &[OutboxRow],
    items: &[TodoItem],
    known: &[(TaskId, &str)],
    at: Timestamp,
    can: Abilities,
) -> OutboxStep {
    let item_of: Map<_, _> = known
        .iter()
        .map(|(task, uid)| (*task, known_item(uid)))
        .collect();
    let known = item_of.values().map(|item| item.uid.clone()).collect();
    next_step(&Situation {
        rows,
        items,
        known: &known,
        seen: &BTreeSet::new(),
        is_doubtful: false,
        item_of: &item_of,
        can,
        patience: Patience::REMOTE,
        hides_completed: false,
        now: at,
    })
}

fn known_item(uid: &str) -> ItemSeen {
    ItemSeen {
        uid: ItemUid::new(uid),
        summary: "Cup".to_owned(),
        due: None,
        is_ticked: false,
        twins: vec![],
    }
}

#[test]
fn a_pending_addition_is_tried_and_remembers_what_was_there_before() {
    let rows = [add(1, task(), "Cup", pending())];
    let items = [item("a", "Cup", TodoStatus::NeedsAction)];

    let step = plan(&rows, &items, &[], now());

    assert_eq!(
        step,
        OutboxStep::Try {
            row: RowId::from(1),
            stage: sent(&["a"], 0),
            call: Call::Add(text("Cup")),
        }
    );
}

#[test]
fn a_sent_addition_is_never_tried_again_before_the_list_was_looked_at() {
    let rows = [add(1, task(), "Cup", sent(&["a"], 0))];
    let items = [item("a", "Cup", TodoStatus::NeedsAction)];

    assert_eq!(
        plan(&rows, &items, &[], later(1)),
        OutboxStep::Wait {
            until: Some(later(15))
        }
    );
    assert_eq!(
        plan(&rows, &items, &[], later(15)),
        OutboxStep::Refresh {
            row: RowId::from(1)
        }
    );
}

#[test]
fn a_sent_addition_is_ours_when_a_new_item_has_our_text() {
    let rows = [add(1, task(), "Cup", sent(&["a"], 0))];
    let items = [
        item("a", "Cup", TodoStatus::NeedsAction),
        item("x", "Other", TodoStatus::NeedsAction),
        item("b", "Cup", TodoStatus::NeedsAction),
    ];

    assert_eq!(
        plan(&rows, &items, &[], later(1)),
        OutboxStep::Confirm {
            row: RowId::from(1),
            item: Some(ItemSeen {
                twins: vec![ItemUid::new("a")],
                ..known_item("b")
            })
        }
    );
}

#[test]
fn an_item_of_another_task_is_not_ours() {
    let rows = [add(1, task(), "Cup", sent(&[], 0))];
    let items = [item("a", "Cup", TodoStatus::NeedsAction)];

    assert_eq!(
        plan(&rows, &items, &[(task(), "a")], later(1)),
        OutboxStep::Wait {
            until: Some(later(15))
        }
    );
}

#[test]
fn only_twice_believed_absent_and_long_after_is_an_addition_tried_again() {
    let task = task();
    let plan_at = |absent, seconds| {
        plan(
            &[add(1, task, "Cup", sent(&[], absent))],
            &[],
            &[],
            later(seconds),
        )
    };

    assert_eq!(after_refresh(&sent(&[], 0), later(15)), sent(&[], 1));
    assert!(matches!(plan_at(1, 2000), OutboxStep::Refresh { .. }));
    assert!(matches!(plan_at(2, 959), OutboxStep::Refresh { .. }));
    let OutboxStep::Note { stage, .. } = plan_at(2, 960) else {
        panic!()
    };
    assert!(
        matches!(stage, Stage::Pending { attempts: 1, not_before } if not_before == later(965))
    );
}

#[test]
fn the_same_text_twice_is_added_one_after_the_other() {
    let rows = [
        add(1, task(), "Cup", sent(&[], 0)),
        add(2, task(), "Cup", pending()),
        add(3, task(), "Sock", pending()),
    ];

    let OutboxStep::Try { row, .. } = plan(&rows, &[], &[], later(1)) else {
        panic!()
    };

    assert_eq!(row, RowId::from(3));
}

#[test]
fn what_is_done_before_it_was_added_is_not_added() {
    let task = task();
    let rows = [
        add(1, task, "Cup", pending()),
        row(2, task, ItemAction::Complete, pending()),
    ];

    assert_eq!(
        plan(&rows, &[], &[], now()),
        OutboxStep::Drop(vec![RowId::from(1), RowId::from(2)])
    );
}

#[test]
fn a_completion_waits_for_the_addition_before_it() {
    let task = task();
    let rows = [
        add(1, task, "Cup", sent(&[], 0)),
        row(2, task, ItemAction::Complete, pending()),
    ];

    assert_eq!(
        plan(&rows, &[], &[], later(1)),
        OutboxStep::Wait {
            until: Some(later(15))
        }
    );
}

#[test]
fn what_comes_after_an_addition_in_vain_stays() {
    let task = task();
    let rows = [
        add(1, task, "Cup", pending()),
        row(2, task, ItemAction::Complete, pending()),
        row(3, task, ItemAction::Reopen(text("Cup")), pending()),
    ];

    assert_eq!(
        plan(&rows, &[], &[], now()),
        OutboxStep::Drop(vec![RowId::from(1), RowId::from(2)])
    );
}

#[test]
fn retries_slow_down_but_never_stop() {
    let waits: Vec<_> = (1..12)
        .map(|attempts| match not_done(attempts, now()) {
            Stage::Pending { not_before, .. } => not_before.duration_since(now()).as_secs(),
            Stage::Sent { .. } => panic!(),
        })
        .collect();

    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
}
