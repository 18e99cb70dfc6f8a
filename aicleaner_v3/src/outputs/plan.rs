//! What to do next with the effects on one list, from the rows and the items as they are. Pure: this is where
//! it is decided that nothing is ever added twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{Item, ItemAction, ItemSeen, ItemUid, TaskId};
use crate::store::{OutboxRow, RowId, Stage};

/// So often must a refreshed list not show something before that is believed.
pub const BELIEVED_ABSENT: u32 = 2;
const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_secs(900);

/// How long to wait for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// An effect that was tried and does not show, or an item that is no longer shown, is looked for again
    /// after this long.
    pub recheck: Duration,
    /// An addition that does not show is not tried again before this long, even if the list was refreshed.
    pub addition: Duration,
}

impl Patience {
    /// For a list that is a copy of something elsewhere: CalDAV is fetched every 15 minutes
    /// (`homeassistant/components/caldav/coordinator.py`), and a refresh that is asked for may come late.
    pub const REMOTE: Self = Self {
        recheck: Duration::from_secs(15),
        addition: Duration::from_secs(16 * 60),
    };
    /// For a list that Home Assistant itself keeps: it shows at once what was done.
    pub const LOCAL: Self = Self {
        recheck: Duration::from_secs(2),
        addition: Duration::from_secs(2),
    };

    /// For the lists of an integration.
    pub fn with(platform: Option<&str>) -> Self {
        match platform {
            Some("local_todo" | "shopping_list") => Self::LOCAL,
            _ => Self::REMOTE,
        }
    }
}

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
pub enum Step {
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

pub fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The text of the item that a row may add.
pub fn added_text(action: &ItemAction) -> Option<&str> {
    match action {
        ItemAction::Add(item) | ItemAction::Reopen(item) => Some(&item.summary),
        ItemAction::Complete | ItemAction::Remove => None,
    }
}

fn same_text(a: &OutboxRow, b: &OutboxRow) -> bool {
    let (a, b) = (added_text(&a.effect.action), added_text(&b.effect.action));
    a.is_some() && a == b
}

fn step(situation: &Situation<'_>, row: &OutboxRow) -> Step {
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
                Some(until) => Step::Wait { until: Some(until) },
                None => add(situation, row, item),
            },
        },
        ItemAction::Complete => match (known, shown) {
            (None, _) => Step::Drop(vec![row.id]),
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
            (Some(_), Some(_)) => Step::Drop(vec![row.id]),
        },
        ItemAction::Remove => match (known, shown) {
            (None, _) => Step::Drop(vec![row.id]),
            (Some(known), None) => gone(situation, row, known),
            (Some(_), Some(shown)) if situation.can.delete => {
                attempt(situation, row, || Call::Remove(shown.uid.clone()))
            }
            (Some(_), Some(shown))
                if shown.status == TodoStatus::NeedsAction && situation.can.update =>
            {
                attempt(situation, row, || Call::Complete(shown.uid.clone()))
            }
            (Some(_), Some(_)) => Step::Confirm {
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
fn confirm(situation: &Situation<'_>, row: &OutboxRow, shown: &TodoItem, is_ticked: bool) -> Step {
    Step::Confirm {
        row: row.id,
        item: Some(seen(situation.items, shown, is_ticked)),
    }
}

/// The item as it is shown, with the other items of the same text.
pub fn seen(items: &[TodoItem], shown: &TodoItem, is_ticked: bool) -> ItemSeen {
    seen_as(items, shown, &shown.summary, is_ticked)
}

/// The item as it is shown, but with the text by which it is known, and the other items of that text.
pub fn seen_as(items: &[TodoItem], shown: &TodoItem, summary: &str, is_ticked: bool) -> ItemSeen {
    let twins = items
        .iter()
        .filter(|other| other.uid != shown.uid && other.summary == summary)
        .map(|other| other.uid.clone());
    ItemSeen {
        uid: shown.uid.clone(),
        summary: summary.to_owned(),
        due: shown.due.clone(),
        is_ticked,
        twins: twins.collect(),
    }
}

fn add(situation: &Situation<'_>, row: &OutboxRow, item: &Item) -> Step {
    match &row.stage {
        Stage::Pending { .. } => {
            if let Some(rows) = in_vain(situation, row) {
                return Step::Drop(rows);
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
                return Step::Wait { until: None };
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
                    Step::Confirm {
                        row: row.id,
                        item: Some(item),
                    }
                }
                None if *absent >= BELIEVED_ABSENT && waited_for <= situation.now => Step::Note {
                    row: row.id,
                    stage: not_done(*attempts, situation.now),
                },
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

fn attempt(situation: &Situation<'_>, row: &OutboxRow, call: impl FnOnce() -> Call) -> Step {
    match &row.stage {
        Stage::Pending { not_before, .. } if *not_before > situation.now => Step::Wait {
            until: Some(*not_before),
        },
        Stage::Pending { attempts, .. } => Step::Try {
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
        } if *absent >= BELIEVED_ABSENT => Step::Note {
            row: row.id,
            stage: not_done(*attempts, situation.now),
        },
        Stage::Sent { at, absent, .. } => recheck(situation, row, *at, *absent),
    }
}

/// The item to tick or to take away is not shown. That is believed only when it stays so.
fn gone(situation: &Situation<'_>, row: &OutboxRow, known: &ItemSeen) -> Step {
    match &row.stage {
        Stage::Pending { attempts, .. } => Step::Note {
            row: row.id,
            stage: Stage::Sent {
                attempts: *attempts,
                at: situation.now,
                before: Vec::new(),
                absent: 0,
            },
        },
        // What is ticked off stays known: if it shows up again after all, it is seen to then.
        Stage::Sent { absent, .. } if *absent >= BELIEVED_ABSENT => Step::Confirm {
            row: row.id,
            item: (row.effect.action == ItemAction::Complete).then(|| ItemSeen {
                is_ticked: situation.hides_completed,
                ..known.clone()
            }),
        },
        Stage::Sent { at, absent, .. } => recheck(situation, row, *at, *absent),
    }
}

fn recheck(situation: &Situation<'_>, row: &OutboxRow, sent_at: Timestamp, absent: u32) -> Step {
    let due = after(sent_at, situation.patience.recheck * (absent + 1));
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
            attempts,
            at,
            before,
            absent,
        } => Stage::Sent {
            attempts: *attempts,
            at: (*at).min(now),
            before: before.clone(),
            absent: absent.saturating_add(1).min(1000),
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

pub fn after(at: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| at.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
