//! What changes back and forth without consequence.

use super::*;

/// The room with its curtain drawn.
fn drawn(seed: u32) -> Room {
    Room::tidy(seed).with([0.60, 0.10, 0.12, 0.40])
}

#[test]
fn what_changed_without_consequence_may_change_back_and_again() {
    let history = judged().assessed(&frame(&drawn(2), 10 * MINUTE), AssessmentOutcome::Unchanged);

    let (decisions, _) = shown(
        history,
        &[
            frame(&Room::tidy(3), 20 * MINUTE),
            frame(&drawn(4), 30 * MINUTE),
            frame(&Room::tidy(5).lit(0.8, 0.0), 40 * MINUTE),
        ],
    );

    assert!(
        decisions
            .iter()
            .all(|decision| *decision == Decision::Skip(Skip::Unchanged)),
        "{decisions:?}"
    );
}

#[test]
fn what_changed_with_a_consequence_is_asked_about_when_it_changes_back() {
    let history = judged().assessed(&frame(&drawn(2), 10 * MINUTE), AssessmentOutcome::Changed);
    let frames: Vec<_> = (0..6)
        .map(|i| frame(&Room::tidy(3 + i), 20 * MINUTE + 8 * i64::from(i)))
        .collect();

    let (decisions, _) = shown(history, &frames);

    assert!(decisions.iter().any(is_assess), "{decisions:?}");
}

#[test]
fn an_object_is_noticed_where_something_changed_back_without_consequence() {
    let history = judged().assessed(&frame(&drawn(2), 10 * MINUTE), AssessmentOutcome::Unchanged);
    let frames: Vec<_> = (0..6)
        .map(|i| {
            let room = Room::tidy(3 + i).with([0.63, 0.30, 0.05, 0.06]);
            frame(&room, 20 * MINUTE + 8 * i64::from(i))
        })
        .collect();

    let (decisions, _) = shown(history, &frames);

    assert!(decisions.iter().any(is_assess), "{decisions:?}");
}
