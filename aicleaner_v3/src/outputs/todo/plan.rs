//! What to do next with the effects on one list, from the rows and the items as they are. Pure: this is where
//! it is decided that nothing is ever added twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::items::{added_text, seen, seen_as};
use super::patience::{BELIEVED_ABSENT, Patience, after, earliest};
use super::stage::not_done;
use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{Item, ItemAction, ItemSeen, ItemUid, TaskId};
use crate::store::{OutboxRow, RowId, Stage};

/// What a list can do (`TodoListEntityFeature`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Take items.
    pub create: bool,
    /// Give items up.
    pub delete: bool,
    /// Tick items.
    pub update: bool,
}

/// The call to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Add this item.
    Add(Item),
    /// Tick it.
    Complete(ItemUid),
    /// Take its tick back.
    Reopen(ItemUid),
    /// Take it off the list.
    Remove(ItemUid),
}

/// The next thing to do with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxStep {
    /// The list shows it: take it out of the outbox. The task's item is this one, or gone.
    Confirm { row: RowId, item: Option<ItemSeen> },
    /// Nothing is left to do: take these out of the outbox.
    Drop(Vec<RowId>),
    /// Note `stage`, then call Home Assistant.
    Try {
        row: RowId,
        stage: Stage,
        call: Call,
    },
    /// Note `stage`.
    Note { row: RowId, stage: Stage },
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
    /// The uids that were on the list at any time since the start: none of them is new.
    pub seen: &'a BTreeSet<ItemUid>,
    /// Whether the list may not show what is on it: nothing was seen since the start although there should be
    /// items of ours, or most of ours vanished at once.
    pub is_doubtful: bool,
    /// The uids that belong to tasks of ours already.
    pub known: &'a BTreeSet<ItemUid>,
    /// The items of tasks, as far as they are known.
    pub item_of: &'a BTreeMap<TaskId, ItemSeen>,
    /// What the list can do.
    pub can: Abilities,
    /// How long to wait for it.
    pub patience: Patience,
    /// Whether it hides ticked items.
    pub hides_completed: bool,
    /// The time.
    pub now: Timestamp,
}

/// The next step on the list; rows are worked off in order, and one that must wait holds up only rows of the
/// same task or with the same text.
pub fn next_step(situation: &Situation<'_>) -> OutboxStep {
    let mut wait: Option<Timestamp> = None;
    for (index, row) in situation.rows.iter().enumerate() {
        let earlier = &situation.rows[..index];
        if earlier
            .iter()
            .any(|before| before.effect.task == row.effect.task || same_text(before, row))
        {
            continue;
        }
        match step_of(situation, row) {
            OutboxStep::Wait { until } => wait = earliest(wait, until),
            step => return step,
        }
    }
    OutboxStep::Wait { until: wait }
}

/// The next step of one row by itself, if it is still there.
pub fn next_step_of(situation: &Situation<'_>, row: RowId) -> Option<OutboxStep> {
    situation
        .rows
        .iter()
        .find(|other| other.id == row)
        .map(|row| step_of(situation, row))
}

fn same_text(a: &OutboxRow, b: &OutboxRow) -> bool {
    let (a, b) = (added_text(&a.effect.action), added_text(&b.effect.action));
    a.is_some() && a == b
}

fn step_of(situation: &Situation<'_>, row: &OutboxRow) -> OutboxStep {
    let known = situation.item_of.get(&row.effect.task);
    let shown = known.and_then(|known| situation.items.iter().find(|item| item.uid == known.uid));
    match &row.effect.action {
        ItemAction::Add(item) => add(situation, row, item),
        ItemAction::Reopen(item) => match shown {
            Some(shown) if shown.status == TodoStatus::NeedsAction => {
                confirm(situation, row, shown, false)
            }
            Some(shown) if situation.can.update => {
                attempt(situation, row, || Call::Reopen(shown.uid.clone()))
            }
            _ => match awaited_until(situation, row, known) {
                Some(until) => OutboxStep::Wait { until: Some(until) },
                None => add(situation, row, item),
            },
        },
        ItemAction::Complete => match (known, shown) {
            (None, _) => OutboxStep::Drop(vec![row.id]),
            (Some(_), Some(shown)) if shown.status == TodoStatus::Completed => {
                confirm(situation, row, shown, true)
            }
            (Some(known), None) => gone(situation, row, known),
            (Some(_), Some(shown)) if situation.can.update => {
                attempt(situation, row, || Call::Complete(shown.uid.clone()))
            }
            (Some(_), Some(shown)) if situation.can.delete => {
                attempt(situation, row, || Call::Remove(shown.uid.clone()))
            }
            (Some(_), Some(_)) => OutboxStep::Drop(vec![row.id]),
        },
        ItemAction::Remove => match (known, shown) {
            (None, _) => OutboxStep::Drop(vec![row.id]),
            (Some(known), None) => gone(situation, row, known),
            (Some(_), Some(shown)) if situation.can.delete => {
                attempt(situation, row, || Call::Remove(shown.uid.clone()))
            }
            (Some(_), Some(shown))
                if shown.status == TodoStatus::NeedsAction && situation.can.update =>
            {
                attempt(situation, row, || Call::Complete(shown.uid.clone()))
            }
            (Some(_), Some(_)) => OutboxStep::Confirm {
                row: row.id,
                item: None,
            },
        },
    }
}

/// An item to open again that is not shown may only be late: until then it is waited for before another one is
/// added.
fn awaited_until(
    situation: &Situation<'_>,
    row: &OutboxRow,
    known: Option<&ItemSeen>,
) -> Option<Timestamp> {
    let Stage::Pending {
        attempts: 0,
        not_before,
    } = &row.stage
    else {
        return None;
    };
    let until = after(*not_before, situation.patience.addition);
    (known.is_some() && !situation.hides_completed && until > situation.now).then_some(until)
}

/// The list shows what was wanted.
fn confirm(
    situation: &Situation<'_>,
    row: &OutboxRow,
    shown: &TodoItem,
    is_ticked: bool,
) -> OutboxStep {
    OutboxStep::Confirm {
        row: row.id,
        item: Some(seen(situation.items, shown, is_ticked)),
    }
}

fn add(situation: &Situation<'_>, row: &OutboxRow, item: &Item) -> OutboxStep {
    match &row.stage {
        Stage::Pending { .. } => {
            if let Some(rows) = in_vain(situation, row) {
                return OutboxStep::Drop(rows);
            }
            // It is there already, in our very words, and nobody's: we added it before the database was lost.
            let ours = situation.items.iter().find(|shown| {
                shown.summary == item.summary
                    && !item.description.is_empty()
                    && shown.description.as_ref() == Some(&item.description)
                    && shown.status == TodoStatus::NeedsAction
                    && !situation.known.contains(&shown.uid)
            });
            if let Some(shown) = ours {
                return confirm(situation, row, shown, false);
            }
            // What is on a list that shows nothing now could later not be told from what we add.
            if !situation.can.create || situation.is_doubtful {
                return OutboxStep::Wait { until: None };
            }
            attempt(situation, row, || Call::Add(item.clone()))
        }
        Stage::Sent {
            attempts,
            at,
            before,
            absent,
        } => {
            let is_new = |shown: &&TodoItem| {
                !before.contains(&shown.uid) && !situation.known.contains(&shown.uid)
            };
            let mut new = situation.items.iter().filter(is_new);
            let ours = new
                .clone()
                .find(|shown| shown.summary == item.summary)
                .or_else(|| new.find(|shown| is_renamed(situation, shown, item)));
            let waited_for = after(*at, situation.patience.addition);
            match ours {
                Some(shown) => {
                    let is_ticked = shown.status == TodoStatus::Completed;
                    // What a person changed in the meantime is heard as such.
                    let item = seen_as(situation.items, shown, &item.summary, is_ticked);
                    OutboxStep::Confirm {
                        row: row.id,
                        item: Some(item),
                    }
                }
                None if *absent >= BELIEVED_ABSENT && waited_for <= situation.now => {
                    OutboxStep::Note {
                        row: row.id,
                        stage: not_done(*attempts, situation.now),
                    }
                }
                None => recheck(situation, row, *at, *absent),
            }
        }
    }
}

/// An item that a person renamed before we saw it: it has our description, and a text that no row waits for.
fn is_renamed(situation: &Situation<'_>, shown: &TodoItem, item: &Item) -> bool {
    !item.description.is_empty()
        && shown.description.as_ref() == Some(&item.description)
        && !situation
            .rows
            .iter()
            .any(|row| added_text(&row.effect.action) == Some(&shown.summary))
}

/// Rows of the task that cancel each other out: an item that would be taken away or ticked as soon as it is
/// there is not added at all. What comes after them stays.
fn in_vain(situation: &Situation<'_>, row: &OutboxRow) -> Option<Vec<RowId>> {
    let of_task: Vec<_> = situation
        .rows
        .iter()
        .filter(|other| other.effect.task == row.effect.task)
        .collect();
    let end = of_task.iter().position(|other| {
        matches!(
            other.effect.action,
            ItemAction::Complete | ItemAction::Remove
        )
    })?;
    Some(of_task[..=end].iter().map(|other| other.id).collect())
}

fn attempt(situation: &Situation<'_>, row: &OutboxRow, call: impl FnOnce() -> Call) -> OutboxStep {
    match &row.stage {
        Stage::Pending { not_before, .. } if *not_before > situation.now => OutboxStep::Wait {
            until: Some(*not_before),
        },
        Stage::Pending { attempts, .. } => OutboxStep::Try {
            row: row.id,
            stage: Stage::Sent {
                attempts: attempts + 1,
                at: situation.now,
                before: situation
                    .items
                    .iter()
                    .map(|item| &item.uid)
                    .chain(situation.seen)
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .cloned()
                    .collect(),
                absent: 0,
            },
            call: call(),
        },
        Stage::Sent {
            attempts, absent, ..
        } if *absent >= BELIEVED_ABSENT => OutboxStep::Note {
            row: row.id,
            stage: not_done(*attempts, situation.now),
        },
        Stage::Sent { at, absent, .. } => recheck(situation, row, *at, *absent),
    }
}

/// The item to tick or to take away is not shown. That is believed only when it stays so.
fn gone(situation: &Situation<'_>, row: &OutboxRow, known: &ItemSeen) -> OutboxStep {
    match &row.stage {
        Stage::Pending { attempts, .. } => OutboxStep::Note {
            row: row.id,
            stage: Stage::Sent {
                attempts: *attempts,
                at: situation.now,
                before: Vec::new(),
                absent: 0,
            },
        },
        // What is ticked off stays known: if it shows up again after all, it is seen to then.
        Stage::Sent { absent, .. } if *absent >= BELIEVED_ABSENT => OutboxStep::Confirm {
            row: row.id,
            item: (row.effect.action == ItemAction::Complete).then(|| ItemSeen {
                is_ticked: situation.hides_completed,
                ..known.clone()
            }),
        },
        Stage::Sent { at, absent, .. } => recheck(situation, row, *at, *absent),
    }
}

fn recheck(
    situation: &Situation<'_>,
    row: &OutboxRow,
    sent_at: Timestamp,
    absent: u32,
) -> OutboxStep {
    let due = after(sent_at, situation.patience.recheck * (absent + 1));
    // A clock that jumped back must not put it off for ever.
    if due <= situation.now || sent_at > situation.now {
        OutboxStep::Refresh { row: row.id }
    } else {
        OutboxStep::Wait { until: Some(due) }
    }
}

#[cfg(test)]
mod tests;
