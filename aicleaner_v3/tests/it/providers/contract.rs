//! What every provider must do, whatever its service speaks.

use std::time::Duration;

use aicleaner::model::Usd;
use aicleaner::router::SelfTestOutcome;
use aicleaner::vision::{DecodeLimits, decode};
use aicleaner_testkit::providers::{Api, Fault};
use futures_util::stream::{self, StreamExt as _};

use super::rig::{ALL, KEY, Rig};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_room_is_judged_from_our_own_picture_after_the_test_picture_was_seen() {
    for api in ALL {
        let rig = Rig::with(api, "price_input: 1, price_output: 2", "", None).await;
        rig.room.leave("cup-on-desk").unwrap();

        let judged = rig.assess().await.unwrap();

        let requests = rig.service.requests();
        assert_eq!(
            requests.len(),
            2,
            "{api:?}: the test picture, then the room"
        );
        assert_eq!(
            judged.verdict.findings[0].title, "Take the cup to the kitchen",
            "{api:?}"
        );
        assert!(judged.verdict.findings[0].area.is_some(), "{api:?}");
        assert_eq!(judged.verdict.judgements.len(), 1, "{api:?}");
        let picture = decode(&requests[1].images[0], &DecodeLimits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), (1024, 576), "{api:?}");
        assert!(
            requests[1].text.contains("- t1: Fold the blanket (sofa)\n"),
            "{api:?}"
        );
        assert!(requests[1].text.contains("- the toaster\n"), "{api:?}");
        let spent = rig.router.budget().spending().borrow().totals.day;
        assert!(
            spent.cost > Usd::from_micros(2_000) && spent.cost < Usd::from_micros(10_000),
            "{api:?}: {}",
            spent.cost
        );
        assert_eq!(spent.calls, 2, "{api:?}");
    }
}

#[tokio::test]
async fn the_key_travels_in_its_header_and_nowhere_else() {
    for api in ALL {
        let rig = Rig::new(api).await;

        rig.assess().await.unwrap();

        for request in rig.service.requests() {
            assert!(!request.path.contains(KEY), "{api:?}");
            assert!(!request.body.to_string().contains(KEY), "{api:?}");
            let with_key = request
                .headers
                .values()
                .filter(|value| value.to_str().is_ok_and(|value| value.contains(KEY)));
            assert_eq!(with_key.count(), usize::from(api != Api::Ollama), "{api:?}");
        }
    }
}

#[tokio::test]
async fn every_fault_of_a_service_has_its_class_and_costs_no_more_than_it_may() {
    let faults = [
        (Fault::BadKey, "bad_key"),
        (Fault::NoSuchModel, "no_such_model"),
        (Fault::Blind, "blind"),
        (Fault::Quota, "quota"),
        (Fault::RateLimited(None), "rate_limited"),
        (Fault::RateLimited(Some(3600)), "rate_limited"),
        (Fault::Broken, "overloaded"),
        (Fault::Overloaded(None), "overloaded"),
        (Fault::Overloaded(Some(3600)), "overloaded"),
        (Fault::Refused, "refused"),
        (Fault::CutOff, "bad_answer"),
        (Fault::Html, "bad_answer"),
        (Fault::HtmlError, "overloaded"),
        (Fault::EmptyBody, "bad_answer"),
        (Fault::BreaksOff, "network"),
        (Fault::Drips, "timeout"),
        (Fault::Hangs, "timeout"),
        (Fault::TenMegabytes, "bad_answer"),
        (Fault::Says("I see a lovely room.".to_owned()), "bad_answer"),
        (Fault::Says(String::new()), "bad_answer"),
        (Fault::Says(r#"{"rating": 5}"#.to_owned()), "bad_answer"),
        (Fault::thousands_of_findings(), "bad_answer"),
    ];
    let cases = ALL
        .into_iter()
        .flat_map(|api| faults.iter().map(move |fault| (api, fault)));
    let tried = cases.map(|(api, (fault, expected))| async move {
        let limit = (*expected == "timeout").then_some(SECOND);
        let rig = Rig::with(api, "price_per_call: 1", "check_sight: false", limit).await;
        rig.service.fail_always(Some(fault.clone()));

        let error = rig.error().await;

        // Ollama has no word for a refusal: it answers nothing.
        let expected = match (api, fault) {
            (Api::Ollama, Fault::Refused) => "bad_answer",
            _ => *expected,
        };
        assert_eq!(
            error.fault.class(),
            expected,
            "{api:?} {fault:?}: {error:?}"
        );
        assert!(
            error.to_string().len() < 300 && error.details.chars().count() <= 330,
            "{error:?}"
        );
        let spent = rig.router.budget().spending().borrow().totals.day;
        assert!(spent.calls <= 3, "{api:?} {fault:?}: {} calls", spent.calls);
        let unpaid = [
            "bad_key",
            "no_such_model",
            "blind",
            "quota",
            "rate_limited",
            "overloaded",
        ];
        assert_eq!(
            spent.cost.is_zero(),
            unpaid.contains(&expected),
            "{api:?} {fault:?}: {}",
            spent.cost
        );
    });
    // A few at a time: each has a limit of time.
    stream::iter(tried)
        .buffer_unordered(16)
        .collect::<Vec<()>>()
        .await;
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told() {
    for api in ALL {
        let rig = Rig::new(api).await;
        rig.service.stop().await.unwrap();

        let error = rig.error().await;

        assert_eq!(error.fault.class(), "network", "{api:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_passing_fault_is_bridged_within_one_assessment() {
    for api in ALL {
        let rig = Rig::new(api).await;
        rig.service.fail_next(Fault::Overloaded(Some(1)));
        rig.service.fail_next(Fault::RateLimited(None));

        let error = rig.assess().await;

        // The second is a storm: it is not waited out.
        assert!(error.is_err(), "{api:?}");
        assert_eq!(rig.service.requests().len(), 2, "{api:?}");

        let rig = Rig::new(api).await;
        rig.service.fail_next(Fault::RateLimited(Some(1)));
        assert!(rig.assess().await.is_ok(), "{api:?}");
    }
}

#[tokio::test]
async fn what_a_picture_says_changes_no_task_and_carries_no_markup() {
    for api in ALL {
        let rig = Rig::new(api).await;
        rig.service.fail_next(Fault::injected());

        let verdict = rig.assess().await.unwrap().verdict;

        assert!(verdict.judgements.is_empty(), "{api:?}");
        for finding in verdict.findings {
            assert!(
                !finding.title.contains(['<', '[']) && !finding.title.contains("://"),
                "{}",
                finding.title
            );
        }
    }
}

#[tokio::test]
async fn a_check_names_the_providers_that_see_and_those_that_do_not() {
    for api in ALL {
        let rig = Rig::with(api, "", "", None).await;
        let sees = rig.router.self_test().await;
        rig.service.fail_next(Fault::Says(
            r#"{"shapes": [{"number": 11, "shape": "circle", "colour": "red"}]}"#.to_owned(),
        ));
        let blind = rig.router.self_test().await;

        assert!(
            matches!(sees[0].outcome, SelfTestOutcome::Sees { right } if right >= 5),
            "{sees:?}"
        );
        assert!(
            matches!(blind[0].outcome, SelfTestOutcome::Blind { .. }),
            "{blind:?}"
        );
        assert_eq!(
            rig.error().await.fault.class(),
            "blind",
            "{api:?}: a blind provider is not used"
        );
    }
}

#[tokio::test]
async fn ollama_is_asked_first_whether_its_model_sees() {
    let room = aicleaner_testkit::scene::Room::new("kitchen", 7);
    let judge = aicleaner_testkit::model::SceneJudge::new([room]);
    let service = aicleaner_testkit::providers::Service::start(Api::Ollama, "", "blind:1b", judge)
        .await
        .unwrap();
    let settings = super::rig::settings(&format!(
        "providers: [{{kind: ollama, model: 'blind:1b', base_url: '{}'}}, {{kind: ollama, name: other, model: 'other:1b', base_url: '{}'}}]",
        service.base_url(),
        service.base_url()
    ));
    let data = tempfile::tempdir().unwrap();
    let router = super::rig::router(
        &settings,
        &data,
        &aicleaner::telemetry::Telemetry::default(),
    )
    .await;

    let checked = router.self_test().await;

    let class = |at: usize| match &checked[at].outcome {
        SelfTestOutcome::Failed(error) => (error.fault.class(), error.details.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(class(0).0, "blind");
    assert_eq!(class(1).0, "no_such_model");
    assert!(class(1).1.contains("it has: blind:1b"), "{}", class(1).1);
    assert!(service.requests().is_empty(), "no picture was sent");
}
