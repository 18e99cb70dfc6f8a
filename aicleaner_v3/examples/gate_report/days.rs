//! Runs many days at once, as many at a time as the machine has cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use aicleaner_testkit::KitError;
use aicleaner_testkit::scene::day::Tempo;

use crate::arguments::Arguments;
use crate::simulation::{Rules, Seen, look_at_day};

/// Looks at all days that were asked for; busy ones first, by seed.
///
/// # Errors
/// When a picture can't be drawn.
pub fn run(arguments: &Arguments, rules: &Rules) -> Result<Vec<Seen>, KitError> {
    let tempos: &[Tempo] = match arguments.tempo.as_deref() {
        Some("busy") => &[Tempo::Busy],
        Some(_) => &[Tempo::Quiet],
        None => &[Tempo::Busy, Tempo::Quiet],
    };
    let jobs: Vec<_> = tempos
        .iter()
        .flat_map(|&tempo| arguments.seeds.clone().map(move |seed| (seed, tempo)))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(&(seed, tempo)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let seen = look_at_day(seed, tempo, arguments.size, rules);
                    let mut done = done.lock().unwrap_or_else(|broken| broken.into_inner());
                    done.push(seen);
                }
            });
        }
    });
    let done = done
        .into_inner()
        .unwrap_or_else(|broken| broken.into_inner());
    let mut days = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    days.sort_by_key(|day| (day.tempo == Tempo::Quiet, day.seed));
    Ok(days)
}
