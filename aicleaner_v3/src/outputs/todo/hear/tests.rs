use super::*;
use crate::model::{Effect, Item, ItemAction, ItemUid};
use crate::store::{RowId, Stage};

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn list() -> EntityId {
    EntityId::parse("todo.chores").unwrap()
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

fn open(uid: &str, summary: &str) -> TodoItem {
    item(uid, summary, TodoStatus::NeedsAction)
}

fn linked(uid: &str, summary: &str, state: TaskState) -> LinkedItem {
    LinkedItem {
        task: TaskId::derived(now(), &[uid]),
        zone: ZoneId::parse("kitchen").unwrap(),
        state,
        item: ItemSeen {
            uid: ItemUid::new(uid),
            summary: summary.to_owned(),
            due: None,
            is_ticked: false,
            twins: vec![],
        },
    }
}

struct Ear {
    absences: Absences,
    hides_completed: bool,
}

impl Ear {
    fn new() -> Self {
        Self {
            absences: Absences::default(),
            hides_completed: false,
        }
    }

    fn hear(
        &mut self,
        linked: &[LinkedItem],
        items: &[TodoItem],
        was_refreshed: bool,
        at: Timestamp,
    ) -> Heard {
        self.hear_with(linked, items, &[], was_refreshed, at)
    }

    fn hear_with(
        &mut self,
        linked: &[LinkedItem],
        items: &[TodoItem],
        rows: &[OutboxRow],
        was_refreshed: bool,
        at: Timestamp,
    ) -> Heard {
        let list = list();
        let hearing = Hearing {
            list: &list,
            items,
            linked,
            rows,
            hides_completed: self.hides_completed,
            was_refreshed,
            patience: Patience::REMOTE,
            now: at,
        };
        hear(&hearing, &mut self.absences)
    }
}

fn user_actions(heard: &Heard) -> Vec<UserActionKind> {
    heard
        .actions
        .values()
        .flatten()
        .map(|action| action.kind.clone())
        .collect()
}

#[test]
fn a_tick_and_a_tick_taken_back_are_heard() {
    let mut ear = Ear::new();
    let task = linked("a", "Cup", TaskState::Open);
    let mut done = linked("b", "Sock", TaskState::DoneByCamera);
    done.item.is_ticked = true;

    let heard = ear.hear(
        &[task, done],
        &[item("a", "Cup", TodoStatus::Completed), open("b", "Sock")],
        false,
        now(),
    );

    assert_eq!(
        user_actions(&heard),
        [UserActionKind::Ticked, UserActionKind::Unticked]
    );
}

#[test]
fn an_item_that_we_have_not_ticked_yet_was_not_opened_again_by_a_person() {
    let done = linked("b", "Sock", TaskState::DoneByCamera);

    let heard = Ear::new().hear(&[done], &[open("b", "Sock")], false, now());

    assert!(heard.actions.is_empty());
    assert_eq!(heard.undone.len(), 1);
}

#[test]
fn people_are_heard_on_a_task_only_when_nothing_waits_for_it() {
    let task = linked("a", "Cup", TaskState::Open);
    let row = OutboxRow {
        id: RowId::from(1),
        effect: Effect {
            task: task.task,
            list: list(),
            action: ItemAction::Reopen(Item {
                summary: "Cup".to_owned(),
                description: String::new(),
                due: None,
            }),
        },
        stage: Stage::Pending {
            attempts: 0,
            not_before: now(),
        },
    };

    let ticked = [item("a", "Cup", TodoStatus::Completed)];
    let heard = Ear::new().hear_with(&[task], &ticked, &[row], false, now());

    assert!(heard.actions.is_empty());
}

#[test]
fn a_new_name_and_a_date_are_heard_one_after_the_other() {
    let mut task = linked("a", "Cup", TaskState::Open);
    let mut shown = open("a", "Grandma's cup");
    shown.due = Some("2026-11-21".to_owned());
    let mut ear = Ear::new();

    let first = ear.hear(
        std::slice::from_ref(&task),
        std::slice::from_ref(&shown),
        false,
        now(),
    );
    let action = first.actions.values().flatten().next().unwrap().clone();
    task.item = action.item;
    let second = ear.hear(&[task], &[shown], false, now());

    assert_eq!(
        action.kind,
        UserActionKind::Renamed("Grandma's cup".to_owned())
    );
    assert_eq!(
        user_actions(&second),
        [UserActionKind::Due(Some("2026-11-21".to_owned()))]
    );
}

#[test]
fn an_item_is_believed_gone_only_after_two_refreshes() {
    let task = linked("a", "Cup", TaskState::Open);
    let tasks = std::slice::from_ref(&task);
    let mut ear = Ear::new();

    let first = ear.hear(tasks, &[], false, now());
    let again = ear.hear(tasks, &[], false, later(5));
    let once = ear.hear(tasks, &[], true, later(15));
    let twice = ear.hear(tasks, &[], true, later(30));

    assert!(
        user_actions(&first).is_empty()
            && user_actions(&again).is_empty()
            && user_actions(&once).is_empty()
    );
    assert_eq!(first.refresh_at, Some(later(15)));
    assert_eq!(user_actions(&twice), [UserActionKind::Deleted]);
}

#[test]
fn an_item_that_comes_back_was_never_gone() {
    let task = linked("a", "Cup", TaskState::Open);
    let tasks = std::slice::from_ref(&task);
    let mut ear = Ear::new();

    ear.hear(tasks, &[], true, now());
    ear.hear(tasks, &[open("a", "Cup")], true, later(15));
    let absent = ear.hear(tasks, &[], true, later(30));

    assert!(user_actions(&absent).is_empty());
}

#[test]
fn on_a_list_that_hides_ticked_items_gone_means_done() {
    let task = linked("a", "Cup", TaskState::Open);
    let tasks = std::slice::from_ref(&task);
    let mut ear = Ear::new();
    ear.hides_completed = true;

    ear.hear(tasks, &[], true, now());
    let heard = ear.hear(tasks, &[], true, later(15));

    assert_eq!(user_actions(&heard), [UserActionKind::Ticked]);
}

#[test]
fn nothing_is_believed_gone_when_most_vanish_at_once_until_a_day_has_passed() {
    let tasks = ["a", "b", "c", "d"].map(|uid| linked(uid, uid, TaskState::Open));
    let mut ear = Ear::new();

    for minute in 0..(24 * 4) {
        let heard = ear.hear(&tasks, &[open("d", "d")], true, later(minute * 900));
        assert!(heard.is_mass && user_actions(&heard).is_empty(), "{minute}");
    }
    let heard = ear.hear(&tasks, &[open("d", "d")], true, later(24 * 3600));

    assert_eq!(user_actions(&heard).len(), 3);
}

#[test]
fn an_item_that_got_another_uid_is_still_ours() {
    let task = linked("a", "Cup", TaskState::Open);

    let heard = Ear::new().hear(
        std::slice::from_ref(&task),
        &[open("b", "Cup")],
        false,
        now(),
    );

    let [ItemChange { item, .. }] = heard.notes.as_slice() else {
        panic!("{heard:?}")
    };
    assert_eq!(item.uid, ItemUid::new("b"));
    assert!(heard.refresh_at.is_none());
}

#[test]
fn a_persons_own_item_of_the_same_text_is_not_taken_for_ours() {
    let mut task = linked("a", "Cup", TaskState::Open);
    let both = [open("a", "Cup"), open("b", "Cup")];
    let mut ear = Ear::new();

    let heard = ear.hear(std::slice::from_ref(&task), &both, false, now());
    let [ItemChange { item, .. }] = heard.notes.as_slice() else {
        panic!("{heard:?}")
    };
    task.item = item.clone();
    let heard = ear.hear(&[task], &both[1..], false, now());

    assert!(heard.notes.is_empty());
    assert!(heard.refresh_at.is_some());
}

#[test]
fn an_item_that_was_believed_gone_and_shows_up_opens_its_task_again() {
    let task = linked("a", "Cup", TaskState::Dismissed);

    let heard = Ear::new().hear(&[task], &[open("a", "Cup")], false, now());

    assert_eq!(user_actions(&heard), [UserActionKind::Unticked]);
}
