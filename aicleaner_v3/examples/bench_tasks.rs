//! Measures tasks and the store with ten thousand tasks, two hundred of them open: how long reconcile, a commit
//! and a start take. Prints a table and writes `target/reports/tasks.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::large_futures,
    missing_docs
)]

use std::path::Path;
use std::time::{Duration, Instant};

use aicleaner::clock::Clock;
use aicleaner::model::{
    Area, Assessment, AssessmentId, Confidence, Finding, Presence, Score, Task, TaskJudgement,
    TaskState, Trigger, Verdict, ZoneId,
};
use aicleaner::store::{Commit, HistoryEntry, Store, ZoneRecord};
use aicleaner::tasks::{Glance, Policy, reconcile};
use jiff::Timestamp;
use serde_json::json;

const TASKS: usize = 10_000;
const OPEN: usize = 200;
const RUNS: usize = 200;
const STARTS: usize = 20;

fn zone() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

fn finding(n: usize) -> Finding {
    const WHAT: [&str; 8] = [
        "cup", "socks", "plate", "book", "jacket", "blanket", "toy", "paper",
    ];
    let place = f64::from(u32::try_from(n % 80).unwrap()) / 100.0;
    Finding {
        location: format!("shelf {}", n % 40),
        area: Area::new(place, place, 0.1, 0.1).ok(),
        ..Finding::new(
            format!(
                "Put the {} number {n} back into the cupboard",
                WHAT[n % WHAT.len()]
            ),
            Confidence::CERTAIN,
        )
    }
}

fn verdict(open: &[Task]) -> Verdict {
    Verdict {
        score: Score::new(50).unwrap(),
        summary: "Much lies about.".to_owned(),
        findings: (0..10).map(|n| finding(n * 7 + 20_000)).collect(),
        judgements: open
            .iter()
            .map(|task| TaskJudgement {
                task: task.id,
                presence: Presence::Present,
                confidence: Confidence::CERTAIN,
            })
            .collect(),
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

async fn start(folder: &Path) -> Duration {
    let started = Instant::now();
    let (store, _) = Store::open(folder, Clock::system()).await.unwrap();
    store.zone(zone()).await.unwrap();
    store.living_tasks(zone()).await.unwrap();
    store.places(zone()).await.unwrap();
    let took = started.elapsed();
    store.close().await;
    took
}

async fn starts(folder: &Path) -> f64 {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(start(folder).await);
    }
    median(times)
}

#[tokio::main]
async fn main() {
    let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let now = Timestamp::now();
    let open: Vec<_> = (0..OPEN)
        .map(|n| Task::open(zone(), finding(n), now))
        .collect();
    let (store, _) = Store::open(full.path(), Clock::system()).await.unwrap();
    for chunk in (OPEN..TASKS).collect::<Vec<_>>().chunks(500) {
        let tasks: Vec<_> = chunk
            .iter()
            .map(|n| Task::open(zone(), finding(*n), now).moved(TaskState::Settled, now))
            .collect();
        let commit = Commit {
            history: tasks
                .iter()
                .map(|task| HistoryEntry {
                    task: task.id,
                    at: now,
                    what: "opened".to_owned(),
                    why: "assessment".to_owned(),
                })
                .collect(),
            tasks,
            ..Commit::of(ZoneRecord::new(zone()), now)
        };
        store.commit(commit).await.unwrap();
    }
    let commit = Commit {
        tasks: open.clone(),
        ..Commit::of(ZoneRecord::new(zone()), now)
    };
    store.commit(commit).await.unwrap();

    let verdict = verdict(&open);
    let policy = Policy {
        most_open: 1000,
        ..Policy::standard().unwrap()
    };
    let glance = Glance {
        verdict: &verdict,
        scene_changed: false,
    };
    let mut reconciled = Vec::new();
    let mut committed = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        let changes = reconcile(&zone(), &open, &glance, &policy, now);
        reconciled.push(started.elapsed());
        let commit = Commit {
            assessment: Some(Assessment {
                id: AssessmentId::new(now),
                zone: zone(),
                taken_at: now,
                at: now,
                trigger: Trigger::Schedule,
                verdict: verdict.clone(),
                provider: "bench".to_owned(),
                model: "bench".to_owned(),
                duration: Duration::from_secs(1),
            }),
            tasks: changes
                .tasks
                .iter()
                .take(3)
                .map(|change| change.task.clone())
                .collect(),
            ..Commit::of(ZoneRecord::new(zone()), now)
        };
        let started = Instant::now();
        store.commit(commit).await.unwrap();
        committed.push(started.elapsed());
    }
    store.close().await;
    // The first start makes the files.
    start(empty.path()).await;
    let more = starts(full.path()).await - starts(empty.path()).await;

    let figures = [
        ("reconcile, 200 open tasks", median(reconciled), 1.0),
        ("commit, 10,000 tasks", median(committed), 5.0),
        ("start, more than with an empty store", more, 100.0),
    ];
    for (name, value, goal) in figures {
        let verdict = if value <= goal { "" } else { "  missed" };
        println!("{name:<40} {value:>9.3} ms   goal {goal:>6.1} ms{verdict}");
    }
    let figures: Vec<_> = figures
        .iter()
        .map(|(name, value, goal)| json!({"name": name, "value": value, "unit": "ms", "goal": goal, "better": "lower", "against": null}))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/reports");
    std::fs::create_dir_all(&folder).unwrap();
    let commit = std::process::Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_default();
    let report = json!({"report": "tasks", "version": env!("CARGO_PKG_VERSION"), "commit": commit.trim(), "figures": figures});
    std::fs::write(folder.join("tasks.json"), format!("{report:#}\n")).unwrap();
}
