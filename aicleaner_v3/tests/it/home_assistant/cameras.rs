//! Snapshots from cameras that work and cameras that do not, and uploaded pictures.

use std::time::Duration;

use aicleaner::home_assistant::{HomeError, HomeStatus};
use aicleaner::model::InstanceName;
use aicleaner::telemetry::Code;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::home::{CoreState, Home};
use aicleaner_testkit::scene::Room;
use bytes::Bytes;

use super::{CAMERA, Client, LIMIT, entity};

const MEBIBYTE: usize = 1 << 20;

async fn home(source: Source) -> Home {
    Home::builder()
        .camera(CAMERA, source)
        .start()
        .await
        .unwrap()
}

fn room() -> Source {
    Source::Room(Room::new("study", 1))
}

#[tokio::test]
async fn a_snapshot_is_the_cameras_picture() {
    let home = home(room()).await;
    let client = Client::running(&home).await;

    let full = client
        .home
        .snapshot(&entity(CAMERA), None, MEBIBYTE, LIMIT)
        .await
        .unwrap();
    let small = client
        .home
        .snapshot(&entity(CAMERA), Some(640), MEBIBYTE, LIMIT)
        .await
        .unwrap();

    assert_eq!(full.content_type, "image/jpeg");
    assert!(full.bytes.starts_with(&[0xff, 0xd8]));
    assert!(small.bytes.len() < full.bytes.len());
}

#[tokio::test]
async fn each_fault_of_a_camera_has_its_code() {
    for (source, code) in [
        (Source::Html, Code::CameraPicture),
        (Source::Bytes(Vec::new()), Code::CameraPicture),
        (Source::HugeBody, Code::CameraTooLarge),
        (Source::Unavailable503, Code::CameraUnavailable),
    ] {
        let home = home(source.clone()).await;
        let client = Client::running(&home).await;

        let error = client
            .home
            .snapshot(&entity(CAMERA), None, MEBIBYTE, LIMIT)
            .await
            .unwrap_err();

        assert_eq!(error.code(), code, "{source:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_huge_body_is_not_read_to_its_end() {
    let home = home(Source::HugeBody).await;
    let client = Client::running(&home).await;

    let error = client
        .home
        .snapshot(&entity(CAMERA), None, MEBIBYTE, LIMIT)
        .await
        .unwrap_err();

    assert!(matches!(
        error,
        HomeError::PictureTooLarge {
            limit: MEBIBYTE,
            ..
        }
    ));
    let sent = home.camera(CAMERA).unwrap().bytes_sent();
    assert!(sent < 20_000_000, "{sent} bytes were taken");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_early() {
    let mut picture = vec![0xff, 0xd8];
    picture.resize(3 * MEBIBYTE, 0);
    let home = home(Source::Bytes(picture)).await;
    let client = Client::running(&home).await;

    let error = client
        .home
        .snapshot(&entity(CAMERA), None, MEBIBYTE, LIMIT)
        .await
        .unwrap_err();

    assert_eq!(error.code(), Code::CameraTooLarge);
}

#[tokio::test]
async fn a_camera_that_hangs_runs_into_the_time_limit() {
    let home = home(Source::Hang).await;
    let client = Client::running(&home).await;

    let error = client
        .home
        .snapshot(&entity(CAMERA), None, MEBIBYTE, Duration::from_millis(200))
        .await
        .unwrap_err();

    assert_eq!(error.code(), Code::CameraTimeout);
}

#[tokio::test]
async fn a_camera_is_missing_only_once_the_home_is_running() {
    let home = Home::builder()
        .core_state(CoreState::Starting)
        .start()
        .await
        .unwrap();
    let client = Client::of(&home);
    client
        .reaches(|status| *status == HomeStatus::Starting)
        .await;
    let camera = entity("camera.nowhere");

    let look = client.home.snapshot(&camera, None, MEBIBYTE, LIMIT);
    let while_starting = look.await.unwrap_err();
    home.finish_starting();
    client.reaches(HomeStatus::is_running).await;
    let look = client.home.snapshot(&camera, None, MEBIBYTE, LIMIT);
    let while_running = look.await.unwrap_err();

    assert_eq!(while_starting, HomeError::Starting);
    assert_eq!(while_running.code(), Code::CameraMissing);
}

#[tokio::test]
async fn pictures_are_uploaded_listed_and_deleted() {
    let home = home(room()).await;
    let client = Client::running(&home).await;
    let (ours, theirs) = (
        InstanceName::parse("home").unwrap(),
        InstanceName::parse("home_2").unwrap(),
    );
    let snapshot = client
        .home
        .snapshot(&entity(CAMERA), None, MEBIBYTE, LIMIT)
        .await
        .unwrap();

    let image = client
        .home
        .upload_image(&ours, snapshot.bytes.clone())
        .await
        .unwrap();
    client
        .home
        .upload_image(&theirs, snapshot.bytes.clone())
        .await
        .unwrap();

    let listed = client.home.uploaded_images(&ours).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, image);
    assert!(
        home.uploads()
            .iter()
            .all(|upload| upload.bytes == snapshot.bytes)
    );
    client.home.delete_image(&image).await.unwrap();
    client
        .home
        .delete_image(&image)
        .await
        .expect("gone already is no error");
    assert_eq!(home.uploads().len(), 1);
    assert!(client.home.uploaded_images(&ours).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_home_that_takes_no_pictures_says_so() {
    let home = home(room()).await;
    home.set_image_upload_loaded(false);
    let client = Client::running(&home).await;

    let error = client
        .home
        .upload_image(
            &InstanceName::default(),
            Bytes::from_static(&[0xff, 0xd8, 0xff]),
        )
        .await
        .unwrap_err();

    assert_eq!(error.code(), Code::ImageUpload);
}

#[tokio::test]
async fn a_picture_beyond_ten_megabytes_is_not_sent() {
    let home = home(room()).await;
    let client = Client::running(&home).await;

    let error = client
        .home
        .upload_image(
            &InstanceName::default(),
            Bytes::from(vec![0xff; 10 * MEBIBYTE]),
        )
        .await
        .unwrap_err();

    assert!(matches!(error, HomeError::RequestTooLarge { .. }));
}
