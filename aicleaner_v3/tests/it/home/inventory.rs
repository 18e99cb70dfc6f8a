//! What the home has, over the API and on the page.

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::get;
use aicleaner_testkit::home::Home;
use aicleaner_testkit::scene::Room;
use serde_json::{Map, Value, json};

use crate::spine::rig::Running;

fn attributes(of: &Value) -> Map<String, Value> {
    of.as_object().cloned().unwrap()
}

async fn furnished() -> Home {
    let camera = || Source::Room(Room::new("kitchen", 7));
    Home::builder()
        .area("kitchen", "Küche")
        .area("hall", "Hall")
        .camera("camera.kitchen", camera())
        .in_area("camera.kitchen", "kitchen")
        .camera("camera.garden", camera())
        .todo_list("todo.chores", "Chores")
        .entity(
            "binary_sensor.kitchen",
            "off",
            attributes(&json!({"device_class": "motion", "friendly_name": "Kitchen motion"})),
        )
        .in_area("binary_sensor.kitchen", "kitchen")
        .entity(
            "vacuum.robot",
            "docked",
            attributes(&json!({"friendly_name": "Robby"})),
        )
        .start()
        .await
        .unwrap()
}

fn settings(home: &Home) -> String {
    let (url, token) = (home.url(), home.token().unwrap());
    format!(
        "home_assistant: {{url: '{url}', token: '{token}'}}\nweb: {{listen: '127.0.0.1:0'}}\nhealth: {{port: 0}}\n"
    )
}

#[tokio::test]
async fn the_house_is_listed_by_name_and_zones_are_proposed() {
    let home = furnished().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home), data.path()).await;
    app.until_connected().await;

    let (status, text) = get(&format!("{}/api/v1/home", app.page)).await.unwrap();
    let house: Value = serde_json::from_str(&text).unwrap();
    let (_, page) = get(&format!("{}/", app.page)).await.unwrap();

    assert_eq!(status, 200, "{text}");
    let names = |of: &str| -> Vec<String> {
        let things = house[of].as_array().unwrap().iter();
        things
            .map(|thing| thing["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("areas"), ["Küche", "Hall"]);
    assert_eq!(names("cameras"), ["garden", "kitchen"]);
    assert_eq!(names("todo_lists"), ["Chores"]);
    assert_eq!(names("occupancy_sensors"), ["Kitchen motion"]);
    assert_eq!(names("vacuums"), ["Robby"]);
    assert_eq!(house["ai_tasks"].as_array().unwrap().len(), 1);
    assert_eq!(house["cameras"][1]["area"], "Küche");
    assert_eq!(
        house["proposal"]["zones"],
        json!([{
            "name": "Küche", "cameras": ["camera.kitchen"], "todo_list": "todo.chores",
            "occupancy_entities": ["binary_sensor.kitchen"],
        }])
    );
    let yaml = house["proposal"]["yaml"].as_str().unwrap();
    assert!(
        page.contains("camera.kitchen") && page.contains("<pre>"),
        "{page}"
    );
    assert!(yaml.starts_with("zones:\n  - name: \"Küche\"\n"), "{yaml}");
    app.stop().await;
}

#[tokio::test]
async fn a_home_that_is_away_is_told_with_its_reason() {
    let yaml = "home_assistant: {url: 'http://127.0.0.1:9', token: t}\nweb: {listen: '127.0.0.1:0'}\nhealth: {port: 0}\n";
    let data = tempfile::tempdir().unwrap();
    let app = Running::start(yaml, data.path()).await;

    let (status, text) = get(&format!("{}/api/v1/home", app.page)).await.unwrap();

    assert_eq!(status, 503);
    assert!(text.contains("AIC-HA-"), "{text}");
    app.stop().await;
}
