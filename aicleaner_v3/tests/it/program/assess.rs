//! `aicleaner assess` on picture files.

use std::path::Path;
use std::time::Duration;

use aicleaner_testkit::scene::Room;

use super::process::command;

async fn assess(arguments: &[&str], folder: &Path) -> (Option<i32>, String, String) {
    let output = command()
        .arg("assess")
        .args(arguments)
        .current_dir(folder)
        .output()
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// `tidy.jpg` and `messy.jpg` of one room, minutes apart.
fn pictures(folder: &Path) {
    let room = Room::new("living_room", 3);
    let size = (1280, 720);
    let tidy = room.snapshot(Duration::from_secs(10), size).unwrap();
    room.leave("bag-on-sofa").unwrap();
    let messy = room.snapshot(Duration::from_secs(200), size).unwrap();
    std::fs::write(folder.join("tidy.jpg"), tidy.jpeg).unwrap();
    std::fs::write(folder.join("messy.jpg"), messy.jpeg).unwrap();
}

#[tokio::test]
async fn what_was_left_is_found_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path());

    let (code, printed, error) = assess(
        &[
            "--image",
            "messy.jpg",
            "--reference",
            "tidy.jpg",
            "--annotate",
            "out.jpg",
            "--json",
        ],
        folder.path(),
    )
    .await;

    assert_eq!(code, Some(0), "{error}");
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let findings = printed["verdict"]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{printed}");
    let area: Vec<f64> = findings[0]["area"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side.as_f64().unwrap())
        .collect();
    // The bag lies at 0.10, 0.44 and is 0.09 x 0.14 large.
    assert!(
        (area[0] - 0.10).abs() < 0.04 && (area[1] - 0.44).abs() < 0.06,
        "{area:?}"
    );
    let drawn = std::fs::read(folder.path().join("out.jpg")).unwrap();
    assert!(aicleaner::vision::decode(&drawn, &aicleaner::vision::DecodeLimits::default()).is_ok());
}

#[tokio::test]
async fn a_tidy_room_and_a_thing_that_only_passed_are_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path());

    let same = assess(
        &["--image", "tidy.jpg", "--reference", "tidy.jpg"],
        folder.path(),
    )
    .await;
    let passed = assess(
        &[
            "--image",
            "messy.jpg",
            "--image",
            "tidy.jpg",
            "--reference",
            "tidy.jpg",
        ],
        folder.path(),
    )
    .await;

    assert!(same.1.starts_with("100 %"), "{same:?}");
    assert!(passed.1.starts_with("100 %"), "{passed:?}");
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_told_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("page.jpg"),
        "<html><body>login</body></html>",
    )
    .unwrap();

    for image in ["page.jpg", "nowhere.jpg"] {
        let (code, _, error) = assess(&["--image", image], folder.path()).await;

        assert_eq!(code, Some(1));
        assert!(
            error.contains(image) && error.contains("AIC-VIS-001"),
            "{error}"
        );
    }
}
