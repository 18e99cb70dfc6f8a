//! What is too faint for one comparison, and is noticed because it persists.

use super::*;

/// The room with a small plate: its bright rim, its dark middle and its shadow are together as bright as the floor.
fn with_plate(room: Room) -> Room {
    let floor = [132.0, 104.0, 78.0];
    let lit = |gain: f32| floor.map(|level| level * gain);
    room.with_coloured([0.307, 0.704, 0.008, 0.010], lit(0.62))
        .with_coloured([0.300, 0.700, 0.022, 0.018], lit(1.32))
        .with_coloured([0.300, 0.718, 0.022, 0.009], lit(0.66))
}

/// What is decided at checks of these rooms, a quarter of an hour apart.
fn checked(rooms: &[Room]) -> Vec<Decision> {
    let minutes = (1..).map(|check| check * 15 * MINUTE);
    let frames: Vec<_> = rooms
        .iter()
        .zip(minutes)
        .map(|(room, at)| frame(room, at))
        .collect();
    shown(judged(), &frames).0
}

#[test]
fn what_came_and_persists_is_noticed_at_the_next_check_though_its_ground_is_as_bright() {
    let decisions = checked(&[with_plate(Room::tidy(2)), with_plate(Room::tidy(3))]);

    assert_eq!(decisions[0], UNCHANGED);
    let Decision::Assess(AssessReason::Changed(places)) = &decisions[1] else {
        panic!("{decisions:?}");
    };
    assert_eq!(places.len(), 1);
    assert!((places[0].x() - 0.30).abs() < 0.02 && (places[0].y() - 0.70).abs() < 0.03);
}

#[test]
fn what_persists_is_noticed_where_sun_was_before_but_sun_that_went_is_not_assessed() {
    for x in [0.13, 0.15, 0.16, 0.29] {
        let in_sun = Room::tidy(9).with_sun(x, 0.10);

        let with_it = checked(&[
            in_sun.clone(),
            with_plate(Room::tidy(2)),
            with_plate(Room::tidy(3)),
        ]);
        let without = checked(&[in_sun, Room::tidy(2), Room::tidy(3)]);

        assert!(is_assess(&with_it[2]), "{x}: {with_it:?}");
        assert_eq!(without, [UNCHANGED; 3], "{x}");
    }
}

#[test]
fn what_persists_is_noticed_in_other_light_and_by_a_camera_that_trembles() {
    let decisions = checked(&[
        with_plate(Room::tidy(2)).lit(0.85, 0.0),
        with_plate(Room::tidy(3))
            .lit(1.15, 0.0)
            .shaken(1.0 / 192.0, 0.0),
    ]);

    assert!(is_assess(&decisions[1]), "{decisions:?}");
}

#[test]
fn what_is_gone_at_the_next_check_is_not_assessed() {
    let decisions = checked(&[with_plate(Room::tidy(2)), Room::tidy(3), Room::tidy(4)]);

    assert_eq!(decisions, [UNCHANGED; 3]);
}

#[test]
fn what_was_assessed_or_was_always_there_does_not_count_as_new() {
    let history = judged().assessed(
        &frame(&with_plate(Room::tidy(2)), MINUTE),
        AssessmentOutcome::Changed,
    );
    let frames: Vec<_> = (1..4)
        .map(|check| {
            let room = with_plate(Room::tidy(10)).lit(1.0 - 0.05 * check as f32, 0.0);
            frame(&room, check * 15 * MINUTE)
        })
        .collect();

    let (decisions, _) = shown(history, &frames);

    assert_eq!(decisions, [UNCHANGED; 3]);
}

#[test]
fn a_strip_of_sun_that_comes_and_wanders_on_is_not_assessed() {
    let decisions = checked(&[
        Room::tidy(2).with_sun(0.20, 0.15),
        Room::tidy(3).with_sun(0.23, 0.15),
        Room::tidy(4).with_sun(0.26, 0.15),
        Room::tidy(5),
    ]);

    assert_eq!(decisions, [UNCHANGED; 4]);
}

#[test]
fn checks_within_minutes_tell_nothing_of_what_persists() {
    let frames: Vec<_> = (0..4)
        .map(|i| {
            frame(
                &with_plate(Room::tidy(2 + i)),
                15 * MINUTE + 2 * MINUTE * i64::from(i),
            )
        })
        .collect();

    let (decisions, _) = shown(judged(), &frames);

    assert_eq!(decisions, [UNCHANGED; 4]);
}
