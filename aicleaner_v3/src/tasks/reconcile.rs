//! Reconcile: an assessment against the tasks as they stand at the commit. New findings become tasks, tasks
//! judged gone are done, and what a person ended is not raised again while its cause is still to be seen.

use jiff::Timestamp;

use super::similarity;
use crate::model::{Confidence, Finding, Presence, Task, TaskId, TaskState, Verdict, ZoneId};

/// What reconcile goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// A finding becomes a task from this confidence on.
    pub open_from: Confidence,
    /// A task is done when it is judged gone with at least this confidence.
    pub done_from: Confidence,
    /// From this similarity of the wording on, a finding is an existing task.
    pub same_from: f64,
    /// The most open tasks of a zone; further findings wait, the most important first.
    pub most_open: usize,
}

impl Policy {
    /// The default: 0.6 to open, 0.6 to be done, 0.7 of the words in common, at most 12 open tasks.
    ///
    /// # Errors
    /// Never: the numbers are in range.
    pub fn standard() -> Result<Self, crate::model::OutOfRange> {
        Ok(Self {
            open_from: Confidence::new(0.6)?,
            done_from: Confidence::new(0.6)?,
            same_from: 0.7,
            most_open: 12,
        })
    }
}

/// What an assessment changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// New tasks.
    pub opened: Vec<Task>,
    /// Tasks that the camera saw done.
    pub done: Vec<Task>,
    /// Tasks that a person had ended and whose cause is now gone too.
    pub settled: Vec<Task>,
}

impl Changes {
    /// All tasks that are new or changed.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.opened.iter().chain(&self.done).chain(&self.settled)
    }
}

/// What `verdict` means for the `living` tasks of `zone`: the open ones, and those that a person ended and that
/// still linger. Judgements of other tasks are ignored; a task that is not judged stays as it is.
pub fn reconcile(
    zone: &ZoneId,
    living: &[Task],
    verdict: &Verdict,
    policy: &Policy,
    now: Timestamp,
) -> Changes {
    let mut changes = Changes::default();
    for task in living {
        if !is_gone(task.id, verdict, policy) {
            continue;
        }
        match task.state {
            TaskState::Open => changes.done.push(task.moved(TaskState::DoneByCamera, now)),
            TaskState::DoneByPerson => changes.settled.push(task.moved(TaskState::Settled, now)),
            TaskState::DoneByCamera | TaskState::Settled => {}
        }
    }
    let still_open = living.iter().filter(|task| task.is_open()).count() - changes.done.len();
    let mut places = policy.most_open.saturating_sub(still_open);
    let mut findings: Vec<_> = verdict
        .findings
        .iter()
        .filter(|finding| finding.confidence >= policy.open_from)
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.priority));
    for finding in findings {
        let gone = |task: &Task| {
            changes
                .done
                .iter()
                .chain(&changes.settled)
                .any(|ended| ended.id == task.id)
        };
        // A thing that is gone and found in one breath is not the same thing, unless the words say that it is:
        // then the answer contradicts itself, and nothing new is made of it.
        let known = living.iter().any(|task| {
            is_same(&task.finding, finding, policy)
                || (!gone(task) && is_same_thing(&task.finding, finding, policy))
        });
        let twice = changes.opened.iter().any(|task| {
            is_same(&task.finding, finding, policy) || is_same_thing(&task.finding, finding, policy)
        });
        if known || twice || places == 0 {
            continue;
        }
        places -= 1;
        changes
            .opened
            .push(Task::open(zone.clone(), finding.clone(), now));
    }
    changes
}

/// The strongest judgement of the task counts; contradicting ones of the same strength mean nothing.
fn is_gone(task: TaskId, verdict: &Verdict, policy: &Policy) -> bool {
    let strongest = |presence: Presence| {
        verdict
            .judgements
            .iter()
            .filter(|judgement| judgement.task == task && judgement.presence == presence)
            .map(|judgement| judgement.confidence.get())
            .fold(0.0, f64::max)
    };
    let gone = strongest(Presence::Gone);
    gone >= policy.done_from.get()
        && gone > strongest(Presence::Present)
        && gone > strongest(Presence::Unclear)
}

/// The same words, title and location.
fn is_same(a: &Finding, b: &Finding, policy: &Policy) -> bool {
    similarity(&a.title, &b.title) >= policy.same_from
        && (a.location.is_empty()
            || b.location.is_empty()
            || similarity(&a.location, &b.location) >= policy.same_from)
}

/// Much the same words at much the same place in the picture.
fn is_same_thing(a: &Finding, b: &Finding, policy: &Policy) -> bool {
    const SAME_PLACE: f64 = 0.5;
    let same_place = matches!((&a.area, &b.area), (Some(a), Some(b)) if a.overlap(b) >= SAME_PLACE);
    same_place && similarity(&a.title, &b.title) >= policy.same_from / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Area, Priority, Score, TaskJudgement};

    fn zone() -> ZoneId {
        ZoneId::parse("kitchen").unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn finding(title: &str, confidence: f64) -> Finding {
        Finding {
            title: title.to_owned(),
            location: String::new(),
            area: None,
            task: None,
            category: None,
            camera: None,
            priority: Priority::Normal,
            minutes: None,
            confidence: Confidence::new(confidence).unwrap(),
        }
    }

    fn verdict(findings: Vec<Finding>, judgements: Vec<(&Task, Presence, f64)>) -> Verdict {
        Verdict {
            score: Score::new(50).unwrap(),
            summary: String::new(),
            findings,
            judgements: judgements
                .into_iter()
                .map(|(task, presence, confidence)| TaskJudgement {
                    task: task.id,
                    presence,
                    confidence: Confidence::new(confidence).unwrap(),
                })
                .collect(),
        }
    }

    fn run(living: &[Task], verdict: &Verdict) -> Changes {
        reconcile(
            &zone(),
            living,
            verdict,
            &Policy::standard().unwrap(),
            now(),
        )
    }

    fn open(title: &str) -> Task {
        Task::open(zone(), finding(title, 0.9), now())
    }

    #[test]
    fn a_new_finding_becomes_a_task() {
        let changes = run(
            &[],
            &verdict(vec![finding("Put away the cup", 0.9)], vec![]),
        );

        assert_eq!(changes.opened.len(), 1);
        assert_eq!(changes.opened[0].finding.title, "Put away the cup");
    }

    #[test]
    fn an_unsure_finding_becomes_none() {
        assert_eq!(
            run(
                &[],
                &verdict(vec![finding("Put away the cup", 0.59)], vec![])
            ),
            Changes::default()
        );
    }

    #[test]
    fn a_finding_that_is_a_task_already_is_not_added_again() {
        let cup = open("Put away the cup");

        let changes = run(
            std::slice::from_ref(&cup),
            &verdict(
                vec![finding("put the cup away", 0.9)],
                vec![(&cup, Presence::Present, 0.9)],
            ),
        );

        assert_eq!(changes, Changes::default());
    }

    #[test]
    fn one_thing_told_twice_becomes_one_task() {
        let changes = run(
            &[],
            &verdict(
                vec![
                    finding("Put away the cup", 0.9),
                    finding("Put the cup away", 0.8),
                ],
                vec![],
            ),
        );

        assert_eq!(changes.opened.len(), 1);
    }

    #[test]
    fn the_same_place_and_similar_words_are_the_same_thing() {
        let mut cup = open("Put away the coffee cup");
        cup.finding.area = Some(Area::new(0.4, 0.4, 0.1, 0.1).unwrap());
        let mut again = finding("Take the coffee cup to the kitchen", 0.9);
        again.area = Some(Area::new(0.41, 0.4, 0.1, 0.1).unwrap());

        assert_eq!(
            run(&[cup], &verdict(vec![again], vec![])),
            Changes::default()
        );
    }

    #[test]
    fn a_task_judged_gone_is_done() {
        let cup = open("Put away the cup");

        let changes = run(
            std::slice::from_ref(&cup),
            &verdict(vec![], vec![(&cup, Presence::Gone, 0.9)]),
        );

        assert_eq!(changes.done.len(), 1);
        assert_eq!(changes.done[0].state, TaskState::DoneByCamera);
    }

    #[test]
    fn no_judgement_an_unclear_or_a_weak_one_changes_nothing() {
        let cup = open("Put away the cup");
        for judgements in [
            vec![],
            vec![(&cup, Presence::Unclear, 1.0)],
            vec![(&cup, Presence::Gone, 0.5)],
            vec![(&cup, Presence::Gone, 0.9), (&cup, Presence::Present, 0.9)],
        ] {
            assert_eq!(
                run(std::slice::from_ref(&cup), &verdict(vec![], judgements)),
                Changes::default()
            );
        }
    }

    #[test]
    fn a_ticked_task_is_not_raised_again_while_its_cause_is_seen() {
        let cup = open("Put away the cup").moved(TaskState::DoneByPerson, now());

        let changes = run(
            std::slice::from_ref(&cup),
            &verdict(
                vec![finding("Put away the cup", 0.9)],
                vec![(&cup, Presence::Present, 0.9)],
            ),
        );

        assert_eq!(changes, Changes::default());
    }

    #[test]
    fn a_ticked_task_may_be_raised_anew_after_its_cause_was_gone() {
        let cup = open("Put away the cup").moved(TaskState::DoneByPerson, now());

        let gone = run(
            std::slice::from_ref(&cup),
            &verdict(vec![], vec![(&cup, Presence::Gone, 0.9)]),
        );
        let again = run(
            &[],
            &verdict(vec![finding("Put away the cup", 0.9)], vec![]),
        );

        assert_eq!(gone.settled.len(), 1);
        assert_eq!(again.opened.len(), 1);
    }

    #[test]
    fn what_is_found_and_gone_in_one_breath_is_not_opened_anew() {
        let cup = open("Put away the cup");

        let changes = run(
            std::slice::from_ref(&cup),
            &verdict(
                vec![finding("Put away the cup", 0.9)],
                vec![(&cup, Presence::Gone, 0.9)],
            ),
        );

        assert!(changes.opened.is_empty());
    }

    #[test]
    fn the_most_important_come_first_when_places_are_few() {
        let mut findings: Vec<_> = (0..30)
            .map(|n| finding(&format!("thing{n}"), 0.9))
            .collect();
        findings[29].priority = Priority::High;

        let changes = run(&[], &verdict(findings, vec![]));

        assert_eq!(changes.opened.len(), 12);
        assert_eq!(changes.opened[0].finding.title, "thing29");
    }

    proptest::proptest! {
        #[test]
        fn looking_twice_at_the_same_thing_changes_nothing_more(titles in proptest::collection::vec("[a-c ]{1,6}", 0..12)) {
            let verdict = verdict(titles.iter().map(|title| finding(title, 0.9)).collect(), vec![]);
            let first = run(&[], &verdict);

            let second = run(&first.opened, &verdict);

            proptest::prop_assert!(second.opened.is_empty());
        }
    }
}
