//! Random histories against the pure middle: reconcile, people's user actions, the plan and the hearing, with a list
//! that is late, loses answers and lies, people who do as they like, and a program that dies at any step.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::hear::{Hearing, Memory, hear, is_doubtful};
use super::plan::{Abilities, Call, Patience, Situation, Step, after_refresh, next_step, not_done};
use crate::home_assistant::{TodoItem, TodoStatus};
use crate::model::{
    Confidence, Effect, EntityId, Finding, Item, ItemAction, ItemSeen, ItemUid, Presence, Score,
    Task, TaskId, TaskJudgement, TaskState, UserActionKind, Verdict, ZoneId,
};
use crate::store::{ItemChange, LinkedItem, OutboxRow, RowId, Stage};
use crate::tasks::{Change, Glance, Policy, What, apply_user_action, reconcile};

/// Things that may lie about, each in several wordings.
const THINGS: [[&str; 3]; 5] = [
    [
        "Put away the cup",
        "Take the mug to the kitchen",
        "Tasse wegräumen",
    ],
    [
        "Pick up the socks",
        "Put the socks into the laundry",
        "Socken aufheben",
    ],
    [
        "Straighten the left chair",
        "Push the left chair in",
        "Linken Stuhl gerade stellen",
    ],
    [
        "Straighten the right chair",
        "Push the right chair in",
        "Rechten Stuhl gerade stellen",
    ],
    [
        "Wipe the table",
        "Clean the coffee stains off the tabletop",
        "Tisch abwischen",
    ],
];
const OWN: [&str; 2] = ["Buy milk", "Put away the cup"];

#[derive(Debug, Clone)]
enum Op {
    Leave(usize),
    Tidy(usize),
    /// A check; the wording; how sure; and whether the provider can't tell.
    Look {
        wording: usize,
        sure: bool,
        unclear: bool,
    },
    Tick(usize),
    Untick(usize),
    Delete(usize),
    Rename(usize),
    Sync(u8),
    /// The program dies: in the middle of a call, before or after it was done.
    Die {
        before: bool,
    },
    /// The answer of the next call is lost, or it is refused after it was done.
    LoseAnswer,
    Hold(bool),
    Blank(bool),
    ChangeUids,
    Wait(u16),
}

fn op() -> impl Strategy<Value = Op> {
    let thing = 0..THINGS.len();
    prop_oneof![
        3 => thing.clone().prop_map(Op::Leave),
        3 => thing.prop_map(Op::Tidy),
        6 => (0..3_usize, prop::bool::weighted(0.8), prop::bool::weighted(0.1))
            .prop_map(|(wording, sure, unclear)| Op::Look { wording, sure, unclear }),
        1 => (0..4_usize).prop_map(Op::Tick),
        1 => (0..4_usize).prop_map(Op::Untick),
        1 => (0..4_usize).prop_map(Op::Delete),
        1 => (0..4_usize).prop_map(Op::Rename),
        5 => (1..6_u8).prop_map(Op::Sync),
        1 => any::<bool>().prop_map(|before| Op::Die { before }),
        1 => Just(Op::LoseAnswer),
        1 => any::<bool>().prop_map(Op::Hold),
        1 => any::<bool>().prop_map(Op::Blank),
        1 => Just(Op::ChangeUids),
        3 => (1..400_u16).prop_map(Op::Wait),
    ]
}

struct World {
    now: Timestamp,
    policy: Policy,
    lying: BTreeSet<usize>,
    // What is stored.
    tasks: BTreeMap<TaskId, Task>,
    links: BTreeMap<TaskId, ItemSeen>,
    rows: Vec<OutboxRow>,
    next_row: i64,
    // What the program remembers.
    memory: Memory,
    seen: BTreeSet<ItemUid>,
    // The list.
    items: Vec<TodoItem>,
    shown: Vec<TodoItem>,
    is_held: bool,
    held_since: Timestamp,
    blank_since: Timestamp,
    is_blank: bool,
    /// Whether what is shown is from an outage: a list that is held shows it after the outage is over.
    shows_blank: bool,
    next_uid: u32,
    lose_answer: bool,
    die: Option<bool>,
    // What people did.
    deleted: BTreeSet<ItemUid>,
    own: BTreeMap<ItemUid, String>,
    ended_by_people: BTreeSet<TaskId>,
}

fn zone() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

fn list() -> EntityId {
    EntityId::parse("todo.chores").unwrap()
}

fn thing(title: &str) -> Option<usize> {
    THINGS.iter().position(|wordings| wordings.contains(&title))
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            policy: Policy::standard().unwrap(),
            lying: BTreeSet::new(),
            tasks: BTreeMap::new(),
            links: BTreeMap::new(),
            rows: Vec::new(),
            next_row: 0,
            memory: Memory::default(),
            seen: BTreeSet::new(),
            items: Vec::new(),
            shown: Vec::new(),
            is_held: false,
            held_since: Timestamp::UNIX_EPOCH,
            blank_since: Timestamp::UNIX_EPOCH,
            is_blank: false,
            shows_blank: false,
            next_uid: 0,
            lose_answer: false,
            die: None,
            deleted: BTreeSet::new(),
            own: BTreeMap::new(),
            ended_by_people: BTreeSet::new(),
        };
        for text in OWN {
            let uid = world.put_on_list(text, "mine");
            world.own.insert(uid, text.to_owned());
        }
        world.refresh();
        world
    }

    fn put_on_list(&mut self, summary: &str, description: &str) -> ItemUid {
        self.next_uid += 1;
        let uid = ItemUid::new(format!("u{}", self.next_uid));
        self.items.push(TodoItem {
            uid: uid.clone(),
            summary: summary.to_owned(),
            status: TodoStatus::NeedsAction,
            description: Some(description.to_owned()),
            due: None,
        });
        uid
    }

    fn refresh(&mut self) {
        if !self.is_held {
            self.shows_blank = self.is_blank;
            self.shown = if self.is_blank {
                Vec::new()
            } else {
                self.items.clone()
            };
        }
    }

    fn living(&self) -> Vec<Task> {
        self.tasks
            .values()
            .filter(|task| task.is_living())
            .cloned()
            .collect()
    }

    fn open(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter(|task| task.is_open())
    }

    fn look(&mut self, wording: usize, sure: bool, unclear: bool) {
        let living = self.living();
        let confidence = Confidence::new(if sure { 0.9 } else { 0.4 }).unwrap();
        let mut told = BTreeSet::new();
        let judgements = living
            .iter()
            .filter_map(|task| {
                let thing = thing(&task.finding.title)?;
                told.insert(thing);
                let presence = match (unclear, self.lying.contains(&thing)) {
                    (true, _) => Presence::Unclear,
                    (false, true) => Presence::Present,
                    (false, false) => Presence::Gone,
                };
                Some(TaskJudgement {
                    task: task.id,
                    presence,
                    confidence,
                })
            })
            .collect();
        let findings = self
            .lying
            .iter()
            .filter(|thing| !told.contains(thing))
            .map(|thing| Finding::new(THINGS[*thing][wording], confidence))
            .collect();
        let verdict = Verdict {
            score: Score::TIDY,
            summary: String::new(),
            findings,
            judgements,
        };
        let glance = Glance {
            verdict: &verdict,
            scene_changed: false,
        };
        let run = |living: &[Task]| reconcile(&zone(), living, &glance, &self.policy, self.now);
        let changes = run(&living);
        assert_eq!(
            changes,
            run(&living),
            "the same input gives the same answer"
        );
        for change in &changes.tasks {
            if change.what == What::Reopened {
                let thing = thing(&change.task.finding.title).unwrap();
                assert!(self.lying.contains(&thing), "opened again without evidence");
            }
            if change.task.state != TaskState::Settled {
                assert!(
                    !self.ended_by_people.contains(&change.task.id) || change.what == What::Noted,
                    "argued with a person: {change:?}"
                );
            }
        }
        self.store(&changes.tasks);
        if sure && !unclear {
            let again = reconcile(
                &zone(),
                &self.living(),
                &Glance {
                    verdict: &Verdict {
                        judgements: vec![],
                        ..verdict.clone()
                    },
                    scene_changed: false,
                },
                &self.policy,
                self.now,
            );
            assert!(
                again.that(What::Opened).next().is_none(),
                "told again, opened again: {again:?}"
            );
        }
    }

    fn store(&mut self, changes: &[Change]) {
        for Change { task, what } in changes {
            let item = || Item {
                summary: task.title().to_owned(),
                description: format!("Kitchen, {}.", task.finding.title),
                due: None,
            };
            let action = match what {
                What::Opened => Some(ItemAction::Add(item())),
                What::Reopened => Some(ItemAction::Reopen(item())),
                What::Done => Some(ItemAction::Complete),
                What::Merged => Some(ItemAction::Remove),
                _ => None,
            };
            self.tasks.insert(task.id, task.clone());
            if let Some(action) = action {
                self.next_row += 1;
                self.rows.push(OutboxRow {
                    id: RowId::from(self.next_row),
                    effect: Effect {
                        task: task.id,
                        list: list(),
                        action,
                    },
                    stage: Stage::Pending {
                        attempts: 0,
                        not_before: self.now,
                    },
                });
            }
        }
    }

    fn is_doubtful(&self) -> bool {
        is_doubtful(&self.linked(), &self.shown, !self.seen.is_empty())
    }

    fn linked(&self) -> Vec<LinkedItem> {
        self.links
            .iter()
            .map(|(task, item)| LinkedItem {
                task: *task,
                zone: zone(),
                state: self.tasks[task].state,
                item: item.clone(),
            })
            .collect()
    }

    /// One pass of the sync, step by step as the list's worker does it.
    fn sync(&mut self, most: u8) {
        for _ in 0..most {
            self.seen
                .extend(self.shown.iter().map(|item| item.uid.clone()));
            let known = self.links.values().map(|item| item.uid.clone()).collect();
            let step = next_step(&Situation {
                rows: &self.rows,
                items: &self.shown,
                known: &known,
                seen: &self.seen,
                is_doubtful: self.is_doubtful(),
                item_of: &self.links,
                can: Abilities {
                    create: true,
                    delete: true,
                    update: true,
                },
                patience: Patience::REMOTE,
                hides_completed: false,
                now: self.now,
            });
            match step {
                Step::Confirm { row, item } => {
                    let at = self.rows.iter().position(|other| other.id == row).unwrap();
                    let task = self.rows.remove(at).effect.task;
                    match item {
                        Some(item) => {
                            assert!(
                                !self.own.contains_key(&item.uid),
                                "took a person's item for ours"
                            );
                            self.links.insert(task, item)
                        }
                        None => self.links.remove(&task),
                    };
                }
                Step::Drop(rows) => self.rows.retain(|row| !rows.contains(&row.id)),
                Step::Note { row, stage } => self.set_stage(row, stage),
                Step::Try { row, stage, call } => {
                    if self.attempt(row, stage, &call) {
                        return;
                    }
                }
                Step::Refresh { row } => {
                    self.refresh();
                    let stage = self
                        .rows
                        .iter()
                        .find(|other| other.id == row)
                        .unwrap()
                        .stage
                        .clone();
                    let known = self.links.values().map(|item| item.uid.clone()).collect();
                    let again = next_step(&Situation {
                        rows: &self.rows,
                        items: &self.shown,
                        known: &known,
                        seen: &self.seen,
                        is_doubtful: self.is_doubtful(),
                        item_of: &self.links,
                        can: Abilities {
                            create: true,
                            delete: true,
                            update: true,
                        },
                        patience: Patience::REMOTE,
                        hides_completed: false,
                        now: self.now,
                    });
                    if again == (Step::Refresh { row }) {
                        self.set_stage(row, after_refresh(&stage, self.now));
                    }
                }
                Step::Wait { .. } => {
                    self.listen(false);
                    return;
                }
            }
        }
    }

    fn set_stage(&mut self, row: RowId, stage: Stage) {
        if let Some(row) = self.rows.iter_mut().find(|other| other.id == row) {
            row.stage = stage;
        }
    }

    /// Whether the program died.
    fn attempt(&mut self, row: RowId, stage: Stage, call: &Call) -> bool {
        let attempts = match &stage {
            Stage::Sent { attempts, .. } | Stage::Pending { attempts, .. } => *attempts,
        };
        self.set_stage(row, stage);
        let die = self.die.take();
        if die == Some(true) {
            self.memory = Memory::default();
            self.seen.clear();
            return true;
        }
        let is_done = match call {
            Call::Add(item) => {
                self.put_on_list(&item.summary, &item.description);
                true
            }
            Call::Complete(uid) => self.mark(uid, TodoStatus::Completed),
            Call::Reopen(uid) => self.mark(uid, TodoStatus::NeedsAction),
            Call::Remove(uid) => {
                assert!(!self.own.contains_key(uid), "removed a person's item");
                let before = self.items.len();
                self.items.retain(|item| item.uid != *uid);
                self.items.len() < before
            }
        };
        self.refresh();
        if die == Some(false) {
            self.memory = Memory::default();
            self.seen.clear();
            return true;
        }
        let is_lost = std::mem::take(&mut self.lose_answer);
        if !is_done && !is_lost {
            self.set_stage(row, not_done(attempts, self.now));
        }
        false
    }

    fn mark(&mut self, uid: &ItemUid, status: TodoStatus) -> bool {
        assert!(!self.own.contains_key(uid), "touched a person's item");
        match self.items.iter_mut().find(|item| item.uid == *uid) {
            Some(item) => {
                item.status = status;
                true
            }
            None => false,
        }
    }

    fn listen(&mut self, was_refreshed: bool) {
        let (list, linked) = (list(), self.linked());
        let heard = hear(
            &Hearing {
                list: &list,
                items: &self.shown,
                linked: &linked,
                rows: &self.rows,
                hides_completed: false,
                was_refreshed,
                patience: Patience::REMOTE,
                now: self.now,
            },
            &mut self.memory,
        );
        for note in heard.notes {
            {
                let ItemChange { task, item, .. } = note;
                assert!(
                    !self.own.contains_key(&item.uid),
                    "took a person's item for ours"
                );
                self.links.insert(task, item);
            }
        }
        for task in heard.undone {
            self.next_row += 1;
            self.rows.push(OutboxRow {
                id: RowId::from(self.next_row),
                effect: Effect {
                    task,
                    list: list.clone(),
                    action: ItemAction::Complete,
                },
                stage: Stage::Pending {
                    attempts: 0,
                    not_before: self.now,
                },
            });
        }
        for action in heard.actions.into_values().flatten() {
            if action.kind == UserActionKind::Deleted {
                assert!(
                    self.deleted.contains(&action.item.uid) || self.is_blank || self.shows_blank,
                    "believed an item gone that nobody deleted"
                );
                let is_outage = self.is_blank && self.open().count() >= 3;
                assert!(
                    self.deleted.contains(&action.item.uid) || !is_outage,
                    "believed an outage"
                );
            }
            let task = self.tasks[&action.task].clone();
            let changes =
                apply_user_action(&task, &self.living(), &action.kind, &self.policy, action.at);
            self.links.insert(action.task, action.item);
            for change in &changes {
                match change.task.state {
                    TaskState::DoneByPerson | TaskState::Dismissed => {
                        self.ended_by_people.insert(change.task.id)
                    }
                    _ => self.ended_by_people.remove(&change.task.id),
                };
            }
            self.store(&changes);
        }
        if !was_refreshed && heard.refresh_at.is_some_and(|at| at <= self.now) {
            self.refresh();
            self.listen(true);
        }
    }

    /// The nth item of ours in a status, as a person sees it.
    fn ours(&self, status: TodoStatus, nth: usize) -> Option<usize> {
        let ours: Vec<_> = (0..self.items.len())
            .filter(|at| {
                self.items[*at].status == status && !self.own.contains_key(&self.items[*at].uid)
            })
            .collect();
        (!ours.is_empty()).then(|| ours[nth % ours.len()])
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Leave(thing) => {
                self.lying.insert(*thing);
            }
            Op::Tidy(thing) => {
                self.lying.remove(thing);
            }
            Op::Look {
                wording,
                sure,
                unclear,
            } => self.look(*wording, *sure, *unclear),
            Op::Tick(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.items[at].status = TodoStatus::Completed;
                }
            }
            Op::Untick(nth) => {
                if let Some(at) = self.ours(TodoStatus::Completed, *nth) {
                    self.items[at].status = TodoStatus::NeedsAction;
                }
            }
            Op::Delete(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.deleted.insert(self.items.remove(at).uid);
                }
            }
            Op::Rename(nth) => {
                if let Some(at) = self.ours(TodoStatus::NeedsAction, *nth) {
                    self.items[at].summary = format!("My own words {nth}");
                }
            }
            Op::Sync(most) => self.sync(*most),
            Op::Die { before } => self.die = Some(*before),
            Op::LoseAnswer => self.lose_answer = true,
            Op::Hold(held) => {
                if *held && !self.is_held {
                    self.held_since = self.now;
                }
                self.is_held = *held;
            }
            // Only a list with many items of ours: one that vanishes is a person's user action to anybody.
            Op::Blank(blank) => {
                let was_blank = self.is_blank;
                self.is_blank = *blank && self.links.len() >= 3 && self.open().count() >= 3;
                if !was_blank {
                    self.blank_since = self.now;
                }
            }
            Op::ChangeUids => self.change_uids(),
            Op::Wait(seconds) => {
                self.now += SignedDuration::from_secs(i64::from(*seconds));
                // The slowest list is fetched every 15 minutes.
                if self.now.duration_since(self.held_since) >= SignedDuration::from_mins(15) {
                    self.is_held = false;
                }
                if self.now.duration_since(self.blank_since) >= SignedDuration::from_mins(15) {
                    self.is_blank = false;
                }
            }
        }
        if !matches!(op, Op::Leave(_) | Op::Tidy(_) | Op::Look { .. }) {
            self.refresh();
        }
    }

    /// The list syncs: what is settled between us gets other uids. Not while people's changes are on the way,
    /// since a renamed item with another uid is nobody's.
    fn change_uids(&mut self) {
        if self.is_held || self.is_blank || !self.rows.is_empty() {
            return;
        }
        self.sync(50);
        if !self.rows.is_empty() {
            return;
        }
        let texts: Vec<_> = self.items.iter().map(|item| item.summary.clone()).collect();
        for at in 0..self.items.len() {
            let is_alone = texts.iter().filter(|text| **text == texts[at]).count() == 1;
            let is_linked = self.linked().iter().any(|linked| {
                linked.item.uid == self.items[at].uid
                    && linked.state == TaskState::Open
                    && linked.item.summary == self.items[at].summary
            });
            if is_alone && is_linked {
                self.next_uid += 1;
                self.items[at].uid = ItemUid::new(format!("u{}", self.next_uid));
            }
        }
        self.refresh();
        self.sync(50);
    }

    fn check(&self) {
        let mut open = BTreeSet::new();
        for task in self.open() {
            let thing = thing(&task.finding.title).unwrap();
            assert!(
                open.insert(thing),
                "two open tasks for one thing: {:?}",
                task.finding.title
            );
            let has_item = self.links.contains_key(&task.id);
            let waits = self.rows.iter().any(|row| row.effect.task == task.id);
            assert!(has_item || waits, "an open task without an item or a row");
        }
        for (uid, text) in &self.own {
            let item = self.items.iter().find(|item| item.uid == *uid);
            assert!(
                item.is_some_and(
                    |item| item.summary == *text && item.status == TodoStatus::NeedsAction
                ),
                "a person's own item was touched: {text}"
            );
        }
    }

    /// All is well again: list and tasks must agree.
    fn settle(&mut self) {
        self.is_held = false;
        self.is_blank = false;
        self.die = None;
        self.lose_answer = false;
        for _ in 0..120 {
            self.refresh();
            self.sync(60);
            // Beyond a day, after which even a mass of items is believed gone.
            self.now += SignedDuration::from_mins(15);
        }
        assert!(self.rows.is_empty(), "rows that never end: {:?}", self.rows);
        self.check();
        for task in self.open() {
            let uid = &self.links[&task.id].uid;
            let item = self.items.iter().find(|item| item.uid == *uid);
            assert!(
                item.is_some_and(|item| item.status == TodoStatus::NeedsAction),
                "an open task whose item is not open: {task:?} {item:?}"
            );
        }
        let open = self.items.iter().filter(|item| {
            item.status == TodoStatus::NeedsAction && !self.own.contains_key(&item.uid)
        });
        for item in open {
            let owner = self.links.iter().find(|(_, link)| link.uid == item.uid);
            let task = owner.map(|(task, _)| &self.tasks[task]);
            assert!(
                task.is_some_and(Task::is_open),
                "an item without an open task: {item:?} {task:?}"
            );
        }
    }
}

/// Two thousand, unless `PROPTEST_CASES` says otherwise.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_list_comes_to_agree_with_the_tasks(ops in prop::collection::vec(op(), 1..60)) {
        let mut world = World::new();
        for op in &ops {
            world.apply(op);
            world.check();
        }
        world.settle();
    }
}
