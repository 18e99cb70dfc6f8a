//! The gate's decisions on drawn rooms.

mod alternate_views;
mod light_modes;
mod persistence;

use proptest::prelude::*;

use super::*;
use crate::gate::history::AssessmentOutcome;
use crate::measure::quality::QualityFault;
use crate::test_room::Room;
use jiff::Timestamp;

const MINUTE: i64 = 60;
const UNCHANGED: Decision = Decision::Skip(Skip::Unchanged);

fn frame(room: &Room, second: i64) -> Frame {
    let at = Timestamp::from_second(1_800_000_000 + second).unwrap();
    Frame::new(&room.picture(), &[], at)
}

/// A history of the tidy room, judged at second 0.
fn judged() -> History {
    History::default().assessed(&frame(&Room::tidy(1), 0), AssessmentOutcome::Changed)
}

/// Shows frames one after the other and returns all decisions.
fn shown(mut history: History, frames: &[Frame]) -> (Vec<Decision>, History) {
    let mut decisions = Vec::new();
    for frame in frames {
        let (decision, next) = decide(frame, history, &GatePolicy::default(), false);
        history = next;
        decisions.push(decision);
    }
    (decisions, history)
}

fn is_assess(decision: &Decision) -> bool {
    matches!(decision, Decision::Assess(_))
}

#[test]
fn the_first_frame_is_assessed() {
    let (decision, _) = decide(
        &frame(&Room::tidy(1), 0),
        History::default(),
        &GatePolicy::default(),
        false,
    );

    assert_eq!(decision, Decision::Assess(AssessReason::First));
}

#[test]
fn noise_and_light_are_not_a_change() {
    let rooms = [
        Room::tidy(2),
        Room::tidy(3).lit(0.7, 0.0),
        Room::tidy(4).lit(1.25, 0.0),
        Room::tidy(5).lit(0.8, 20.0),
        Room::tidy(6).shaken(0.01, -0.006),
    ];
    for (number, room) in rooms.iter().enumerate() {
        let (decisions, _) = shown(judged(), &[frame(room, MINUTE)]);

        assert_eq!(
            decisions,
            [Decision::Skip(Skip::Unchanged)],
            "room {number}"
        );
    }
}

#[test]
fn a_lamp_whose_shade_is_white_when_it_is_lit_may_be_switched() {
    let lamp = |seed, is_lit| Room::tidy(seed).with_lamp(is_lit).lit(0.55, 0.0);
    for is_lit in [true, false] {
        let judged =
            History::default().assessed(&frame(&lamp(1, is_lit), 0), AssessmentOutcome::Changed);

        let (decisions, _) = shown(judged, &[frame(&lamp(2, !is_lit), 15 * MINUTE)]);

        assert_eq!(decisions, [UNCHANGED], "{is_lit}");
    }
}

#[test]
fn a_blotch_of_another_colour_is_noise_but_two_are_not() {
    let spot = |cells: f32| {
        let place = [48.0 / 192.0, 22.0 / 108.0, cells / 192.0, 2.0 / 108.0];
        let as_bright_as_the_wall = [230.0, 142.0, 150.0];
        Room::tidy(2).with_coloured(place, as_bright_as_the_wall)
    };

    let (one, _) = shown(judged(), &[frame(&spot(2.0), 15 * MINUTE)]);
    let (two, _) = shown(judged(), &[frame(&spot(4.0), 15 * MINUTE)]);

    assert_eq!(one, [UNCHANGED]);
    assert!(matches!(two[0], Decision::Recapture(_)), "{two:?}");
}

#[test]
fn it_may_get_dark_outside() {
    let trees = |seed, bright| Room::tidy(seed).with_trees(bright);
    let judged = History::default().assessed(&frame(&trees(1, 1.1), 0), AssessmentOutcome::Changed);

    let (decisions, _) = shown(judged, &[frame(&trees(2, 0.4), 60 * MINUTE)]);

    assert_eq!(decisions, [UNCHANGED]);
}

#[test]
fn an_object_of_a_fiftieth_of_the_width_that_stays_is_noticed() {
    let room = |seed| Room::tidy(seed).with([0.30, 0.70, 0.02, 0.036]);
    let frames: Vec<Frame> = (0..4)
        .map(|i| frame(&room(10 + i), MINUTE + i64::from(i) * 8))
        .collect();

    let (decisions, _) = shown(judged(), &frames);

    assert!(
        matches!(decisions[0], Decision::Recapture(_)),
        "{decisions:?}"
    );
    let Some(Decision::Assess(AssessReason::Changed(places))) =
        decisions.iter().find(|d| is_assess(d))
    else {
        panic!("{decisions:?}");
    };
    assert_eq!(places.len(), 1);
    assert!((places[0].x() - 0.30).abs() < 0.02 && (places[0].y() - 0.70).abs() < 0.03);
}

#[test]
fn a_picture_that_is_shifted_while_the_camera_starts_is_neither_assessed_nor_remembered() {
    let shifted = |second| frame(&Room::tidy(7).shaken(0.05, -0.03), second);
    let object = Room::tidy(8).with([0.03, 0.8, 0.02, 0.036]);
    let mut frames: Vec<Frame> = (0..8).map(|i| shifted(MINUTE + i * 8)).collect();
    frames.extend((0..4).map(|i| frame(&object, 16 * MINUTE + i * 8)));

    let (decisions, _) = shown(judged(), &frames);

    let passing = Decision::Skip(Skip::Moving(1.0));
    assert!(
        decisions[..8].iter().all(|d| *d == passing),
        "{decisions:?}"
    );
    assert!(is_assess(&decisions[11]), "{decisions:?}");
}

#[test]
fn a_camera_that_was_turned_for_good_is_assessed_once() {
    let turned = |second| frame(&Room::tidy(7).shaken(0.05, -0.03), second);

    let (decisions, history) = shown(judged(), &[turned(MINUTE), turned(6 * MINUTE)]);
    let history = history.assessed(&turned(6 * MINUTE), AssessmentOutcome::Unchanged);
    let (after, _) = shown(history, &[turned(20 * MINUTE)]);

    assert_eq!(decisions[1], Decision::Assess(AssessReason::ViewMoved));
    assert_eq!(after, [Decision::Skip(Skip::Unchanged)]);
}

#[test]
fn a_person_who_walks_through_is_no_change() {
    let person = |i: u8| Room::tidy(i.into()).with([0.1 + f32::from(i) * 0.12, 0.2, 0.1, 0.6]);
    let mut frames: Vec<Frame> = (0..5)
        .map(|i| frame(&person(i), MINUTE + i64::from(i) * 8))
        .collect();
    frames.push(frame(&Room::tidy(40), 2 * MINUTE));

    let (decisions, _) = shown(judged(), &frames);

    assert!(!decisions.iter().any(is_assess), "{decisions:?}");
    assert_eq!(decisions[5], Decision::Skip(Skip::Unchanged));
}

#[test]
fn what_was_assessed_is_no_change_any_more() {
    let room = |seed| Room::tidy(seed).with([0.30, 0.70, 0.05, 0.06]);

    let (decisions, _) = shown(
        judged().assessed(&frame(&room(2), MINUTE), AssessmentOutcome::Changed),
        &[frame(&room(3), 2 * MINUTE)],
    );

    assert_eq!(decisions, [Decision::Skip(Skip::Unchanged)]);
}

#[test]
fn a_zone_is_assessed_anyway_after_a_day() {
    let (decisions, _) = shown(judged(), &[frame(&Room::tidy(2), 24 * 60 * MINUTE)]);

    assert!(
        matches!(decisions[0], Decision::Assess(AssessReason::Due(_))),
        "{decisions:?}"
    );
}

#[test]
fn a_requested_check_passes_an_unchanged_room_but_not_a_dark_one() {
    let wanted =
        |room: &Room| decide(&frame(room, MINUTE), judged(), &GatePolicy::default(), true).0;

    assert_eq!(
        wanted(&Room::tidy(2)),
        Decision::Assess(AssessReason::Requested)
    );
    assert!(matches!(
        wanted(&Room::tidy(2).lit(0.02, 0.0)),
        Decision::Skip(Skip::Faulty(QualityFault::Dark(_)))
    ));
}

#[test]
fn frames_that_show_nothing_are_skipped_with_a_number() {
    let cases = [
        (Room::tidy(2).lit(0.01, 2.0), "dark"),
        (Room::tidy(2).lit(3.0, 200.0), "blown_out"),
        (Room::tidy(2).lit(0.02, 120.0), "covered"),
    ];
    for (room, word) in cases {
        let (decisions, _) = shown(judged(), &[frame(&room, MINUTE)]);

        let Decision::Skip(skip) = decisions[0] else {
            panic!("{word}: {decisions:?}");
        };
        assert_eq!(skip.as_str(), word);
        assert!(
            skip.to_string().chars().any(|c| c.is_ascii_digit()),
            "{skip}"
        );
    }
}

#[test]
fn a_blurred_frame_is_skipped() {
    let blurred = Room::tidy(2).blurred(7);
    let at = Timestamp::from_second(1_800_000_060).unwrap();

    let (decisions, _) = shown(judged(), &[Frame::new(&blurred, &[], at)]);

    assert!(
        matches!(
            decisions[0],
            Decision::Skip(Skip::Faulty(QualityFault::Blurred(_)))
        ),
        "{decisions:?}"
    );
}

#[test]
fn an_object_that_hardly_differs_from_its_ground_is_mostly_noticed_by_its_outline() {
    let darker = [132.0, 104.0, 78.0].map(|level: f32| level * 0.915);
    let is_noticed = |seed: &u32| {
        let frames: Vec<Frame> = (0..7)
            .map(|i| {
                let room = Room::tidy(seed + i).with_coloured([0.2, 0.7, 0.024, 0.04], darker);
                frame(&room, 15 * MINUTE + i64::from(i) * 8)
            })
            .collect();
        let (decisions, _) = shown(judged(), &frames);
        decisions.iter().any(is_assess)
    };

    let noticed = (1..=10).map(|n| n * 20).filter(is_noticed).count();

    assert!(noticed >= 7, "{noticed} of 10");
}

#[test]
fn a_plate_that_touches_a_strip_of_sun_is_noticed() {
    let earlier = frame(&Room::tidy(1).with_sun(0.20, 0.15), 0);
    let history = || History::default().assessed(&earlier, AssessmentOutcome::Changed);
    let room = |seed| Room::tidy(seed).with_sun(0.23, 0.15);
    let (sun_alone, _) = shown(history(), &[frame(&room(10), 15 * MINUTE)]);
    assert_eq!(sun_alone, [Decision::Skip(Skip::Unchanged)]);

    for plate in [
        [0.38, 0.74, 0.022, 0.03],
        [0.42, 0.74, 0.045, 0.06],
        [0.45, 0.74, 0.022, 0.03],
    ] {
        let frames: Vec<Frame> = (0..4)
            .map(|i| {
                let room = room(10 + i).with_coloured(plate, [137.0, 135.0, 133.0]);
                frame(&room, 15 * MINUTE + i64::from(i) * 8)
            })
            .collect();

        let (decisions, _) = shown(history(), &frames);

        assert!(is_assess(&decisions[3]), "{plate:?}: {decisions:?}");
    }
}

#[test]
fn the_very_same_frame_for_half_an_hour_is_a_frozen_camera() {
    let frames: Vec<Frame> = (0..8)
        .map(|i| frame(&Room::tidy(1), i * 5 * MINUTE))
        .collect();

    let (decisions, _) = shown(judged(), &frames);

    assert_eq!(decisions[1], Decision::Skip(Skip::Unchanged));
    assert!(
        matches!(decisions[7], Decision::Skip(Skip::Frozen(8, _))),
        "{decisions:?}"
    );
}

#[test]
fn the_history_survives_being_stored() {
    let left = Room::tidy(5).with([0.30, 0.70, 0.05, 0.06]);
    let (_, history) = shown(judged(), &[frame(&left, MINUTE)]);

    let text = serde_json::to_string(&history).unwrap();

    assert!(text.len() < 150_000, "{} bytes", text.len());
    assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    assert!(
        serde_json::from_str::<History>(&text.replace("\"width\":192", "\"width\":191")).is_err()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Within half to one and a half times the light, and 15 levels up or down, as long as the room is
    /// neither lost in the dark nor washed out.
    #[test]
    fn the_gate_does_not_see_gain_and_brightness(
        seed in 2_u32..10_000,
        gain in 0.55_f32..1.5,
        offset in -8.0_f32..15.0,
    ) {
        let room = Room::tidy(seed).lit(gain, offset);

        let (decisions, _) = shown(judged(), &[frame(&room, MINUTE)]);

        prop_assert_eq!(&decisions[..], &[Decision::Skip(Skip::Unchanged)]);
    }

    #[test]
    fn an_object_is_seen_in_any_light_and_any_place(
        seed in 2_u32..10_000,
        gain in 0.6_f32..1.3,
        x in 0.03_f32..0.94,
        y in 0.48_f32..0.93,
    ) {
        let room = Room::tidy(seed).lit(gain, 0.0).with([x, y, 0.02, 0.036]);

        let (decisions, _) = shown(judged(), &[frame(&room, MINUTE)]);

        prop_assert!(matches!(decisions[0], Decision::Recapture(_)), "{:?}", decisions);
    }
}
