//! The API for what people do.

use aicleaner::engine::ZoneEvent;
use aicleaner_testkit::fixtures::{get, send_json};
use serde_json::{Value, json};

use super::rig::{CAMERA, Running, home, settings};

async fn ask(app: &Running, method: &str, path: &str, body: &Value) -> u16 {
    let url = format!("{}/api/v1/{path}", app.page);
    send_json(method, &url, body).await.unwrap().0
}

#[tokio::test]
async fn a_zone_can_be_looked_at_called_tidy_and_drawn_on() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    assert_eq!(
        ask(&app, "POST", "zones/kitchen/assess", &json!({})).await,
        202
    );
    app.assessed().await;
    assert_eq!(
        ask(&app, "POST", "zones/kitchen/tidy", &json!({})).await,
        202
    );
    app.event("the reference", |event| {
        matches!(event, ZoneEvent::TidyRemembered(_)).then_some(())
    })
    .await;
    let drawing = json!({
        "masks": [[{"x": 0, "y": 0}, {"x": 0.5, "y": 0}, {"x": 0.5, "y": 0.5}]],
        "regions": [{"name": "sofa", "outline": [{"x": 0, "y": 0.5}, {"x": 0.3, "y": 0.5}, {"x": 0.3, "y": 1}]}],
    });
    assert_eq!(
        ask(
            &app,
            "PUT",
            &format!("zones/kitchen/cameras/{CAMERA}/drawing"),
            &drawing
        )
        .await,
        202
    );
    app.stop().await;
}

#[tokio::test]
async fn bad_requests_are_refused_with_a_reason() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let app = Running::start(&settings(&home, ""), data.path()).await;
    let drawing = format!("zones/kitchen/cameras/{CAMERA}/drawing");

    assert_eq!(
        ask(&app, "POST", "zones/nowhere/assess", &json!({})).await,
        404
    );
    assert_eq!(
        ask(
            &app,
            "PUT",
            "zones/kitchen/cameras/camera.other/drawing",
            &json!({})
        )
        .await,
        404
    );
    assert_eq!(
        ask(
            &app,
            "PUT",
            &drawing,
            &json!({"masks": [[{"x": 2, "y": 0}]]})
        )
        .await,
        422
    );
    assert_eq!(
        ask(&app, "PUT", &drawing, &json!({"surprise": 1})).await,
        422
    );
    let (status, text) = get(&format!("{}/api/v1/zones/kitchen/assess", app.page))
        .await
        .unwrap();
    assert_eq!(status, 415, "{text}");
    app.stop().await;
}
