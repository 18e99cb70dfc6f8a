//! From the button to the list and back, in Home Assistant.

use super::flat::{CUP, DONE, OPEN, SOCKS};
use super::shared_home::on_the_shared_home;
use std::time::Instant;

use aicleaner::vision::{DecodeLimits, decode};

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_button_leads_to_a_check_an_item_and_a_lower_score() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("button").await;
        let program = flat.start_and_check().await;
        flat.until_state("sensor", "kitchen_cleanliness", "100")
            .await;
        flat.leave("cup-on-desk").await;

        let pressed = Instant::now();
        flat.press().await;

        let items = flat.until_items(&[(CUP, OPEN)]).await;
        let what = "button pressed to the item on the list";
        flat.shared.took(what, pressed.elapsed(), Some(5.0));
        assert_eq!(items[0]["description"], "Kitchen, desk. About 1 minute.");
        flat.until_state("sensor", "kitchen_cleanliness", "85")
            .await;
        flat.until_state("binary_sensor", "kitchen_needs_cleaning", "off")
            .await;
        let tasks = flat.until_state("sensor", "kitchen_open_tasks", "1").await;
        assert_eq!(tasks["attributes"]["tasks"][0]["title"], CUP);
        assert_eq!(program.count("zone assessed"), 2);
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn the_model_gets_our_own_jpeg_as_it_was_uploaded_and_the_upload_is_deleted() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("picture").await;
        let program = flat.start_and_check().await;
        flat.leave("cup-on-desk").await;
        let shown_by_the_camera = flat.show().await;
        let gate = flat.slow_model();
        let asked = flat.shared.models.requests().len();

        flat.press().await;
        flat.until_asked(asked).await;

        // While the model thinks, the upload is there to compare with.
        let client = flat.shared.client();
        let uploads = flat.uploads().await;
        assert_eq!(uploads.len(), 1, "{uploads:?}");
        assert_eq!(uploads[0]["content_type"], "image/jpeg");
        let address = format!(
            "/api/image/serve/{}/original",
            uploads[0]["id"].as_str().unwrap()
        );
        let (kind, uploaded) = client.get_bytes(&address).await.unwrap();
        let requests = flat.shared.models.requests();
        let request = requests.last().unwrap();
        assert_eq!(request.images.len(), 1);
        let reached = &request.images[0];
        assert!(reached == &uploaded, "the model got other bytes");
        assert!(reached != &shown_by_the_camera, "the camera's own picture");
        assert_eq!(kind, "image/jpeg");
        let picture = decode(reached, &DecodeLimits::default()).unwrap();
        assert_eq!((picture.width(), picture.height()), (1024, 576));
        let segments = segments(reached);
        assert!(!segments.contains(&0xe1), "EXIF: {segments:x?}");

        gate.open();
        flat.until_items(&[(CUP, OPEN)]).await;
        flat.until_no_uploads().await;
        client.get_bytes(&address).await.unwrap_err();
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_tidy_picture_completes_the_item_and_raises_the_score() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("tidy").await;
        flat.leave("cup-on-desk").await;
        flat.leave("socks-on-floor").await;
        flat.leave("plate-on-table").await;
        let program = flat.start_and_check().await;
        const PLATE: &str = "Put the plate in the dishwasher";
        flat.until_items(&[(CUP, OPEN), (SOCKS, OPEN), (PLATE, OPEN)])
            .await;
        flat.until_state("sensor", "kitchen_cleanliness", "55")
            .await;
        flat.until_state("binary_sensor", "kitchen_needs_cleaning", "on")
            .await;

        flat.tidy("cup-on-desk").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN), (PLATE, OPEN)])
            .await;
        flat.tidy("socks-on-floor").await;
        flat.tidy("plate-on-table").await;
        flat.press().await;

        flat.until_items(&[(CUP, DONE), (SOCKS, DONE), (PLATE, DONE)])
            .await;
        flat.until_state("sensor", "kitchen_cleanliness", "100")
            .await;
        flat.until_state("binary_sensor", "kitchen_needs_cleaning", "off")
            .await;
        flat.until_state("sensor", "kitchen_open_tasks", "0").await;
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn an_item_ticked_in_home_assistant_closes_the_task_and_is_not_added_again() {
    on_the_shared_home(async |shared| {
        let flat = shared.flat("ticks").await;
        flat.leave("cup-on-desk").await;
        let program = flat.start_and_check().await;
        let items = flat.until_items(&[(CUP, OPEN)]).await;
        flat.until_state("sensor", "kitchen_open_tasks", "1").await;

        flat.tick(&items[0]).await;
        flat.until_state("sensor", "kitchen_open_tasks", "0").await;
        flat.show().await;
        flat.look(&program).await;

        // The list is worked off in order: once the socks are there, a second cup would be too.
        flat.leave("socks-on-floor").await;
        flat.look(&program).await;
        flat.until_items(&[(CUP, DONE), (SOCKS, OPEN)]).await;
        let open = flat.until_state("sensor", "kitchen_open_tasks", "1").await;
        assert_eq!(open["attributes"]["tasks"][0]["title"], SOCKS);
        program.stop().await;
    });
}

#[test]
#[ignore = "needs a real Home Assistant: make e2e"]
fn a_list_that_does_not_exist_is_told_once_and_the_looks_go_on() {
    const TOLD: &str = "The to-do list todo.nowhere does not exist";
    on_the_shared_home(async |shared| {
        let mut flat = shared.flat("nolist").await;
        let list = std::mem::replace(&mut flat.list, "todo.nowhere".to_owned());
        flat.leave("cup-on-desk").await;

        let program = flat.start_and_check().await;
        program.logged(TOLD, 1).await;
        flat.leave("socks-on-floor").await;
        flat.look(&program).await;

        flat.until_state("sensor", "kitchen_cleanliness", "70")
            .await;
        flat.until_state("sensor", "kitchen_open_tasks", "2").await;
        let page = program.read_page().await;
        assert!(page.contains(TOLD), "{page}");
        let ended = program.stop().await;
        let told = |line: &&str| line.contains("todo.nowhere");
        let told: Vec<_> = ended.log.lines().filter(told).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("AIC-HA-005"), "{told:?}");
        flat.list = list;
        assert!(flat.items().await.is_empty());
    });
}

/// The markers of a JPEG before its picture data.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    const START_OF_SCAN: u8 = 0xda;
    let mut markers = Vec::new();
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        markers.push(marker);
        if marker == START_OF_SCAN {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    assert_eq!(markers.last(), Some(&START_OF_SCAN), "no whole JPEG");
    markers
}

#[test]
fn segments_are_read_up_to_the_picture_data() {
    let jpeg = [
        0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, 2, 0xff, 0xda, 0, 2, 9,
    ];

    assert_eq!(segments(&jpeg), [0xe0, 0xe1, 0xda]);
}
