//! What to do next with the effects on one list, from the rows and the items as they are. Pure: this is where
//! it is decided that nothing is ever added twice.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{ItemAction, ItemUid, TaskId};
use crate::store::{OutboxRow, RowId, Stage};

/// An effect that was tried and does not show is looked for again after this long.
pub const RECHECK: Duration = Duration::from_secs(15);
/// So often must a refreshed list not show an addition before it is tried again.
const BELIEVED_ABSENT: u32 = 2;
const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_secs(900);

/// The next thing to do with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The list shows it: take it out of the outbox. `uid` is the task's item.
    Confirm { row: RowId, uid: ItemUid },
    /// Nothing is left to do: take these out of the outbox.
    Drop(Vec<RowId>),
    /// Note `stage`, then call Home Assistant.
    Try { row: RowId, stage: Stage },
    /// It was tried and does not show: refresh the list and look again.
    Refresh { row: RowId },
    /// Nothing can be done before then.
    Wait { until: Option<Timestamp> },
}

/// What is known of one list.
pub struct Situation<'a> {
    /// The rows that wait, in order.
    pub rows: &'a [OutboxRow],
    /// The items that the list shows.
    pub items: &'a [TodoItem],
    /// The uids that belong to tasks of ours already.
    pub known: &'a BTreeSet<ItemUid>,
    /// The items of the rows' tasks, as far as they are known.
    pub item_of: &'a HashMap<TaskId, ItemUid>,
    /// The time.
    pub now: Timestamp,
}

/// The next step on the list; rows are worked off in order, and one that must wait holds up only rows of the
/// same task or with the same text.
pub fn next_step(situation: &Situation<'_>) -> Step {
    let mut wait: Option<Timestamp> = None;
    for (index, row) in situation.rows.iter().enumerate() {
        let earlier = &situation.rows[..index];
        if earlier
            .iter()
            .any(|before| before.effect.task == row.effect.task || same_text(before, row))
        {
            continue;
        }
        match step(situation, row) {
            Step::Wait { until } => wait = earliest(wait, until),
            step => return step,
        }
    }
    Step::Wait { until: wait }
}

/// The next step of one row by itself, if it is still there.
pub fn next_step_of(situation: &Situation<'_>, row: RowId) -> Option<Step> {
    situation
        .rows
        .iter()
        .find(|other| other.id == row)
        .map(|row| step(situation, row))
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn same_text(a: &OutboxRow, b: &OutboxRow) -> bool {
    matches!((&a.effect.action, &b.effect.action), (ItemAction::Add { summary: a, .. }, ItemAction::Add { summary: b, .. }) if a == b)
}

fn step(situation: &Situation<'_>, row: &OutboxRow) -> Step {
    match &row.effect.action {
        ItemAction::Add { summary, .. } => add(situation, row, summary),
        ItemAction::Complete => complete(situation, row),
    }
}

fn add(situation: &Situation<'_>, row: &OutboxRow, summary: &str) -> Step {
    match &row.stage {
        Stage::Pending { .. } if ends_before_it_began(situation, row) => {
            let of_task = situation
                .rows
                .iter()
                .filter(|other| other.effect.task == row.effect.task);
            Step::Drop(of_task.map(|other| other.id).collect())
        }
        Stage::Pending { not_before, .. } if *not_before > situation.now => Step::Wait {
            until: Some(*not_before),
        },
        Stage::Pending { attempts, .. } => {
            let before = situation
                .items
                .iter()
                .map(|item| item.uid.clone())
                .collect();
            Step::Try {
                row: row.id,
                stage: Stage::Sent {
                    attempts: attempts + 1,
                    at: situation.now,
                    before,
                    absent: 0,
                },
            }
        }
        Stage::Sent {
            at, before, absent, ..
        } => {
            let ours = |item: &&TodoItem| {
                item.summary == summary
                    && !before.contains(&item.uid)
                    && !situation.known.contains(&item.uid)
            };
            match situation.items.iter().find(ours) {
                Some(item) => Step::Confirm {
                    row: row.id,
                    uid: item.uid.clone(),
                },
                None => recheck(situation, row, *at, *absent),
            }
        }
    }
}

/// An item that would be ticked off as soon as it is there is not added at all.
fn ends_before_it_began(situation: &Situation<'_>, row: &OutboxRow) -> bool {
    situation.rows.iter().any(|other| {
        other.effect.task == row.effect.task && other.effect.action == ItemAction::Complete
    })
}

fn complete(situation: &Situation<'_>, row: &OutboxRow) -> Step {
    let Some(uid) = situation.item_of.get(&row.effect.task) else {
        return Step::Drop(vec![row.id]);
    };
    let open = situation
        .items
        .iter()
        .any(|item| item.uid == *uid && item.status == TodoStatus::NeedsAction);
    if !open {
        return Step::Drop(vec![row.id]);
    }
    match &row.stage {
        Stage::Pending { not_before, .. } if *not_before > situation.now => Step::Wait {
            until: Some(*not_before),
        },
        Stage::Pending { attempts, .. } => Step::Try {
            row: row.id,
            stage: Stage::Sent {
                attempts: attempts + 1,
                at: situation.now,
                before: Vec::new(),
                absent: 0,
            },
        },
        Stage::Sent { at, absent, .. } => recheck(situation, row, *at, *absent),
    }
}

fn recheck(situation: &Situation<'_>, row: &OutboxRow, sent_at: Timestamp, absent: u32) -> Step {
    let due = after(sent_at, RECHECK * (absent + 1));
    // A clock that jumped back must not put it off for ever.
    if due <= situation.now || sent_at > situation.now {
        Step::Refresh { row: row.id }
    } else {
        Step::Wait { until: Some(due) }
    }
}

/// The stage of a row whose effect the refreshed list still does not show.
pub fn after_refresh(stage: &Stage, now: Timestamp) -> Stage {
    match stage {
        Stage::Sent {
            attempts, absent, ..
        } if absent + 1 >= BELIEVED_ABSENT => not_done(*attempts, now),
        Stage::Sent {
            attempts,
            at,
            before,
            absent,
        } => Stage::Sent {
            attempts: *attempts,
            at: (*at).min(now),
            before: before.clone(),
            absent: absent + 1,
        },
        Stage::Pending { .. } => stage.clone(),
    }
}

/// The stage of a row that could not be looked for: the same, from now on.
pub fn put_off(stage: &Stage, now: Timestamp) -> Stage {
    match stage {
        Stage::Sent {
            attempts,
            before,
            absent,
            ..
        } => Stage::Sent {
            attempts: *attempts,
            at: now,
            before: before.clone(),
            absent: *absent,
        },
        Stage::Pending { .. } => stage.clone(),
    }
}

/// The stage of a row whose effect is known not to have happened.
pub fn not_done(attempts: u32, now: Timestamp) -> Stage {
    let wait = FIRST_RETRY
        .saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)))
        .min(LONGEST_RETRY);
    Stage::Pending {
        attempts,
        not_before: after(now, wait),
    }
}

fn after(at: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| at.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Effect, EntityId};

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
        row(
            id,
            task,
            ItemAction::Add {
                summary: summary.to_owned(),
                description: String::new(),
            },
            stage,
        )
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

    fn plan(
        rows: &[OutboxRow],
        items: &[TodoItem],
        known: &[(TaskId, &str)],
        at: Timestamp,
    ) -> Step {
        let item_of: HashMap<_, _> = known
            .iter()
            .map(|(task, uid)| (*task, ItemUid::new(*uid)))
            .collect();
        let known = item_of.values().cloned().collect();
        next_step(&Situation {
            rows,
            items,
            known: &known,
            item_of: &item_of,
            now: at,
        })
    }

    #[test]
    fn a_pending_addition_is_tried_and_remembers_what_was_there_before() {
        let rows = [add(1, task(), "Cup", pending())];
        let items = [item("a", "Cup", TodoStatus::NeedsAction)];

        let step = plan(&rows, &items, &[], now());

        assert_eq!(
            step,
            Step::Try {
                row: RowId::from(1),
                stage: sent(&["a"], 0)
            }
        );
    }

    #[test]
    fn a_sent_addition_is_never_tried_again_before_the_list_was_looked_at() {
        let rows = [add(1, task(), "Cup", sent(&["a"], 0))];
        let items = [item("a", "Cup", TodoStatus::NeedsAction)];

        assert_eq!(
            plan(&rows, &items, &[], later(1)),
            Step::Wait {
                until: Some(later(15))
            }
        );
        assert_eq!(
            plan(&rows, &items, &[], later(15)),
            Step::Refresh {
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
            Step::Confirm {
                row: RowId::from(1),
                uid: ItemUid::new("b")
            }
        );
    }

    #[test]
    fn an_item_of_another_task_is_not_ours() {
        let rows = [add(1, task(), "Cup", sent(&[], 0))];
        let items = [item("a", "Cup", TodoStatus::NeedsAction)];

        assert_eq!(
            plan(&rows, &items, &[(task(), "a")], later(1)),
            Step::Wait {
                until: Some(later(15))
            }
        );
    }

    #[test]
    fn only_twice_believed_absent_is_an_addition_tried_again() {
        let once = after_refresh(&sent(&[], 0), later(15));
        let twice = after_refresh(&once, later(30));

        assert_eq!(once, sent(&[], 1));
        assert!(
            matches!(twice, Stage::Pending { attempts: 1, not_before } if not_before == later(35)),
            "{twice:?}"
        );
    }

    #[test]
    fn the_same_text_twice_is_added_one_after_the_other() {
        let rows = [
            add(1, task(), "Cup", sent(&[], 0)),
            add(2, task(), "Cup", pending()),
            add(3, task(), "Sock", pending()),
        ];

        let Step::Try { row, .. } = plan(&rows, &[], &[], later(1)) else {
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
            Step::Drop(vec![RowId::from(1), RowId::from(2)])
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
            Step::Wait {
                until: Some(later(15))
            }
        );
    }

    #[test]
    fn an_open_item_is_ticked_and_one_that_is_ticked_or_gone_needs_nothing() {
        let task = task();
        let rows = [row(1, task, ItemAction::Complete, pending())];
        let known = [(task, "a")];

        assert!(matches!(
            plan(
                &rows,
                &[item("a", "Cup", TodoStatus::NeedsAction)],
                &known,
                now()
            ),
            Step::Try { .. }
        ));
        assert_eq!(
            plan(
                &rows,
                &[item("a", "Cup", TodoStatus::Completed)],
                &known,
                now()
            ),
            Step::Drop(vec![RowId::from(1)])
        );
        assert_eq!(
            plan(&rows, &[], &known, now()),
            Step::Drop(vec![RowId::from(1)])
        );
        assert_eq!(
            plan(&rows, &[], &[], now()),
            Step::Drop(vec![RowId::from(1)])
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
}
