//! What the drawn room promises: the same moment is the same picture, and a mess is seen.

use std::time::Duration;

use super::*;
use crate::scene::room::likeness_of;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn the_same_seed_and_moment_give_the_same_picture() {
    let (one, other) = (Room::new("a", 9), Room::new("b", 9));

    assert_eq!(one.draw(MINUTE, USUAL_SIZE), other.draw(MINUTE, USUAL_SIZE));
}

#[test]
fn another_moment_or_seed_gives_another_picture() {
    let room = Room::new("a", 9);
    let now = room.draw(MINUTE, USUAL_SIZE);

    assert_ne!(
        now,
        room.draw(MINUTE + Duration::from_millis(1), USUAL_SIZE)
    );
    assert_ne!(now, Room::new("a", 10).draw(MINUTE, USUAL_SIZE));
}

#[test]
fn everything_of_the_catalogue_can_be_seen_where_it_says() {
    for mess in Mess::catalogue() {
        let room = Room::new("a", 9);
        let before = room.draw(MINUTE, USUAL_SIZE);
        room.leave(&mess.id).unwrap();
        let after = room.draw(MINUTE, USUAL_SIZE);

        let changed: Vec<usize> = before
            .pixels()
            .chunks_exact(3)
            .zip(after.pixels().chunks_exact(3))
            .enumerate()
            .filter(|(_, (old, new))| old != new)
            .map(|(place, _)| place)
            .collect();
        let place = mess.place;
        let inside = |pixel: &&usize| {
            let x = (**pixel % 1280) as f32 / 1280.0;
            let y = (**pixel / 1280) as f32 / 720.0;
            let margin = 0.02;
            x >= place.x - margin
                && x <= place.x + place.w + margin
                && y >= place.y - margin
                && y <= place.y + place.h + margin
        };
        assert!(
            changed.len() > 1500,
            "{}: {} pixels",
            mess.id,
            changed.len()
        );
        assert_eq!(changed.iter().filter(inside).count(), changed.len());
    }
}

#[test]
fn what_is_left_lies_there_until_it_is_tidied() {
    let room = Room::new("a", 9);

    room.leave("cup-on-desk").unwrap();
    room.leave("cup-on-desk").unwrap();
    room.leave("bag-on-sofa").unwrap();

    assert_eq!(room.truth().len(), 2);
    assert!(room.tidy("cup-on-desk"));
    assert!(!room.tidy("cup-on-desk"));
    assert_eq!(room.truth()[0].id, "bag-on-sofa");
    assert!(room.leave("elephant").is_err());
}

#[test]
fn a_downscaled_and_re_encoded_picture_finds_its_snapshot() {
    let room = Room::new("a", 9);
    let mut taken = Vec::new();
    for (minute, mess) in Mess::catalogue().into_iter().enumerate() {
        let at = MINUTE * u32::try_from(minute).unwrap();
        taken.push((
            room.snapshot(at, USUAL_SIZE).unwrap(),
            room.draw(at, (640, 360)),
        ));
        room.leave_mess(mess);
    }

    for (snapshot, small) in taken {
        let seen = encode(&small, 60).unwrap();
        let (distance, truth) = room.nearest(&likeness_of(&seen).unwrap()).unwrap();

        assert_eq!(truth, snapshot.truth, "at distance {distance}");
    }
}

#[test]
fn a_picture_of_something_else_is_far_away() {
    let room = Room::new("a", 9);
    room.snapshot(MINUTE, USUAL_SIZE).unwrap();
    let black = encode(&Canvas::new(640, 360), 80).unwrap();

    let (distance, _) = room.nearest(&likeness_of(&black).unwrap()).unwrap();

    assert!(distance > 40.0, "{distance}");
}

#[test]
fn light_stays_within_its_swing() {
    let light = Light::default();

    for second in 0..2000 {
        for gain in light.gains(9, Duration::from_secs(second)) {
            assert!((0.94..=1.06).contains(&gain), "{gain} at {second} s");
        }
    }
}
