//! Cameras, uploaded pictures, and the model that judges them.

use std::sync::Arc;
use std::time::Duration;

use aicleaner::home_assistant::{HomeError, Snapshot};
use aicleaner::image_thread::ImageThread;
use aicleaner::model::{EntityId, InstanceName, Presence, Sensitivity, TaskId, ZoneId};
use aicleaner::providers::{
    AiTask, AiTaskOptions, Facts, Form, KnownTask, PictureForm, Provider as _, Question, QuotaDay,
    RateLimits as CallLimits, Request, encode, instructions, verdict,
};
use aicleaner::telemetry::Telemetry;
use aicleaner::vision::{DecodeLimits, Picture, Raster, decode};
use jiff::Timestamp;

use super::client::Client;
use super::{LIMIT, Place};

const LARGEST: usize = 4 << 20;

async fn snapshot(client: &Client, place: &Place, width: Option<u32>) -> Snapshot {
    let snapshot = client.home.snapshot(&place.camera, width, LARGEST, LIMIT);
    snapshot.await.unwrap()
}

fn decoded(snapshot: &Snapshot) -> Raster {
    decode(&snapshot.bytes, &DecodeLimits::default()).unwrap()
}

pub async fn a_snapshot_is_the_cameras_own_jpeg(place: &Place) {
    let client = Client::of(place).await;

    let snapshot = snapshot(&client, place, None).await;

    assert_eq!(snapshot.content_type, "image/jpeg");
    let picture = decoded(&snapshot);
    assert_eq!((picture.width(), picture.height()), (1280, 720));
}

pub async fn a_smaller_snapshot_is_at_least_as_wide_as_asked(place: &Place) {
    let client = Client::of(place).await;

    let small = decoded(&snapshot(&client, place, Some(600)).await);
    let odd = decoded(&snapshot(&client, place, Some(810)).await);
    let large = decoded(&snapshot(&client, place, Some(4000)).await);

    // Home Assistant scales JPEGs by eighths (components/camera/img_util.py).
    assert_eq!((small.width(), small.height()), (640, 360));
    assert_eq!((odd.width(), odd.height()), (960, 540));
    assert_eq!((large.width(), large.height()), (1280, 720));
}

pub async fn a_camera_that_does_not_exist_is_missing(place: &Place) {
    let client = Client::of(place).await;
    let nowhere = EntityId::parse("camera.nobody").unwrap();

    let error = client.home.snapshot(&nowhere, None, LARGEST, LIMIT).await;

    let error = error.unwrap_err();
    assert!(
        matches!(error, HomeError::CameraMissing { .. }),
        "{error:?}"
    );
}

pub async fn a_picture_is_uploaded_found_again_and_deleted(place: &Place) {
    let client = Client::of(place).await;
    let ours = InstanceName::parse("contract").unwrap();
    let others = InstanceName::parse("contract_2").unwrap();
    let picture = snapshot(&client, place, None).await.bytes;

    let image = client.home.upload_image(&ours, picture).await.unwrap();
    let found = client.home.uploaded_images(&ours).await.unwrap();
    let of_others = client.home.uploaded_images(&others).await.unwrap();

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, image);
    let age = Timestamp::now().duration_since(found[0].uploaded_at.unwrap());
    assert!(age.as_secs().abs() < 120, "{age}");
    assert!(of_others.is_empty());
    client.home.delete_image(&image).await.unwrap();
    assert!(client.home.uploaded_images(&ours).await.unwrap().is_empty());
    // What is gone already is as good as deleted.
    client.home.delete_image(&image).await.unwrap();
    assert!(client.home.uploaded_images(&ours).await.unwrap().is_empty());
}

pub async fn the_model_fills_in_the_products_own_form(place: &Place) {
    let client = Client::of(place).await;
    let owner = InstanceName::parse("contract_form").unwrap();
    let facts = Facts {
        name: "ai_task".to_owned(),
        kind: "ai_task",
        model: "preferred".to_owned(),
        timeout: Duration::from_secs(60),
        picture: PictureForm::USUAL,
        price: None,
        tokens_per_picture: 0,
        most_tokens_out: 0,
        calls_per_question: 2,
        limits: CallLimits {
            per_minute: None,
            per_day: None,
            day: QuotaDay::Utc,
            at_a_time: 1,
        },
        frames_wanted: 1,
        asks_a_model: true,
    };
    let provider = AiTask::new(
        facts,
        client.home.clone(),
        Telemetry::default(),
        AiTaskOptions {
            instance: owner.clone(),
            entity: None,
            own_camera_source: false,
            must_stay_home: true,
        },
    );
    // The simulated home's camera takes the picture when it is asked; the other shows one from before.
    place.room.leave("socks-on-floor").unwrap();
    let now = Duration::from_secs(60);
    let picture = place.room.snapshot(now, (1280, 720)).unwrap().jpeg;
    let task = |title: &str, location: &str| KnownTask {
        id: TaskId::new(Timestamp::now()),
        title: title.to_owned(),
        location: location.to_owned(),
        area: None,
    };
    let gone = task("Take the cup to the kitchen", "desk");
    let request = Arc::new(Request {
        zone: ZoneId::parse("kitchen").unwrap(),
        ignore: Vec::new(),
        zone_name: "Kitchen".to_owned(),
        purpose: "Where we cook.".to_owned(),
        pictures: [Picture::new(
            place.camera.clone(),
            Timestamp::now(),
            &decode(&picture, &DecodeLimits::default()).unwrap(),
        )
        .unwrap()]
        .into(),
        views: Vec::new(),
        sensitivity: Sensitivity::Normal,
        tasks: vec![gone.clone()],
        language: "en".to_owned(),
    });
    let question = Question {
        title: "Contract".to_owned(),
        text: instructions(&request),
        pictures: encode(
            &ImageThread::default(),
            request.pictures.clone(),
            PictureForm::USUAL,
        )
        .await
        .unwrap(),
        form: Form::Verdict,
        request: Some(request.clone()),
    };

    let answer = provider.ask(&question).await.unwrap();

    let verdict = verdict(&answer.content, &request.tasks).unwrap().value;
    assert_eq!(verdict.score.get(), 85);
    assert_eq!(verdict.findings.len(), 1);
    assert_eq!(verdict.findings[0].title, "Pick up the socks");
    assert_eq!(verdict.findings[0].location, "floor by the sofa");
    assert_eq!(verdict.judgements.len(), 1);
    assert_eq!(verdict.judgements[0].task, gone.id);
    assert_eq!(verdict.judgements[0].presence, Presence::Gone);
    assert!(!verdict.summary.is_empty());
    aicleaner_testkit::fixtures::wait_until(LIMIT, "the upload to be deleted", || async {
        client
            .home
            .uploaded_images(&owner)
            .await
            .unwrap()
            .is_empty()
    })
    .await
    .unwrap();
}

pub async fn a_home_prefers_no_ai_task_at_first_and_has_one_that_takes_pictures(place: &Place) {
    let client = Client::of(place).await;

    let tasks = client.home.ai_tasks().await.unwrap();
    let preferred = client.home.preferred_ai_task().await.unwrap();

    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].takes_pictures());
    assert_eq!(preferred, None);
}
