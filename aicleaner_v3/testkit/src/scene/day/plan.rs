//! What happens in a day, thrown by the seed: when people come, what they leave and tidy, when lamps are
//! switched, curtains drawn and cameras restarted.
//!
//! Half of all short nuisances are put on a quarter of an hour, when cameras are usually looked at: a day
//! would show hardly any of them otherwise.

use std::time::Duration;

use super::camera::{Camera, CameraFault};
use super::curtains::Curtains;
use super::light::Lighting;
use super::maps::Maps;
use super::people::{Step, Visit};
use super::random::Dice;
use super::things;
use crate::scene::Mess;

const HOUR: f32 = 3600.0;
const QUARTER: f32 = 900.0;
/// The evening before begins at 18:00.
const MIDNIGHT: f32 = 6.0 * HOUR;
/// The shortest time that a thing lies: two looks at the usual interval see it.
const SHORTEST_STAY: f32 = 36.0 * 60.0;

/// The evening before and the day.
pub(super) const LENGTH: Duration = Duration::from_secs(30 * 3600);

/// How much goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tempo {
    /// 30 things are left lying about.
    Busy,
    /// At most 3 are.
    Quiet,
}

/// A thing and when it lies there, in seconds.
#[derive(Clone, Debug)]
pub(super) struct Lying {
    pub(super) mess: Mess,
    pub(super) from: f32,
    pub(super) until: f32,
}

pub(super) struct Plan {
    pub(super) lighting: Lighting,
    pub(super) curtains: Curtains,
    pub(super) camera: Camera,
    pub(super) visits: Vec<Visit>,
    pub(super) things: Vec<Lying>,
}

/// When people are up, in seconds.
struct Waking {
    first_bedtime: f32,
    up: f32,
    bedtime: f32,
}

impl Plan {
    pub(super) fn new(seed: u64, tempo: Tempo, maps: &Maps) -> Self {
        let mut dice = Dice::new(seed, 1);
        let waking = Waking {
            first_bedtime: MIDNIGHT - dice.between(0.3, 1.5) * HOUR,
            up: MIDNIGHT + dice.between(6.2, 7.4) * HOUR,
            bedtime: MIDNIGHT + dice.between(22.9, 23.6) * HOUR,
        };
        let things = lying(&mut Dice::new(seed, 2), tempo, maps, &waking);
        let visits = visits(&mut Dice::new(seed, 3), &things, &waking);
        Self {
            lighting: lighting(&mut Dice::new(seed, 4), &waking),
            curtains: curtains(&mut Dice::new(seed, 5), &waking),
            camera: camera(&mut Dice::new(seed, 6)),
            visits,
            things,
        }
    }
}

/// A moment for something short: anywhere, or around a quarter of an hour.
fn moment(dice: &mut Dice, from: f32, to: f32, length: f32) -> f32 {
    let at = dice.between(from, to - length);
    if dice.chance(0.5) {
        ((at / QUARTER).round() * QUARTER - length * dice.between(0.05, 0.95)).clamp(from, to)
    } else {
        at
    }
}

fn lying(dice: &mut Dice, tempo: Tempo, maps: &Maps, waking: &Waking) -> Vec<Lying> {
    let (count, before) = match tempo {
        Tempo::Busy => (30, 3),
        Tempo::Quiet => (dice.below(4), 2),
    };
    let latest = waking.bedtime - 0.4 * HOUR;
    let rounds: Vec<f32> = [9.5_f32, 13.0, 17.0, 20.5]
        .iter()
        .map(|hour| MIDNIGHT + (hour + dice.between(-0.7, 0.7)) * HOUR)
        .collect();
    let mut starts: Vec<f32> = (0..count)
        .map(|_| dice.between(waking.up, latest))
        .collect();
    starts.sort_by(f32::total_cmp);
    let mut lying: Vec<Lying> = Vec::new();
    for (number, from) in (0..before).map(|_| -1.0).chain(starts).enumerate() {
        let tidied = tidied_at(dice, tempo, from, &rounds);
        let until = if tidied < waking.bedtime {
            tidied
        } else {
            f32::MAX
        };
        let others: Vec<_> = lying
            .iter()
            .filter(|other| other.until > from - 60.0)
            .map(|other| other.mess.place)
            .collect();
        if let Some(mess) = things::place(&format!("thing-{number}"), dice, maps, &others) {
            lying.push(Lying { mess, from, until });
        }
    }
    lying
}

/// When a thing left at `from` is tidied: by itself, or with others in a round through the room.
fn tidied_at(dice: &mut Dice, tempo: Tempo, from: f32, rounds: &[f32]) -> f32 {
    let earliest = from.max(MIDNIGHT) + SHORTEST_STAY;
    let round = rounds.iter().copied().find(|&round| round >= earliest);
    match tempo {
        Tempo::Busy if dice.chance(0.5) => earliest + dice.between(0.0, 3.0) * HOUR,
        Tempo::Busy => round.map_or(f32::MAX, |round| round + dice.between(0.0, 120.0)),
        Tempo::Quiet if from < 0.0 => f32::MAX,
        Tempo::Quiet => rounds
            .last()
            .filter(|&&last| last >= earliest)
            .map_or(f32::MAX, |last| last + dice.between(0.0, 60.0)),
    }
}

fn visits(dice: &mut Dice, things: &[Lying], waking: &Waking) -> Vec<Visit> {
    let mut visits = Vec::new();
    // Whoever leaves or tidies something is there to do it.
    for thing in things {
        for at in [thing.from, thing.until] {
            if at > 0.0 && at < LENGTH.as_secs_f32() {
                let place = thing.mess.place;
                let feet = (place.y + place.h + 0.02).clamp(0.72, 0.95);
                let side = if dice.chance(0.5) { -0.15 } else { 1.15 };
                let beside = place.x + place.w + 0.05;
                let (come, go) = (dice.between(4.0, 12.0), dice.between(3.0, 9.0));
                let way = [
                    (at - come - 4.0, side),
                    (at - 4.0, beside),
                    (at + 2.0, beside),
                    (at + 2.0 + go, side),
                ];
                visits.push(Visit {
                    seed: dice.bits(),
                    way: way.map(|(at, x)| Step { at, x, feet }).to_vec(),
                });
            }
        }
    }
    let spans = [
        (0.0, waking.first_bedtime, 8),
        (waking.up, waking.bedtime, 26),
    ];
    for (from, to, count) in spans {
        for _ in 0..count {
            let length = if dice.chance(0.6) {
                dice.between(5.0, 15.0)
            } else {
                dice.between(40.0, 300.0)
            };
            let start = moment(dice, from, to, length);
            visits.push(visit(dice, start, length));
        }
    }
    visits
}

/// Walks from place to place, with stops.
fn visit(dice: &mut Dice, start: f32, length: f32) -> Visit {
    let seed = dice.bits();
    let from_left = dice.chance(0.5);
    let (enter, leave) = if from_left {
        (-0.15, 1.15)
    } else {
        (1.15, -0.15)
    };
    let mut feet = dice.between(0.72, 0.95);
    let mut way = vec![Step {
        at: start,
        x: enter,
        feet,
    }];
    let mut at = start;
    if length > 20.0 {
        while at < start + length - 25.0 {
            at += dice.between(2.0, 6.0);
            let x = dice.between(0.1, 0.9);
            feet = dice.between(0.72, 0.95);
            way.push(Step { at, x, feet });
            at += dice.between(1.0, 14.0);
            way.push(Step { at, x, feet });
        }
    }
    let at = (start + length).max(at + 3.0);
    way.push(Step { at, x: leave, feet });
    Visit { seed, way }
}

fn lighting(dice: &mut Dice, waking: &Waking) -> Lighting {
    let sunrise = MIDNIGHT + dice.between(6.2, 7.8) * HOUR;
    let sunset = MIDNIGHT + dice.between(17.2, 20.3) * HOUR;
    let sunset = [sunset - 24.0 * HOUR, sunset];
    let mut lamps = [Vec::new(), Vec::new()];
    let evenings = [
        (sunset[0], waking.first_bedtime),
        (sunset[1], waking.bedtime),
    ];
    for spells in &mut lamps {
        if waking.up < sunrise + 0.3 * HOUR {
            let late = sunrise + dice.between(0.4, 0.9) * HOUR;
            spells.push((waking.up + dice.between(-300.0, 300.0), late));
        }
        for (dusk, bedtime) in evenings {
            let mut at = dusk - dice.between(0.0, 0.6) * HOUR;
            while at < bedtime - 0.2 * HOUR {
                let until =
                    (at + dice.between(0.4, 2.5) * HOUR).min(bedtime + dice.between(0.0, 600.0));
                spells.push((at, until));
                at = until + dice.between(0.1, 0.8) * HOUR;
            }
        }
        // By day and at night for some minutes.
        for _ in 0..3 {
            let length = dice.between(60.0, 1200.0);
            let at = moment(dice, MIDNIGHT, MIDNIGHT + 20.0 * HOUR, length);
            spells.push((at, at + length));
        }
    }
    Lighting {
        seed: dice.bits(),
        sunrise,
        sunset,
        overcast: dice.between(0.0, 0.8),
        restless: if dice.chance(0.6) {
            dice.between(0.2, 0.8)
        } else {
            0.0
        },
        lamps,
    }
}

fn curtains(dice: &mut Dice, waking: &Waking) -> Curtains {
    let mut moves = Vec::new();
    if dice.chance(0.25) {
        let at = dice.between(waking.up, waking.bedtime - 4.0 * HOUR);
        moves.push((at, dice.between(0.3, 1.0)));
        moves.push((at + dice.between(1.0, 3.5) * HOUR, 0.0));
    }
    Curtains {
        seed: dice.bits(),
        wind: dice.between(0.0, 1.0),
        moves,
    }
}

fn camera(dice: &mut Dice) -> Camera {
    const KINDS: [CameraFault; 4] = [
        CameraFault::Black,
        CameraFault::Garbled,
        CameraFault::CutOff,
        CameraFault::Shifted,
    ];
    let restarts = (0..6)
        .map(|_| {
            let length = dice.between(10.0, 90.0);
            let at = moment(dice, MIDNIGHT, LENGTH.as_secs_f32(), length);
            (at, at + length, KINDS[dice.below(KINDS.len())])
        })
        .collect();
    let knocks = if dice.chance(0.4) {
        let at = dice.between(MIDNIGHT + 7.0 * HOUR, MIDNIGHT + 22.0 * HOUR);
        vec![(
            at,
            (dice.between(-0.005, 0.005), dice.between(-0.005, 0.005)),
        )]
    } else {
        Vec::new()
    };
    Camera {
        seed: dice.bits(),
        quality: [62, 70, 78, 85][dice.below(4)],
        tremble: dice.between(0.0003, 0.0018),
        knocks,
        restarts,
    }
}
