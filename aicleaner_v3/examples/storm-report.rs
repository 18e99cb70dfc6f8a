//! A simulated day: each class of fault for an hour, an hour of health after it, five zones that check every five
//! minutes. Prints what the router made of it and writes `target/reports/storm.json`. Takes a few seconds: the
//! time is simulated.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aicleaner::clock::Clock;
use aicleaner::image_thread::ImageThread;
use aicleaner::model::{Caps, Price, Sensitivity, Usage, Usd, ZoneId};
use aicleaner::providers::{
    Charge, Facts, Fault, PictureForm, Provider, ProviderError, Question, QuotaDay, RateLimits,
    Reply, Request,
};
use aicleaner::router::{Budget, DEADLINE, RouteError, Router, RouterOptions};
use aicleaner::store::Store;
use aicleaner::telemetry::Telemetry;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);
const INTERVAL: Duration = Duration::from_secs(300);
const ZONES: usize = 5;
/// A naive client asks again a second after it was refused, until it is answered.
const NAIVE: Duration = Duration::from_secs(1);

#[derive(Clone)]
enum Weather {
    Fine,
    Fails(Fault),
    Hangs,
    Says(Value),
}

struct Service {
    facts: Facts,
    weather: Mutex<Weather>,
    calls: AtomicU64,
}

impl Provider for Service {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, _: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let weather = self.weather.lock().unwrap().clone();
        let reply = |content| Reply {
            content,
            usage: Some(Usage {
                calls: 1,
                tokens_in: 1_500,
                tokens_out: 300,
                images: 1,
            }),
            model: "simulated".to_owned(),
        };
        Box::pin(async move {
            match weather {
                Weather::Fine => Ok(reply(
                    json!({"score": 77, "summary": "Fine.", "findings": [], "tasks": []}),
                )),
                Weather::Says(content) => Ok(reply(content)),
                Weather::Fails(fault) => Err(ProviderError {
                    fault,
                    charge: Charge::Nothing,
                    details: String::new(),
                }),
                Weather::Hangs => std::future::pending().await,
            }
        })
    }
}

fn weathers() -> Vec<(&'static str, Weather)> {
    let limited = |seconds: Option<u64>| {
        Weather::Fails(Fault::RateLimited {
            retry_after: seconds.map(Duration::from_secs),
        })
    };
    vec![
        ("429 without Retry-After", limited(None)),
        ("429 with Retry-After 30 s", limited(Some(30))),
        (
            "500 or 503",
            Weather::Fails(Fault::Overloaded { retry_after: None }),
        ),
        ("network down", Weather::Fails(Fault::Network)),
        ("no answer", Weather::Hangs),
        (
            "quota used up",
            Weather::Fails(Fault::Quota { resets_at: None }),
        ),
        ("bad key", Weather::Fails(Fault::BadKey)),
        ("no such model", Weather::Fails(Fault::NoSuchModel)),
        ("model is blind", Weather::Fails(Fault::Blind)),
        ("content refused", Weather::Fails(Fault::Refused)),
        (
            "prose for an answer",
            Weather::Says(json!("I'm sorry, I can't help with that.")),
        ),
        (
            "wrong schema",
            Weather::Says(json!({"rating": "five stars"})),
        ),
    ]
}

fn service() -> Arc<Service> {
    let facts = Facts {
        name: "simulated".to_owned(),
        kind: "simulated",
        model: "eyes".to_owned(),
        timeout: Duration::from_secs(90),
        picture: PictureForm::USUAL,
        price: Some(Price {
            input: Usd::from_micros(100_000),
            output: Usd::from_micros(400_000),
            call: Usd::ZERO,
        }),
        tokens_per_picture: 2_240,
        most_tokens_out: 8_192,
        calls_per_question: 1,
        limits: RateLimits {
            per_minute: None,
            per_day: None,
            day: QuotaDay::Utc,
            at_a_time: 2,
        },
        frames_wanted: 1,
        asks_a_model: true,
    };
    Arc::new(Service {
        facts,
        weather: Mutex::new(Weather::Fine),
        calls: AtomicU64::new(0),
    })
}

/// What became of one kind of weather.
#[derive(Default)]
struct Row {
    looks: u64,
    calls: u64,
    /// Looks that gave a verdict although the service gave none.
    false_verdicts: u64,
    recovery: Duration,
}

struct Home {
    router: Router,
    service: Arc<Service>,
    clock: Clock,
    due: BTreeMap<usize, (Instant, u32)>,
}

impl Home {
    /// Looks as the zones' workers do until `end`; tells of each check when it ended and whether it gave a verdict.
    async fn live_until(&mut self, end: Instant, mut told: impl FnMut(Instant, bool)) {
        loop {
            let (zone, (due, failures)) = self
                .due
                .iter()
                .map(|(zone, due)| (*zone, *due))
                .min_by_key(|(_, due)| *due)
                .unwrap();
            if due >= end {
                break;
            }
            tokio::time::sleep_until(due).await;
            let result = self.router.assess(&[], request(zone)).await;
            let now = Instant::now();
            told(now, result.is_ok());
            let next = match result {
                Ok(_) => (now + INTERVAL, 0),
                Err(error) => (now + self.delay(&error, failures + 1), failures + 1),
            };
            self.due.insert(zone, next);
        }
        tokio::time::sleep_until(end).await;
    }

    /// As `engine::schedule` has it.
    fn delay(&self, error: &RouteError, failures: u32) -> Duration {
        let rest = error.retry_at().map(|at| {
            Duration::try_from(at.duration_since(self.clock.now())).unwrap_or_default()
                + Duration::from_secs(1)
        });
        rest.unwrap_or_else(|| Duration::from_secs(30) * 2_u32.pow((failures - 1).min(10)))
            .min(INTERVAL)
    }

    fn set(&self, weather: Weather) {
        *self.service.weather.lock().unwrap() = weather;
    }

    fn calls(&self) -> u64 {
        self.service.calls.load(Ordering::SeqCst)
    }
}

fn request(zone: usize) -> Arc<Request> {
    let name = format!("zone_{zone}");
    Arc::new(Request {
        zone: ZoneId::parse(&name).unwrap(),
        zone_name: name,
        purpose: String::new(),
        ignore: vec![],
        pictures: Vec::new().into(),
        views: vec![],
        sensitivity: Sensitivity::Normal,
        tasks: vec![],
        language: "en".to_owned(),
    })
}

async fn home() -> Home {
    let clock = Clock::simulated(Timestamp::from_second(1_800_000_000).unwrap());
    let store = Store::in_memory(clock).await.unwrap();
    let budget = Budget::open(
        store.clone(),
        Caps::default(),
        clock,
        Arc::new(|| TimeZone::UTC),
    )
    .await
    .unwrap();
    let service = service();
    let router = Router::new(RouterOptions {
        providers: vec![service.clone() as Arc<dyn Provider>],
        budget,
        store,
        clock,
        telemetry: Telemetry::default(),
        check_sight: false,
        deadline: DEADLINE,
        images: ImageThread::default(),
    })
    .await
    .unwrap();
    let start = Instant::now();
    let due = (0..ZONES)
        .map(|zone| {
            (
                zone,
                (
                    start + Duration::from_secs(60) * u32::try_from(zone).unwrap(),
                    0,
                ),
            )
        })
        .collect();
    Home {
        router,
        service,
        clock,
        due,
    }
}

async fn hour(home: &mut Home, weather: Weather) -> Row {
    let mut row = Row::default();
    home.set(weather);
    let before = home.calls();
    let end = Instant::now() + HOUR;
    home.live_until(end, |_, judged| {
        row.looks += 1;
        row.false_verdicts += u64::from(judged);
    })
    .await;
    row.calls = home.calls() - before;
    home.set(Weather::Fine);
    let back = Instant::now();
    let mut first: Option<Instant> = None;
    home.live_until(back + HOUR + INTERVAL, |at, judged| {
        if judged && first.is_none() {
            first = Some(at);
        }
    })
    .await;
    row.recovery = first.map_or(Duration::MAX, |first| first.duration_since(back));
    row
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::time::pause();
    let mut home = home().await;
    let naive = ZONES as f64 * HOUR.as_secs_f64() / NAIVE.as_secs_f64();
    println!(
        "{:<28}{:>8}{:>8}{:>14}{:>16}{:>14}",
        "an hour of", "looks", "calls", "% of naive", "false verdicts", "recovery s"
    );
    let (mut worst_share, mut false_verdicts, mut slowest, mut slowest_long) = (0.0_f64, 0, 0, 0);
    for (name, weather) in weathers() {
        let is_storm = name.starts_with("429");
        let long = matches!(&weather, Weather::Fails(fault) if fault.needs_a_person() || matches!(fault, Fault::Quota { .. }));
        let row = hour(&mut home, weather).await;
        let share = row.calls as f64 / naive * 100.0;
        let recovery = row.recovery.as_secs();
        println!(
            "{name:<28}{:>8}{:>8}{share:>14.2}{:>16}{recovery:>14}",
            row.looks, row.calls, row.false_verdicts
        );
        if is_storm {
            worst_share = worst_share.max(share);
        }
        false_verdicts += row.false_verdicts;
        match long {
            true => slowest_long = slowest_long.max(recovery),
            false => slowest = slowest.max(recovery),
        }
    }
    let against = "a client that asks again each second until it is answered";
    let figure = |name: &str, value: f64, unit: &str, goal: f64, against: Value| {
        if value > goal {
            println!("missed: {name} is {value:.2} {unit}, the goal is {goal}");
        }
        json!({"name": name, "value": value, "unit": unit, "goal": goal, "better": "lower", "against": against})
    };
    let figures = [
        figure(
            "calls during an hour of 429",
            worst_share,
            "% of naive",
            2.0,
            against.into(),
        ),
        figure(
            "verdicts without an answer",
            false_verdicts as f64,
            "verdicts",
            0.0,
            Value::Null,
        ),
        figure(
            "recovery after faults that pass",
            slowest as f64,
            "s",
            900.0,
            "one probe interval".into(),
        ),
        figure(
            "recovery after faults that a person mends, and quotas",
            slowest_long as f64,
            "s",
            3600.0,
            "one probe interval".into(),
        ),
    ];
    let report = json!({"report": "storm", "version": env!("CARGO_PKG_VERSION"), "commit": commit(), "figures": figures});
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/reports");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("storm.json"),
        serde_json::to_string_pretty(&report).unwrap() + "\n",
    )
    .unwrap();
}

fn commit() -> Option<String> {
    let told = std::process::Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output()
        .ok()?;
    told.status
        .success()
        .then(|| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}
