use super::*;
use crate::model::{Area, Presence, Priority, Score, TaskJudgement};

fn zone() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn after(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn finding(title: &str, confidence: f64) -> Finding {
    Finding::new(title, Confidence::new(confidence).unwrap())
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

fn run_at(living: &[Task], verdict: &Verdict, at: Timestamp) -> Changes {
    let glance = Glance {
        verdict,
        scene_changed: false,
    };
    reconcile(&zone(), living, &glance, &Policy::standard().unwrap(), at)
}

fn run(living: &[Task], verdict: &Verdict) -> Changes {
    run_at(living, verdict, now())
}

fn one(living: &Task, verdict: &Verdict) -> Changes {
    run(std::slice::from_ref(living), verdict)
}

fn open(title: &str) -> Task {
    Task::open(zone(), finding(title, 0.9), now())
}

fn only(changes: &Changes) -> (&Task, What) {
    assert_eq!(changes.tasks.len(), 1, "{changes:?}");
    (&changes.tasks[0].task, changes.tasks[0].what)
}

const CUP: &str = "Put away the cup";

#[test]
fn a_sure_finding_becomes_a_task() {
    let changes = run(&[], &verdict(vec![finding(CUP, 0.9)], vec![]));

    let (task, what) = only(&changes);
    assert_eq!((task.finding.title.as_str(), what), (CUP, What::Opened));
    assert!(!changes.recheck);
}

#[test]
fn an_unsure_finding_becomes_a_task_when_it_is_seen_twice() {
    let unsure = verdict(vec![finding(CUP, 0.4)], vec![]);

    let first = run(&[], &unsure);
    let (proposed, what) = only(&first);
    let second = run_at(std::slice::from_ref(proposed), &unsure, after(1));

    assert_eq!(
        (proposed.state, what),
        (TaskState::Proposed, What::Proposed)
    );
    assert!(first.recheck);
    assert_eq!(
        (only(&second).0.id, only(&second).1),
        (proposed.id, What::Opened)
    );
}

#[test]
fn an_unsure_finding_that_is_not_seen_again_is_forgotten() {
    let first = run(&[], &verdict(vec![finding(CUP, 0.4)], vec![]));
    let nothing = verdict(vec![], vec![]);

    let once = one(only(&first).0, &nothing);
    let twice = one(only(&once).0, &nothing);

    assert_eq!(only(&twice).1, What::Settled);
}

#[test]
fn a_mere_guess_is_not_even_remembered() {
    assert_eq!(
        run(&[], &verdict(vec![finding(CUP, 0.1)], vec![])),
        Changes::default()
    );
}

#[test]
fn a_finding_that_is_a_task_already_is_not_added_again() {
    let cup = open(CUP);

    let changes = one(
        &cup,
        &verdict(
            vec![finding("put the cup away", 0.9)],
            vec![(&cup, Presence::Present, 0.9)],
        ),
    );

    assert!(changes.is_quiet(), "{changes:?}");
}

#[test]
fn the_providers_word_on_other_words_is_taken() {
    let cup = open("Wipe the counter");
    let mut other = finding("Clean coffee stains off the worktop", 0.9);
    other.task = Some(cup.id);

    assert!(one(&cup, &verdict(vec![other], vec![])).is_quiet());
}

#[test]
fn one_thing_told_twice_becomes_one_task() {
    let told = verdict(
        vec![finding(CUP, 0.9), finding("Put the cup away", 0.8)],
        vec![],
    );

    assert_eq!(run(&[], &told).tasks.len(), 1);
}

#[test]
fn a_task_judged_gone_is_done() {
    let cup = open(CUP);

    let changes = one(&cup, &verdict(vec![], vec![(&cup, Presence::Gone, 0.9)]));

    assert_eq!(
        (only(&changes).0.state, only(&changes).1),
        (TaskState::DoneByCamera, What::Done)
    );
}

#[test]
fn a_task_that_is_not_seen_is_done_at_the_second_look() {
    let cup = open(CUP);
    for judgements in [vec![], vec![(&cup, Presence::Gone, 0.5)]] {
        let unseen = verdict(vec![], judgements);

        let once = one(&cup, &unseen);
        let twice = one(only(&once).0, &unseen);

        assert!(once.recheck);
        assert_eq!(only(&once).1, What::Noted);
        assert_eq!(only(&twice).1, What::Done);
    }
}

#[test]
fn what_cannot_be_told_changes_nothing() {
    let mut cup = open(CUP);
    cup.sightings.unseen = 1;
    for judgements in [
        vec![(&cup, Presence::Unclear, 1.0)],
        vec![(&cup, Presence::Gone, 0.9), (&cup, Presence::Present, 0.9)],
        vec![(&cup, Presence::Gone, 0.7), (&cup, Presence::Unclear, 0.8)],
    ] {
        assert_eq!(one(&cup, &verdict(vec![], judgements)), Changes::default());
    }
}

#[test]
fn what_is_found_and_gone_in_one_breath_changes_nothing() {
    let cup = open(CUP);

    let told = verdict(vec![finding(CUP, 0.9)], vec![(&cup, Presence::Gone, 0.9)]);

    assert_eq!(one(&cup, &told), Changes::default());
}

#[test]
fn a_task_that_comes_back_soon_is_opened_again_and_later_it_is_a_new_one() {
    let done = open(CUP).moved(TaskState::DoneByCamera, now());
    let back = verdict(vec![finding(CUP, 0.9)], vec![]);

    let soon = run_at(std::slice::from_ref(&done), &back, after(1));
    let late = run_at(std::slice::from_ref(&done), &back, after(13));

    assert_eq!((only(&soon).0.id, only(&soon).1), (done.id, What::Reopened));
    assert_eq!(late.that(What::Settled).count(), 1);
    assert_ne!(late.that(What::Opened).next().unwrap().id, done.id);
}

#[test]
fn a_done_task_is_not_opened_again_by_one_unsure_look() {
    let mut done = open(CUP).moved(TaskState::DoneByCamera, now());
    done.sightings = Sightings::default();
    let unsure = verdict(vec![finding(CUP, 0.4)], vec![]);

    let once = run_at(&[done], &unsure, after(1));
    let twice = run_at(std::slice::from_ref(only(&once).0), &unsure, after(1));

    assert!(once.recheck);
    assert_eq!(only(&once).1, What::Noted);
    assert_eq!(only(&twice).1, What::Reopened);
}

#[test]
fn a_ticked_task_is_not_raised_while_it_stays_however_long() {
    let ticked = open(CUP).moved(TaskState::DoneByPerson, now());
    let still = verdict(
        vec![finding(CUP, 0.9)],
        vec![(&ticked, Presence::Present, 0.9)],
    );

    assert_eq!(
        run_at(std::slice::from_ref(&ticked), &still, after(500)),
        Changes::default()
    );
}

#[test]
fn a_ticked_task_may_be_raised_after_it_was_absent_and_two_hours() {
    let ticked = open(CUP).moved(TaskState::DoneByPerson, now());
    let gone = verdict(vec![], vec![(&ticked, Presence::Gone, 0.9)]);
    let back = verdict(vec![finding(CUP, 0.9)], vec![]);

    let absent = one(&ticked, &gone);
    let absent = only(&absent).0;
    let too_soon = run_at(std::slice::from_ref(absent), &back, after(1));
    let raised = run_at(std::slice::from_ref(absent), &back, after(2));

    assert_eq!(too_soon, Changes::default());
    assert_eq!(raised.that(What::Opened).count(), 1);
    assert_eq!(raised.that(What::Settled).count(), 1);
}

#[test]
fn a_ticked_task_may_be_raised_when_the_scene_changed_and_two_hours_passed() {
    let ticked = open(CUP).moved(TaskState::DoneByPerson, now());
    let back = verdict(vec![finding(CUP, 0.9)], vec![]);
    let glance = Glance {
        verdict: &back,
        scene_changed: true,
    };
    let policy = Policy::standard().unwrap();
    let living = std::slice::from_ref(&ticked);

    let soon = reconcile(&zone(), living, &glance, &policy, after(1));
    let later = reconcile(&zone(), living, &glance, &policy, after(3));

    assert_eq!(soon, Changes::default());
    assert_eq!(later.that(What::Opened).count(), 1);
}

#[test]
fn a_dismissed_task_is_not_proposed_again_for_thirty_days() {
    let dismissed = open(CUP).moved(TaskState::Dismissed, now());
    let again = verdict(vec![finding("Put the cup away", 0.9)], vec![]);
    let living = std::slice::from_ref(&dismissed);

    assert_eq!(run_at(living, &again, after(29 * 24)), Changes::default());
    let over = run_at(living, &again, after(30 * 24));
    assert_eq!(only(&over).1, What::Settled);
}

#[test]
fn a_task_that_a_person_opened_again_is_not_closed_by_the_next_glance() {
    let mut kept = open(CUP);
    kept.sightings.kept_until = Some(after(2));
    let gone = verdict(vec![], vec![(&kept, Presence::Gone, 0.9)]);
    let living = std::slice::from_ref(&kept);

    assert_eq!(run_at(living, &gone, after(1)), Changes::default());
    assert_eq!(only(&run_at(living, &gone, after(3))).1, What::Done);
}

#[test]
fn what_is_ignored_in_the_zone_is_no_task() {
    let policy = Policy {
        ignore: vec!["the guitar".to_owned()],
        ..Policy::standard().unwrap()
    };
    let told = verdict(vec![finding("Put the guitar away", 0.9)], vec![]);
    let glance = Glance {
        verdict: &told,
        scene_changed: false,
    };

    assert_eq!(
        reconcile(&zone(), &[], &glance, &policy, now()),
        Changes::default()
    );
}

#[test]
fn the_most_important_come_first_when_places_are_few_and_the_rest_waits() {
    let mut findings: Vec<_> = (0..20)
        .map(|n| finding(&format!("thing {n}"), 0.9))
        .collect();
    findings[19].priority = Priority::High;
    let told = verdict(findings, vec![]);

    let changes = run(&[], &told);
    let opened: Vec<_> = changes.that(What::Opened).cloned().collect();
    let waiting: Vec<_> = changes.that(What::Proposed).cloned().collect();
    let done = opened[0].moved(TaskState::DoneByCamera, now());
    let living: Vec<_> = [done]
        .into_iter()
        .chain(opened[1..].to_vec())
        .chain(waiting.clone())
        .collect();
    let all: Vec<_> = living
        .iter()
        .filter(|t| t.state != TaskState::DoneByCamera)
        .map(|t| (t, Presence::Present, 0.9))
        .collect();
    let next = run(&living, &verdict(vec![], all));

    assert_eq!(opened.len(), 12);
    assert_eq!(opened[0].finding.title, "thing 19");
    assert_eq!(waiting.len(), 8);
    assert_eq!(next.that(What::Opened).count(), 1);
}

#[test]
fn a_thing_that_moved_is_known_by_the_providers_word_and_its_place_is_kept() {
    let mut cup = open(CUP);
    cup.finding.area = Some(Area::new(0.1, 0.1, 0.1, 0.1).unwrap());
    let mut moved = finding(CUP, 0.9);
    moved.area = Some(Area::new(0.7, 0.7, 0.1, 0.1).unwrap());
    moved.task = Some(cup.id);

    let changes = one(&cup, &verdict(vec![moved.clone()], vec![]));

    assert_eq!(only(&changes).0.finding.area, moved.area);
}
