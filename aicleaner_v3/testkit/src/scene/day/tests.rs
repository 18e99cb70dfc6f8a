//! What a simulated day promises: the same for ever, the truth is what is drawn, and every nuisance happens.

use super::*;

const SIZE: (u16, u16) = (320, 180);
const MINUTE: Duration = Duration::from_secs(60);

fn minutes() -> impl Iterator<Item = Duration> {
    (0..30 * 60).map(|minute| MINUTE * minute)
}

#[test]
fn the_same_seed_is_the_same_day() {
    let (one, other) = (
        Day::new(3, Tempo::Busy, SIZE),
        Day::new(3, Tempo::Busy, SIZE),
    );
    let at = MINUTE * 1000;

    assert_eq!(one.events(), other.events());
    assert_eq!(one.frame(at), other.frame(at));
    assert_ne!(one.events(), Day::new(4, Tempo::Busy, SIZE).events());
}

#[test]
fn busy_days_have_thirty_mess_events_and_quiet_ones_three_at_most() {
    for seed in 1..=20 {
        let count = |tempo| {
            let day = Day::new(seed, tempo, SIZE);
            day.events()
                .iter()
                .filter(|event| event.happening == Happening::Left)
                .count()
        };

        assert_eq!(count(Tempo::Busy), 30, "seed {seed}");
        assert!(count(Tempo::Quiet) <= 3, "seed {seed}");
    }
}

#[test]
fn what_lies_about_is_what_was_left_and_not_tidied() {
    let day = Day::new(5, Tempo::Busy, SIZE);
    let mut lying: BTreeSet<&str> = day.lying(Duration::ZERO);
    for event in day.events() {
        match event.happening {
            Happening::Left => assert!(lying.insert(&event.thing)),
            Happening::Tidied => assert!(lying.remove(event.thing.as_str())),
        }
        assert_eq!(day.lying(event.at), lying);
    }
}

#[test]
fn nothing_is_left_or_tidied_on_the_evening_before() {
    let day = Day::new(6, Tempo::Busy, SIZE);

    assert!(day.events().iter().all(|event| event.at > Day::LEAD_IN));
}

#[test]
fn a_left_thing_changes_the_picture_where_it_lies() {
    let day = Day::new(7, Tempo::Busy, SIZE);
    let mess = day.things_at(Duration::ZERO).next().unwrap();
    let mut drawn = day.maps.tidy.clone();
    mess.draw(&mut drawn);

    assert_ne!(drawn, day.maps.tidy);
    assert!(mess.place.w >= 0.02);
}

#[test]
fn every_nuisance_happens() {
    let days: Vec<_> = (1..=24)
        .map(|seed| Day::new(seed, Tempo::Quiet, SIZE))
        .collect();
    let all: Vec<_> = days
        .iter()
        .flat_map(|day| minutes().map(|at| day.conditions(at)))
        .collect();

    for trouble in [
        CameraFault::Black,
        CameraFault::Garbled,
        CameraFault::CutOff,
        CameraFault::Shifted,
    ] {
        assert!(
            all.iter().any(|c| c.trouble == Some(trouble)),
            "{trouble:?}"
        );
    }
    assert!(all.iter().any(|c| c.infrared) && all.iter().any(|c| !c.infrared));
    assert!(all.iter().any(|c| c.lamps == [true, false]));
    assert!(all.iter().any(|c| c.people > 0));
    assert!(all.iter().any(|c| c.curtains > 0.0));
    assert!(all.iter().any(|c| c.knocked != (0.0, 0.0)));
}

#[test]
fn infrared_has_no_colour_and_daylight_has_some() {
    let day = Day::new(8, Tempo::Quiet, SIZE);
    let tint = |at: Duration| {
        let picture = day.frame(at);
        let sum: u32 = picture
            .pixels()
            .chunks_exact(3)
            .map(|p| u32::from(p[0].abs_diff(p[2])))
            .sum();
        sum / (u32::from(SIZE.0) * u32::from(SIZE.1))
    };
    let usual = |wanted: bool| {
        let fits = |at: &Duration| {
            let c = day.conditions(*at);
            c.infrared == wanted && c.trouble.is_none() && c.people == 0
        };
        minutes().find(fits).unwrap()
    };

    assert!(tint(usual(true)) < tint(usual(false)));
}

#[test]
fn a_cut_off_picture_is_no_jpeg() {
    let day = (1..40)
        .map(|seed| Day::new(seed, Tempo::Quiet, SIZE))
        .find(|day| minutes().any(|at| day.conditions(at).trouble == Some(CameraFault::CutOff)))
        .unwrap();
    let at = minutes()
        .find(|at| day.conditions(*at).trouble == Some(CameraFault::CutOff))
        .unwrap();

    assert!(crate::scene::decode_luma(&day.jpeg(at).unwrap()).is_none());
    assert!(crate::scene::decode_luma(&day.jpeg(Duration::from_secs(1)).unwrap()).is_some());
}
