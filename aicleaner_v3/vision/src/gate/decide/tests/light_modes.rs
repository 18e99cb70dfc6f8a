//! Colour by day and infrared by night.

use super::*;

#[test]
fn the_night_has_a_history_of_its_own() {
    let frames = [
        frame(&Room::tidy(2).at_night(), 60 * MINUTE),
        frame(&Room::tidy(3).at_night(), 70 * MINUTE),
        frame(&Room::tidy(4), 80 * MINUTE),
    ];

    let (decisions, _) = shown(judged(), &frames);

    assert_eq!(decisions, [const { Decision::Skip(Skip::Unchanged) }; 3]);
}

#[test]
fn what_was_assessed_at_night_is_no_news_in_the_morning() {
    let left = |seed| Room::tidy(seed).with([0.30, 0.70, 0.05, 0.06]);
    let (_, history) = shown(judged(), &[frame(&Room::tidy(2).at_night(), 60 * MINUTE)]);
    let history = history.assessed(
        &frame(&left(3).at_night(), 70 * MINUTE),
        AssessmentOutcome::Changed,
    );

    let (decisions, _) = shown(history, &[frame(&left(4), 80 * MINUTE)]);

    assert_eq!(decisions, [Decision::Skip(Skip::Unchanged)]);
}

#[test]
fn an_object_of_which_the_night_showed_only_a_part_is_no_news_in_the_morning() {
    let (sock, whole) = ([0.30, 0.70, 0.02, 0.03], [0.28, 0.68, 0.08, 0.09]);
    let (_, history) = shown(judged(), &[frame(&Room::tidy(2).at_night(), 60 * MINUTE)]);
    let night = frame(&Room::tidy(3).with(sock).at_night(), 70 * MINUTE);
    let history = history.assessed(&night, AssessmentOutcome::Changed);

    let (decisions, _) = shown(history, &[frame(&Room::tidy(4).with(whole), 80 * MINUTE)]);

    assert_eq!(decisions, [UNCHANGED]);
}

#[test]
fn an_object_beside_one_that_was_assessed_at_night_is_news_in_the_morning() {
    let beside = |seed| {
        Room::tidy(seed)
            .with([0.30, 0.70, 0.05, 0.06])
            .with([0.42, 0.70, 0.05, 0.06])
    };
    let (_, history) = shown(judged(), &[frame(&Room::tidy(2).at_night(), 60 * MINUTE)]);
    let night = Room::tidy(3).with([0.30, 0.70, 0.05, 0.06]).at_night();
    let history = history.assessed(&frame(&night, 70 * MINUTE), AssessmentOutcome::Changed);
    let frames: Vec<_> = (0..4)
        .map(|i| frame(&beside(4 + i), 80 * MINUTE + 8 * i64::from(i)))
        .collect();

    let (decisions, _) = shown(history, &frames);

    assert!(is_assess(&decisions[3]), "{decisions:?}");
}
