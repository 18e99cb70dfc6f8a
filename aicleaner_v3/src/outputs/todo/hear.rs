//! What people did on a list, from the items as they were known and as they are shown now. Pure: this is where
//! it is decided that absence is believed only when it can be.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::items::{added_text, seen, seen_as};
use super::patience::{BELIEVED_ABSENT, Patience, after, earliest};
use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{EntityId, ItemSeen, TaskId, TaskState, UserAction, UserActionKind, ZoneId};
use crate::store::{ItemChange, LinkedItem, OutboxRow};

/// When most of our items vanish at once, an outage is more likely than a person: it is believed only after
/// this long, and after so many refreshes.
const MASS_BELIEVED_AFTER: SignedDuration = SignedDuration::from_hours(24);
const MASS_REFRESHES: u32 = 10;
/// Fewer items that vanish are no mass.
const MASS: usize = 3;
/// Between two refreshes while a mass is missing.
const MASS_RECHECK: std::time::Duration = std::time::Duration::from_secs(900);

/// An item that is not shown although its task is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Absence {
    since: Timestamp,
    checked_at: Timestamp,
    refreshes: u32,
}

/// The items that are missing from a list, remembered between two passes; lost with the program, which then starts to
/// wait anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absences {
    by_task: BTreeMap<TaskId, Absence>,
}

/// One list as it is shown.
pub struct Hearing<'a> {
    /// Which list.
    pub list: &'a EntityId,
    /// Its items.
    pub items: &'a [TodoItem],
    /// The tasks that have an item there.
    pub linked: &'a [LinkedItem],
    /// What waits to be done there: people are heard on these tasks afterwards.
    pub rows: &'a [OutboxRow],
    /// Whether the list hides ticked items: then one that went was ticked.
    pub hides_completed: bool,
    /// Whether the list was refreshed just now.
    pub was_refreshed: bool,
    /// How long to wait for it.
    pub patience: Patience,
    /// The time.
    pub now: Timestamp,
}

/// What was heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// What people did, zone by zone.
    pub actions: BTreeMap<ZoneId, Vec<UserAction>>,
    /// What is shown otherwise than it was known, and is nobody's user action.
    pub notes: Vec<ItemChange>,
    /// Tasks that are done and whose items are open all the same: our tick never came about.
    pub undone: Vec<TaskId>,
    /// When the list must be refreshed to see whether what is absent stays absent.
    pub refresh_at: Option<Timestamp>,
    /// Whether most of our items vanished at once.
    pub is_mass: bool,
}

/// Hears what people did.
pub fn hear(hearing: &Hearing<'_>, absences: &mut Absences) -> Heard {
    let mut heard = Heard::default();
    let busy: BTreeSet<TaskId> = hearing.rows.iter().map(|row| row.effect.task).collect();
    let mut absent = Vec::new();
    for linked in hearing
        .linked
        .iter()
        .filter(|linked| !busy.contains(&linked.task))
    {
        let shown = hearing
            .items
            .iter()
            .find(|item| item.uid == linked.item.uid);
        match shown {
            Some(shown) => {
                absences.by_task.remove(&linked.task);
                hear_item(hearing, linked, shown, &mut heard);
            }
            None if linked.state != TaskState::Open => {}
            None => match replacement(hearing, linked) {
                Some(shown) => {
                    absences.by_task.remove(&linked.task);
                    heard.notes.push(ItemChange {
                        task: linked.task,
                        list: hearing.list.clone(),
                        item: seen(hearing.items, shown, false),
                    });
                }
                None => absent.push(linked),
            },
        }
    }
    let still_absent: BTreeSet<TaskId> = absent.iter().map(|linked| linked.task).collect();
    absences
        .by_task
        .retain(|task, _| still_absent.contains(task));
    heard.is_mass = is_doubtful(hearing.linked, hearing.items, true);
    for linked in absent {
        hear_absence(hearing, linked, absences, &mut heard);
    }
    heard
}

/// Whether so many of ours at once are more likely an outage than a person's user action.
fn is_mass(absent: usize, open: usize) -> bool {
    absent >= MASS && absent * 2 > open
}

/// Whether `items` may not be what is on the list: nothing was ever seen on it although there should be items
/// of ours (`has_seen_any`), or most of ours vanished at once.
pub fn is_doubtful(linked: &[LinkedItem], items: &[TodoItem], has_seen_any: bool) -> bool {
    let open = || {
        linked
            .iter()
            .filter(|linked| linked.state == TaskState::Open)
    };
    let absent = open()
        .filter(|linked| !items.iter().any(|item| item.uid == linked.item.uid))
        .count();
    (!has_seen_any && absent > 0) || is_mass(absent, open().count())
}

fn hear_item(hearing: &Hearing<'_>, linked: &LinkedItem, shown: &TodoItem, heard: &mut Heard) {
    let is_ticked = shown.status == TodoStatus::Completed;
    let is_open = matches!(linked.state, TaskState::Open | TaskState::Proposed);
    let known = &linked.item;
    let now_seen = seen(hearing.items, shown, is_ticked);
    let was_ended_by_people =
        matches!(linked.state, TaskState::DoneByPerson | TaskState::Dismissed);
    let kind = if is_ticked && is_open {
        Some(UserActionKind::Ticked)
    } else if !is_ticked && !is_open && (known.is_ticked || was_ended_by_people) {
        Some(UserActionKind::Unticked)
    } else if !known.summary.is_empty() && shown.summary != known.summary {
        Some(UserActionKind::Renamed(shown.summary.clone()))
    } else if !known.summary.is_empty() && shown.due != known.due {
        Some(UserActionKind::Due(shown.due.clone()))
    } else {
        None
    };
    match kind {
        Some(kind) => {
            // One user action at a time: what else is new is heard when this one is stored.
            let item = match &kind {
                UserActionKind::Renamed(_) => ItemSeen {
                    due: known.due.clone(),
                    ..now_seen
                },
                UserActionKind::Due(_) => now_seen,
                UserActionKind::Ticked | UserActionKind::Unticked | UserActionKind::Deleted => {
                    ItemSeen {
                        due: known.due.clone(),
                        ..seen_as(hearing.items, shown, &known.summary, is_ticked)
                    }
                }
            };
            report(hearing, linked, item, kind, heard);
        }
        None if !is_ticked && linked.state == TaskState::DoneByCamera => {
            heard.undone.push(linked.task);
        }
        None if now_seen != *known => heard.notes.push(ItemChange {
            task: linked.task,
            list: hearing.list.clone(),
            item: now_seen,
        }),
        None => {}
    }
}

/// Some lists give an item another uid when they have synced it. It is the one with our text that belongs to
/// nobody, was not there beside ours, and is not one that we are about to find.
fn replacement<'a>(hearing: &'a Hearing<'_>, linked: &LinkedItem) -> Option<&'a TodoItem> {
    if linked.item.summary.is_empty() {
        return None;
    }
    let is_awaited = hearing
        .rows
        .iter()
        .any(|row| added_text(&row.effect.action) == Some(&linked.item.summary));
    if is_awaited {
        return None;
    }
    let mut candidates = hearing.items.iter().filter(|item| {
        item.summary == linked.item.summary
            && !linked.item.twins.contains(&item.uid)
            && !hearing
                .linked
                .iter()
                .any(|other| other.item.uid == item.uid)
    });
    let candidate = candidates.next()?;
    candidates.next().is_none().then_some(candidate)
}

fn hear_absence(
    hearing: &Hearing<'_>,
    linked: &LinkedItem,
    absences: &mut Absences,
    heard: &mut Heard,
) {
    let now = hearing.now;
    let absence = absences.by_task.entry(linked.task).or_insert(Absence {
        since: now,
        checked_at: now,
        refreshes: 0,
    });
    // A clock that jumped back must not put it off for ever.
    absence.since = absence.since.min(now);
    absence.checked_at = absence.checked_at.min(now);
    if hearing.was_refreshed {
        absence.refreshes = absence.refreshes.saturating_add(1);
        absence.checked_at = now;
    }
    let is_believed = if heard.is_mass {
        absence.refreshes >= MASS_REFRESHES
            && now.duration_since(absence.since) >= MASS_BELIEVED_AFTER
    } else {
        absence.refreshes >= BELIEVED_ABSENT
    };
    if is_believed {
        let kind = if hearing.hides_completed {
            UserActionKind::Ticked
        } else {
            UserActionKind::Deleted
        };
        let item = ItemSeen {
            is_ticked: hearing.hides_completed,
            ..linked.item.clone()
        };
        report(hearing, linked, item, kind, heard);
    } else {
        let wait = if heard.is_mass && absence.refreshes >= BELIEVED_ABSENT {
            MASS_RECHECK
        } else {
            hearing.patience.recheck
        };
        heard.refresh_at = earliest(heard.refresh_at, Some(after(absence.checked_at, wait)));
    }
}

fn report(
    hearing: &Hearing<'_>,
    linked: &LinkedItem,
    item: ItemSeen,
    kind: UserActionKind,
    heard: &mut Heard,
) {
    let action = UserAction {
        task: linked.task,
        list: hearing.list.clone(),
        item,
        kind,
        at: hearing.now,
    };
    heard
        .actions
        .entry(linked.zone.clone())
        .or_default()
        .push(action);
}

#[cfg(test)]
mod tests;
