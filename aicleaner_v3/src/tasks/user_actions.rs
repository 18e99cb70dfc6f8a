//! What a person's user action on a list means for the task. People win: what they decided is never argued with.

use jiff::Timestamp;

use super::change::{Change, What};
use super::evidence::likeness;
use super::policy::Policy;
use super::sameness::SAME_FROM;
use crate::model::{Sightings, Task, TaskState, UserActionKind};

/// What `kind` changes: `task` itself, and other open tasks of `living` that turn out to be the same thing.
/// Nothing, if it was heeded already.
pub fn apply_user_action(
    task: &Task,
    living: &[Task],
    kind: &UserActionKind,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Change> {
    let by_person = |task: Task| Change {
        task,
        what: What::ByPerson,
    };
    match kind {
        UserActionKind::Ticked if matches!(task.state, TaskState::Open | TaskState::Proposed) => {
            vec![by_person(ended(task, TaskState::DoneByPerson, now))]
        }
        UserActionKind::Deleted if matches!(task.state, TaskState::Open | TaskState::Proposed) => {
            vec![by_person(ended(task, TaskState::Dismissed, now))]
        }
        UserActionKind::Unticked if !task.is_open() => {
            let mut open = task.moved(TaskState::Open, now);
            open.opened_at = now;
            open.sightings = Sightings {
                seen: 1,
                kept_until: now.checked_add(policy.respect_for).ok(),
                ..Sightings::default()
            };
            let doubles = living
                .iter()
                .filter(|other| {
                    other.id != task.id
                        && matches!(other.state, TaskState::Open | TaskState::Proposed)
                        && likeness(other, &open.finding) >= SAME_FROM
                })
                .map(|other| Change {
                    task: other.moved(TaskState::Settled, now),
                    what: if other.is_open() {
                        What::Merged
                    } else {
                        What::Settled
                    },
                });
            let mut changes: Vec<_> = doubles.collect();
            changes.push(by_person(open));
            changes
        }
        UserActionKind::Renamed(name) if task.title() != name => {
            let mut renamed = task.clone();
            renamed.renamed = Some(name.clone());
            vec![by_person(renamed)]
        }
        UserActionKind::Due(due) if task.due != *due => {
            let mut changed = task.clone();
            changed.due.clone_from(due);
            vec![by_person(changed)]
        }
        _ => Vec::new(),
    }
}

fn ended(task: &Task, state: TaskState, now: Timestamp) -> Task {
    let mut ended = task.moved(state, now);
    ended.sightings = Sightings::default();
    ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Confidence, Finding, ZoneId};

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn open(title: &str) -> Task {
        let finding = Finding::new(title, Confidence::CERTAIN);
        Task::open(ZoneId::parse("kitchen").unwrap(), finding, now())
    }

    fn applied(task: &Task, living: &[Task], kind: &UserActionKind) -> Vec<Change> {
        apply_user_action(task, living, kind, &Policy::standard().unwrap(), now())
    }

    #[test]
    fn a_tick_ends_an_open_task_and_is_heeded_once() {
        let cup = open("Put away the cup");

        let changes = applied(&cup, &[], &UserActionKind::Ticked);

        assert_eq!(changes[0].task.state, TaskState::DoneByPerson);
        assert!(applied(&changes[0].task, &[], &UserActionKind::Ticked).is_empty());
    }

    #[test]
    fn a_deleted_task_is_dismissed_and_a_done_one_just_goes() {
        let cup = open("Put away the cup");

        assert_eq!(
            applied(&cup, &[], &UserActionKind::Deleted)[0].task.state,
            TaskState::Dismissed
        );
        let done = cup.moved(TaskState::DoneByCamera, now());
        assert!(applied(&done, &[], &UserActionKind::Deleted).is_empty());
    }

    #[test]
    fn a_task_that_a_person_opens_again_takes_the_place_of_its_double() {
        let old = open("Put away the cup").moved(TaskState::DoneByPerson, now());
        let double = open("Put the cup away");

        let changes = applied(
            &old,
            std::slice::from_ref(&double),
            &UserActionKind::Unticked,
        );

        assert_eq!(changes.len(), 2);
        assert_eq!(
            (changes[0].task.id, changes[0].what),
            (double.id, What::Merged)
        );
        assert!(changes[1].task.is_open());
        assert!(changes[1].task.sightings.kept_until.is_some());
    }

    #[test]
    fn a_name_and_a_date_are_kept_as_people_wrote_them() {
        let cup = open("Put away the cup");

        let named = applied(
            &cup,
            &[],
            &UserActionKind::Renamed("Grandma's cup!".to_owned()),
        );
        let dated = applied(
            &cup,
            &[],
            &UserActionKind::Due(Some("2026-11-21".to_owned())),
        );

        assert_eq!(named[0].task.title(), "Grandma's cup!");
        assert_eq!(dated[0].task.due.as_deref(), Some("2026-11-21"));
    }
}
