//! The budget under pressure: whatever the interleaving of calls, crashes, timeouts and settlements, what is
//! settled and reserved never passes a cap.

use std::sync::Arc;
use std::time::Duration;

use aicleaner::clock::Clock;
use aicleaner::model::{Caps, Price, Usage, Usd};
use aicleaner::providers::Charge;
use aicleaner::router::{Budget, NotReserved};
use aicleaner::store::{LedgerEntry, Store};
use jiff::tz::TimeZone;
use proptest::prelude::*;

const CAP: u64 = 1_000;
const CALLS: u64 = 30;

#[derive(Clone, Debug)]
enum End {
    Settles(u32),
    Unpaid,
    TimesOut,
    Crashes,
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        (0_u32..100).prop_map(End::Settles),
        Just(End::Unpaid),
        Just(End::TimesOut),
        Just(End::Crashes),
    ]
}

fn price() -> Price {
    Price {
        input: Usd::from_micros(1_000_000),
        output: Usd::ZERO,
        call: Usd::from_micros(5),
    }
}

fn usage(tokens_in: u32) -> Usage {
    Usage {
        calls: 1,
        tokens_in: tokens_in.into(),
        tokens_out: 0,
        images: 1,
    }
}

async fn open(store: &Store) -> Budget {
    let caps = Caps {
        cost_per_day: Some(Usd::from_micros(CAP)),
        calls_per_month: Some(CALLS),
        ..Caps::default()
    };
    Budget::open(
        store.clone(),
        caps,
        Clock::system(),
        Arc::new(|| TimeZone::UTC),
    )
    .await
    .unwrap()
}

fn check(budget: &Budget) {
    let totals = budget.spending().borrow().totals;
    assert!(totals.day.cost <= Usd::from_micros(CAP), "{totals:?}");
    assert!(totals.month.charged_calls <= CALLS, "{totals:?}");
}

async fn one(budget: Budget, worst: u32, end: End, yields: u8) {
    for _ in 0..yields {
        tokio::task::yield_now().await;
    }
    let entry = LedgerEntry {
        at: Clock::system().now(),
        zone: None,
        provider: "p".to_owned(),
        kind: "fake",
        model: "m".to_owned(),
        price: Some(price()),
        worst: usage(worst),
    };
    let reservation = match budget.reserve(entry).await {
        Ok(reservation) => reservation,
        Err(NotReserved::Cap(_)) => return check(&budget),
        Err(error) => panic!("{error}"),
    };
    check(&budget);
    for _ in 0..yields {
        tokio::task::yield_now().await;
    }
    let charge = match end {
        End::Settles(tokens) => Charge::Known(usage(tokens.min(worst))),
        End::Unpaid => Charge::Nothing,
        End::TimesOut => Charge::Worst,
        End::Crashes => return drop(reservation),
    };
    budget
        .settle(reservation, charge, "answered", None)
        .await
        .unwrap();
    check(&budget);
}

type Call = (u32, End, u8);

fn fifty_calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec((0_u32..200, end(), 0_u8..6), 50)
}

async fn all_at_once(store: &Store, calls: &[Call]) {
    let budget = open(store).await;
    check(&budget);
    let running: Vec<_> = calls
        .iter()
        .cloned()
        .map(|(worst, end, yields)| tokio::spawn(one(budget.clone(), worst, end, yields)))
        .collect();
    for call in running {
        tokio::time::timeout(Duration::from_secs(60), call)
            .await
            .unwrap()
            .unwrap();
    }
}

fn on_two_threads(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_interleaving_of_fifty_calls_passes_a_cap(calls in fifty_calls()) {
        on_two_threads(async {
            let store = Store::in_memory(Clock::system()).await.unwrap();
            all_at_once(&store, &calls).await;
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_restart_in_the_middle_of_fifty_calls_passes_a_cap(calls in fifty_calls(), restart_after in 0_usize..50) {
        on_two_threads(async {
            let data = tempfile::tempdir().unwrap();
            let (before, after) = calls.split_at(restart_after);
            for calls in [before, after] {
                let store = Store::open(data.path(), Clock::system()).await.unwrap().0;
                all_at_once(&store, calls).await;
                store.close().await;
            }
        });
    }
}
