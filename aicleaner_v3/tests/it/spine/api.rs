//! The API for what people do.

use aicleaner::engine::{EngineCommand, ZoneEvent};
use aicleaner::model::Actor;
use aicleaner::vision::{DecodeLimits, decode};
use aicleaner_testkit::fixtures::{get, get_bytes, send_json};
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
        200
    );
    app.assessed().await;
    assert_eq!(
        ask(&app, "POST", "zones/kitchen/tidy", &json!({})).await,
        200
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
        200
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

#[tokio::test]
async fn a_refused_command_is_answered_with_its_reason() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    let pause = EngineCommand::PauseAll { paused: true };
    app.engine.command(pause, Actor::Program).await.unwrap();
    let ask = async |method: &str, path: &str, body: &Value| {
        let url = format!("{}/api/v1/{path}", app.page);
        let (status, text) = send_json(method, &url, body).await.unwrap();
        let told: Value = serde_json::from_str(&text).unwrap();
        (status, told)
    };

    let paused = ask("POST", "zones/kitchen/assess", &json!({})).await;
    let unknown = ask("POST", "zones/attic/tidy", &json!({})).await;
    let shape = json!([{"x": 0, "y": 0}, {"x": 1, "y": 0}, {"x": 1, "y": 1}]);
    let drawing = format!("zones/kitchen/cameras/{CAMERA}/drawing");
    let too_many = ask("PUT", &drawing, &json!({"masks": vec![shape; 65]})).await;

    let error = "AICleaner is paused.";
    assert_eq!(paused, (409, json!({"error": error, "reason": "paused"})));
    assert_eq!(
        (unknown.0, &unknown.1["reason"]),
        (404, &json!("unknown_zone"))
    );
    assert_eq!(
        (too_many.0, &too_many.1["reason"]),
        (422, &json!("too_many_shapes"))
    );
    assert_eq!(
        app.telemetry
            .metrics()
            .get("command_refused", "too_many_shapes"),
        1
    );
    app.stop().await;
}

async fn read(app: &Running, path: &str) -> (u16, Value) {
    let (status, text) = get(&format!("{}/api/v1/{path}", app.page)).await.unwrap();
    (status, serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn it_tells_how_a_zone_stands_and_what_happened_to_its_tasks_and_why() {
    let (home, room) = home().await;
    room.leave("cup-on-desk").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    let (status, zones) = read(&app, "zones").await;
    assert_eq!(status, 200);
    let kitchen = &zones["zones"][0];
    assert_eq!(kitchen["id"], "kitchen");
    assert_eq!(kitchen["cleanliness"], 85);
    let task = &kitchen["open_tasks"][0];
    assert_eq!(task["title"], "Take the cup to the kitchen");
    assert_eq!(read(&app, "zones/kitchen").await, (200, kitchen.clone()));

    let (status, told) = read(&app, "zones/kitchen/history").await;
    assert_eq!(status, 200);
    let first = &told["history"][0];
    assert_eq!(first["task"], task["id"]);
    assert_eq!(first["title"], task["title"]);
    assert_eq!(first["what"], "opened");
    let why = first["why"].as_str().unwrap();
    assert!(why.starts_with("assessment "), "{why}");

    assert_eq!(read(&app, "zones/attic").await.0, 404);
    let none = read(&app, "zones/attic/history").await;
    assert_eq!(none, (200, json!({"history": []})));
    app.stop().await;
}

#[tokio::test]
async fn what_was_sent_last_can_be_looked_at() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;

    let (status, sent) = read(&app, "zones/kitchen/last-request").await;
    assert_eq!(status, 200);
    assert_eq!(sent["provider"], "ai_task");
    let text = sent["text"].as_str().unwrap();
    assert!(text.contains("Kitchen"), "{text}");
    let url = format!(
        "{}/api/v1/zones/kitchen/{}",
        app.page,
        sent["pictures"][0]["url"].as_str().unwrap()
    );
    let (status, jpeg) = get_bytes(&url).await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(sent["pictures"][0]["bytes"], jpeg.len());
    let picture = decode(&jpeg, &DecodeLimits::default()).unwrap();
    assert_eq!((picture.width(), picture.height()), (1024, 576));

    assert_eq!(read(&app, "zones/attic/last-request").await.0, 404);
    app.stop().await;
}
