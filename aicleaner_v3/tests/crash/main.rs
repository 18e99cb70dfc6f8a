//! The crash test: a whole AICleaner in a process of its own is killed again and again, at random moments and
//! at every step of the outbox, while things are left and tidied and people tick, delete and add. After each
//! kill the database must be whole, and the list must come to say what the scene and the people imply.
//!
//! `CRASH_KILLS` says how often (20 if it is not set); the figures go to `target/reports/crash.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

mod dice;
mod report;
mod victim;
mod world;

use std::time::{Duration, Instant};

use dice::Dice;
use report::Report;
use victim::{FAULT_POINTS, Victim};
use world::World;

/// Kills in front of one home, before another one is opened: ended things are never raised again, so that a
/// home runs out of them.
const KILLS_A_HOME: u32 = 20;
/// A program that does not pass its fault point in this time is killed from outside.
const LONGEST_LIFE: Duration = Duration::from_secs(4);

fn kills() -> u32 {
    std::env::var("CRASH_KILLS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(20)
}

/// Not a test: the program that is killed, when it is started by the test below.
#[test]
#[ignore = "the program that the crash test kills"]
fn victim() {
    victim::run();
}

#[test]
fn whenever_it_is_killed_nothing_is_lost_and_nothing_doubled() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let seed = std::env::var("CRASH_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let mut dice = Dice::new(seed);
    let mut report = Report::default();
    while report.kills < kills() {
        runtime.block_on(one_home(&mut dice, &mut report, kills()));
    }
    report.print_and_write();
    assert_eq!(
        (report.lost, report.doubled, report.broken),
        (0, 0, 0),
        "{:#?}",
        report.faults
    );
}

async fn one_home(dice: &mut Dice, report: &mut Report, kills: u32) {
    let mut world = World::new(u64::from(report.kills) + 7).await;
    for _ in 0..KILLS_A_HOME {
        if report.kills >= kills {
            break;
        }
        // Two victims of three die at a step of the outbox, the rest at any moment.
        let point = (dice.below(3) > 0).then(|| {
            let point = FAULT_POINTS[dice.below(FAULT_POINTS.len())];
            format!("{point}:{}", 1 + dice.below(2))
        });
        let mut victim = Victim::start(&world, point.as_deref());
        let life = if point.is_some() {
            LONGEST_LIFE
        } else {
            Duration::from_millis(u64::try_from(dice.below(1200)).unwrap())
        };
        let end = Instant::now() + life;
        while Instant::now() < end && victim.lives() {
            world.something_happens(dice);
            let pause = u64::try_from(20 + dice.below(150)).unwrap();
            tokio::time::sleep(Duration::from_millis(pause).min(end - Instant::now().min(end)))
                .await;
        }
        let died_at_point = !victim.lives();
        victim.kill();
        report.killed(point.as_deref().filter(|_| died_at_point));
        if !world.database_is_whole() {
            report.broken += 1;
        }
        let mut survivor = Victim::start(&world, None);
        let started = Instant::now();
        world.until_agreed(report).await;
        report.agreed_after.push(started.elapsed());
        survivor.kill();
        report.killed(None);
        if !world.database_is_whole() {
            report.broken += 1;
        }
    }
}
