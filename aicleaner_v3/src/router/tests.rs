use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::Instant;

use super::*;
use crate::clock::Clock;
use crate::image_thread::ImageThread;
use crate::model::{Cap, Caps, Price, Score, Usage, Usd, ZoneId};
use crate::providers::{
    Charge, Facts, Fault, Form, PictureForm, Provider, ProviderError, Question, QuotaDay,
    RateLimits, Reply, Request,
};
use crate::store::Store;
use crate::telemetry::Telemetry;

/// What a scripted provider does when it is asked.
#[derive(Clone)]
enum Does {
    Answers,
    AnswersProse,
    Fails(ProviderError),
    Hangs,
}

struct Scripted {
    facts: Facts,
    script: Mutex<VecDeque<Does>>,
    then: Does,
    asked: AtomicUsize,
    is_blind: bool,
}

impl Provider for Scripted {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let reply = |content| Reply {
            content,
            usage: Some(Usage {
                calls: 1,
                tokens_in: 1_000,
                tokens_out: 100,
                images: 1,
            }),
            model: "scripted-1".to_owned(),
        };
        if question.form == Form::Canary {
            assert!(self.is_blind, "the self-tests have a blind provider");
            return Box::pin(async move { Ok(reply(json!({"shapes": []}))) });
        }
        let next = self.script.lock().unwrap().pop_front();
        let does = next.unwrap_or_else(|| self.then.clone());
        Box::pin(async move {
            match does {
                Does::Answers => Ok(reply(
                    json!({"score": 80, "summary": "", "findings": [], "tasks": []}),
                )),
                Does::AnswersProse => Ok(reply(json!("All is fine!"))),
                Does::Fails(error) => Err(error),
                Does::Hangs => std::future::pending().await,
            }
        })
    }
}

fn facts(name: &str, price: Option<Price>) -> Facts {
    Facts {
        name: name.to_owned(),
        kind: "fake",
        model: "scripted".to_owned(),
        timeout: Duration::from_secs(60),
        picture: PictureForm::USUAL,
        price,
        tokens_per_picture: 1_000,
        most_tokens_out: 1_000,
        calls_per_question: 1,
        limits: RateLimits {
            per_minute: None,
            per_day: None,
            day: QuotaDay::Utc,
            at_a_time: 4,
        },
        frames_wanted: 1,
        asks_a_model: true,
    }
}

fn scripted(name: &str, then: Does, script: &[Does]) -> Arc<Scripted> {
    Arc::new(Scripted {
        facts: facts(name, Some(Price::FREE)),
        script: Mutex::new(script.iter().cloned().collect()),
        then,
        asked: AtomicUsize::new(0),
        is_blind: false,
    })
}

fn paid(name: &str, call: u64) -> Arc<Scripted> {
    Arc::new(Scripted {
        facts: facts(name, Some(Price::per_call(Usd::from_micros(call)))),
        script: Mutex::default(),
        then: Does::Answers,
        asked: AtomicUsize::new(0),
        is_blind: false,
    })
}

fn asked(provider: &Scripted) -> usize {
    provider.asked.load(Ordering::SeqCst)
}

fn fails(fault: Fault) -> Does {
    Does::Fails(ProviderError::unpaid(fault, "its own words"))
}

struct Rig {
    router: Router,
    store: Store,
    clock: Clock,
    data: TempDir,
}

const START: i64 = 1_800_000_000;

async fn rig(providers: &[&Arc<Scripted>], caps: Caps) -> Rig {
    rig_in(tempfile::tempdir().unwrap(), providers, caps, false).await
}

async fn rig_in(data: TempDir, providers: &[&Arc<Scripted>], caps: Caps, check_sight: bool) -> Rig {
    let store = Store::open(data.path(), Clock::system()).await.unwrap().0;
    let clock = Clock::simulated(Timestamp::from_second(START).unwrap());
    let zone: ZoneSource = Arc::new(|| TimeZone::UTC);
    let budget = Budget::open(store.clone(), caps, clock, zone)
        .await
        .unwrap();
    let options = RouterOptions {
        providers: providers
            .iter()
            .map(|provider| (*provider).clone() as Arc<dyn Provider>)
            .collect(),
        budget,
        store: store.clone(),
        clock,
        telemetry: Telemetry::default(),
        check_sight,
        deadline: DEADLINE,
        images: ImageThread::default(),
    };
    let router = Router::new(options).await.unwrap();
    Rig {
        router,
        store,
        clock,
        data,
    }
}

fn request() -> Arc<Request> {
    Arc::new(Request {
        zone: ZoneId::parse("kitchen").unwrap(),
        zone_name: "Kitchen".to_owned(),
        purpose: String::new(),
        ignore: vec![],
        pictures: Vec::new().into(),
        views: vec![],
        sensitivity: crate::model::Sensitivity::Normal,
        tasks: vec![],
        language: "en".to_owned(),
    })
}

async fn assess(rig: &Rig) -> Result<Judged, RouteError> {
    rig.router.assess(&[], request()).await
}

fn fault(result: Result<Judged, RouteError>) -> Fault {
    match result {
        Err(RouteError::Provider { error, .. }) => error.fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_provider_is_asked_when_one_fails_or_hangs() {
    let bad = scripted("bad", fails(Fault::BadKey), &[]);
    let slow = scripted("slow", Does::Hangs, &[]);
    let good = scripted("good", Does::Answers, &[]);
    let spare = scripted("spare", Does::Answers, &[]);
    let rig = rig(&[&bad, &slow, &good, &spare], Caps::default()).await;

    let judged = assess(&rig).await.unwrap();

    assert_eq!(judged.verdict.score, Score::new(80).unwrap());
    assert_eq!(
        [&bad, &slow, &good, &spare].map(|provider| asked(provider)),
        [1, 1, 1, 0]
    );
}

#[tokio::test(start_paused = true)]
async fn a_zone_asks_its_own_providers_in_its_own_order() {
    let one = scripted("one", Does::Answers, &[]);
    let two = scripted("two", fails(Fault::BadKey), &[]);
    let three = scripted("three", Does::Answers, &[]);
    let rig = rig(&[&one, &two, &three], Caps::default()).await;
    let chain = ["two".to_owned(), "three".to_owned()];

    rig.router.assess(&chain, request()).await.unwrap();

    assert_eq!(
        [&one, &two, &three].map(|provider| asked(provider)),
        [0, 1, 1]
    );
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_and_what_stays_is_not() {
    let wobbly = scripted(
        "wobbly",
        Does::Answers,
        &[
            fails(Fault::Network),
            fails(Fault::Overloaded { retry_after: None }),
        ],
    );
    let first = rig(&[&wobbly], Caps::default()).await;
    assert!(assess(&first).await.is_ok());
    assert_eq!(asked(&wobbly), 3);

    let locked = scripted("locked", fails(Fault::BadKey), &[]);
    let second = rig(&[&locked], Caps::default()).await;
    assert_eq!(fault(assess(&second).await), Fault::BadKey);
    assert_eq!(asked(&locked), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_verdict_is_asked_for_once_more() {
    let clumsy = scripted("clumsy", Does::Answers, &[Does::AnswersProse]);
    let hopeless = scripted("hopeless", Does::AnswersProse, &[]);

    let first = rig(&[&clumsy], Caps::default()).await;
    assert!(assess(&first).await.is_ok());
    let second = rig(&[&hopeless], Caps::default()).await;
    let fault = fault(assess(&second).await);

    assert!(matches!(fault, Fault::BadAnswer(_)), "{fault:?}");
    assert_eq!((asked(&clumsy), asked(&hopeless)), (2, 2));
    let sent = second
        .router
        .last_requests()
        .of(&ZoneId::parse("kitchen").unwrap())
        .unwrap();
    assert!(
        sent.text.contains("Your last answer could not be used"),
        "{}",
        sent.text
    );
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_assessment_are_bounded_however_many_providers_there_are() {
    let providers: Vec<_> = (0..20)
        .map(|n| scripted(&format!("p{n}"), fails(Fault::Network), &[]))
        .collect();
    let rig = rig(&providers.iter().collect::<Vec<_>>(), Caps::default()).await;

    assert!(assess(&rig).await.is_err());

    let calls: usize = providers.iter().map(|provider| asked(provider)).sum();
    assert_eq!(calls, MOST_CALLS as usize);
}

#[tokio::test(start_paused = true)]
async fn an_assessment_is_over_at_its_deadline() {
    let providers: Vec<_> = (0..20)
        .map(|n| scripted(&format!("p{n}"), Does::Hangs, &[]))
        .collect();
    let rig = rig(&providers.iter().collect::<Vec<_>>(), Caps::default()).await;
    let started = Instant::now();

    assert!(assess(&rig).await.is_err());

    assert!(started.elapsed() <= DEADLINE, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_keeps_failing_is_disabled_also_after_a_restart() {
    let down = scripted("down", fails(Fault::Overloaded { retry_after: None }), &[]);
    let rig = rig(&[&down], Caps::default()).await;
    for _ in 0..3 {
        assert!(assess(&rig).await.is_err());
    }
    let calls = asked(&down);
    assert!(matches!(
        fault(assess(&rig).await),
        Fault::CircuitOpen { .. }
    ));

    let Rig {
        router,
        store,
        data,
        ..
    } = rig;
    drop(router);
    store.close().await;
    let again = rig_in(data, &[&down], Caps::default(), false).await;
    let after = fault(assess(&again).await);

    assert!(matches!(after, Fault::CircuitOpen { .. }), "{after:?}");
    assert_eq!(asked(&down), calls);
    tokio::time::advance(Duration::from_secs(3600)).await;
    assert!(assess(&again).await.is_err());
    assert_eq!(asked(&down), calls + 1, "a probe has one try");
}

#[tokio::test(start_paused = true)]
async fn at_the_cap_what_is_free_is_asked_and_otherwise_the_look_is_skipped() {
    let caps = Caps {
        cost_per_day: Some(Usd::from_micros(250)),
        ..Caps::default()
    };
    let dear = paid("dear", 100);
    let free = scripted("free", Does::Answers, &[]);
    let with_free = rig(&[&dear, &free], caps).await;
    for _ in 0..5 {
        assess(&with_free).await.unwrap();
    }
    assert_eq!((asked(&dear), asked(&free)), (2, 3));
    let spending = *with_free.router.budget().spending().borrow();
    assert_eq!(spending.totals.day.cost, Usd::from_micros(200));
    assert_eq!(
        (spending.totals.day.calls, spending.totals.day.charged_calls),
        (5, 2)
    );

    let dear = paid("dear", 100);
    let alone = rig(&[&dear], caps).await;
    for _ in 0..2 {
        assess(&alone).await.unwrap();
    }
    assert_eq!(
        assess(&alone).await.unwrap_err(),
        RouteError::Cap(Cap::CostPerDay)
    );
    assert_eq!(asked(&dear), 2);

    // A new day begins.
    tokio::time::advance(Duration::from_secs(24 * 3600)).await;
    assert!(assess(&alone).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_timed_out_costs_the_most_that_it_can_have_cost() {
    let slow = Arc::new(Scripted {
        facts: facts(
            "slow",
            Some(Price {
                input: Usd::from_micros(1_000_000),
                output: Usd::ZERO,
                call: Usd::ZERO,
            }),
        ),
        script: Mutex::default(),
        then: Does::Hangs,
        asked: AtomicUsize::new(0),
        is_blind: false,
    });
    let rig = rig(&[&slow], Caps::default()).await;

    assert!(matches!(fault(assess(&rig).await), Fault::Timeout(_)));

    let cost = rig.router.budget().spending().borrow().totals.day.cost;
    assert!(cost > Usd::from_micros(1_000), "text and form: {cost}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_a_minute_is_kept() {
    let mut limited = facts("limited", Some(Price::FREE));
    limited.limits.per_minute = Some(2);
    let limited = Arc::new(Scripted {
        facts: limited,
        script: Mutex::default(),
        then: Does::Answers,
        asked: AtomicUsize::new(0),
        is_blind: false,
    });
    let rig = rig(&[&limited], Caps::default()).await;

    assert!(assess(&rig).await.is_ok());
    assert!(assess(&rig).await.is_ok());
    assert!(matches!(fault(assess(&rig).await), Fault::Limited { .. }));
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(assess(&rig).await.is_ok());
    assert_eq!(rig.clock.now().as_second() - START, 61);
}

#[tokio::test(start_paused = true)]
async fn a_blind_provider_is_found_out_and_not_used() {
    let blind = Arc::new(Scripted {
        facts: facts("blind", Some(Price::FREE)),
        script: Mutex::default(),
        then: Does::Answers,
        asked: AtomicUsize::new(0),
        is_blind: true,
    });
    let data = tempfile::tempdir().unwrap();
    let rig = rig_in(data, &[&blind], Caps::default(), true).await;

    let first = fault(assess(&rig).await);
    let checked = rig.router.self_test().await;

    assert_eq!(first, Fault::Blind);
    assert_eq!(checked[0].outcome, SelfTestOutcome::Blind { right: 0 });
    assert_eq!(asked(&blind), 2, "test pictures alone");
    assert!(
        rig.router
            .last_requests()
            .of(&ZoneId::parse("kitchen").unwrap())
            .is_none()
    );
}

#[tokio::test]
async fn no_provider_at_all_is_told() {
    let rig = rig(&[], Caps::default()).await;

    assert_eq!(assess(&rig).await.unwrap_err(), RouteError::Nobody);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_was_broken_off_does_not_lock_the_provider_out() {
    let down = scripted("down", Does::Answers, &[fails(Fault::BadKey), Does::Hangs]);
    let rig = rig(&[&down], Caps::default()).await;
    assert!(assess(&rig).await.is_err());
    tokio::time::advance(Duration::from_secs(3601)).await;

    let mut probe = Box::pin(assess(&rig));
    while asked(&down) < 2 {
        tokio::select! {
            result = &mut probe => panic!("{result:?}"),
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
    drop(probe);

    assert!(assess(&rig).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_charge_is_settled_as_the_service_said() {
    let error = ProviderError {
        fault: Fault::Refused,
        charge: Charge::Known(Usage {
            calls: 1,
            tokens_in: 500,
            tokens_out: 0,
            images: 1,
        }),
        details: String::new(),
    };
    let picky = Arc::new(Scripted {
        facts: facts(
            "picky",
            Some(Price {
                input: Usd::from_micros(1_000_000),
                output: Usd::ZERO,
                call: Usd::ZERO,
            }),
        ),
        script: Mutex::default(),
        then: Does::Fails(error),
        asked: AtomicUsize::new(0),
        is_blind: false,
    });
    let rig = rig(&[&picky], Caps::default()).await;

    assert_eq!(fault(assess(&rig).await), Fault::Refused);

    assert_eq!(
        rig.router.budget().spending().borrow().totals.day.cost,
        Usd::from_micros(500)
    );
}

#[tokio::test(start_paused = true)]
async fn on_the_day_of_a_restore_what_is_capped_counts_as_spent() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::simulated(Timestamp::from_second(START).unwrap());
    let (store, _) = Store::open(data.path(), clock).await.unwrap();
    store.copy_daily(clock.now()).await.unwrap();
    store.close().await;
    std::fs::remove_file(data.path().join(crate::store::DATABASE)).unwrap();
    let (store, opening) = Store::open(data.path(), clock).await.unwrap();
    assert!(opening.restored.is_some());
    store.close().await;
    let caps = Caps {
        calls_per_day: Some(100),
        ..Caps::default()
    };
    let dear = paid("dear", 100);

    let rig = rig_in(data, &[&dear], caps, false).await;

    assert_eq!(
        assess(&rig).await.unwrap_err(),
        RouteError::Cap(Cap::Restored)
    );
    tokio::time::advance(Duration::from_secs(24 * 3600)).await;
    assert!(assess(&rig).await.is_ok());
}
