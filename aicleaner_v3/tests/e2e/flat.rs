//! What one test has for itself in the house: a room with a camera, a list, an instance of AICleaner, a data folder.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::real::Websocket;
use aicleaner_testkit::scene::{Room, USUAL_SIZE};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::gate::Gate;
use super::program::Program;
use super::shared_home::SharedHome;

/// Longer than anything takes that is not a start or a restart, on a busy machine.
pub const SOON: Duration = Duration::from_secs(60);
pub const CUP: &str = "Take the cup to the kitchen";
pub const SOCKS: &str = "Pick up the socks";
pub const OPEN: &str = "needs_action";
pub const DONE: &str = "completed";
/// The entities of a zone `kitchen` and of the system, after the instance's name: platform and key.
const ENTITIES: [(&str, &str); 35] = [
    ("binary_sensor", "home_assistant_problem"),
    ("binary_sensor", "kitchen_needs_cleaning"),
    ("binary_sensor", "kitchen_occupied"),
    ("binary_sensor", "lists_problem"),
    ("binary_sensor", "providers_problem"),
    ("binary_sensor", "settings_problem"),
    ("binary_sensor", "store_problem"),
    ("button", "dashboard"),
    ("button", "kitchen_assess_now"),
    ("button", "kitchen_clear_tasks"),
    ("button", "kitchen_reset"),
    ("button", "kitchen_tidy_now"),
    ("event", "kitchen_assessment"),
    ("image", "kitchen_last_frame"),
    ("number", "kitchen_interval"),
    ("number", "kitchen_threshold"),
    ("select", "kitchen_provider"),
    ("select", "kitchen_sensitivity"),
    ("sensor", "calls_today"),
    ("sensor", "cost_forecast"),
    ("sensor", "cost_this_month"),
    ("sensor", "cost_today"),
    ("sensor", "kitchen_cleanliness"),
    ("sensor", "kitchen_estimated_time"),
    ("sensor", "kitchen_last_assessed"),
    ("sensor", "kitchen_last_skip"),
    ("sensor", "kitchen_open_tasks"),
    ("sensor", "kitchen_trend"),
    ("sensor", "memory"),
    ("sensor", "outbox_pending"),
    ("sensor", "status"),
    ("sensor", "uptime"),
    ("sensor", "version"),
    ("switch", "kitchen_watching"),
    ("switch", "pause_all"),
];

pub struct Flat<'h> {
    pub shared: &'h SharedHome,
    pub room: Arc<Room>,
    /// The to-do list's entity id.
    pub list: String,
    /// The name of this AICleaner.
    pub instance: String,
    /// The kitchen's name, more zones, and more settings, as YAML.
    pub zone: String,
    pub more_zones: String,
    pub more_settings: String,
    pub camera: String,
    folder: TempDir,
    /// How far the day has gone: the light drifts.
    time: Cell<Duration>,
}

impl<'h> Flat<'h> {
    pub fn new(shared: &'h SharedHome, name: &str, list: String, room: Arc<Room>) -> Self {
        shared.models.set_judge(SceneJudge::new([room.clone()]));
        Self {
            shared,
            room,
            list,
            instance: format!("aicleaner_{name}"),
            zone: "name: Kitchen".to_owned(),
            more_zones: String::new(),
            more_settings: String::new(),
            camera: name.to_owned(),
            folder: shared.new_folder(),
            time: Cell::new(Duration::ZERO),
        }
    }

    /// Starts AICleaner, and waits until its entities are available.
    pub async fn start(&self) -> Program {
        let program = self.start_alone().await;
        self.until_available().await;
        program
    }

    /// Starts AICleaner for the first time, and waits until its first check is done.
    pub async fn start_and_check(&self) -> Program {
        let program = self.start().await;
        program.logged("zone assessed", 1).await;
        program
    }

    async fn start_alone(&self) -> Program {
        let settings = format!(
            "instance: {}\n\
             home_assistant: {{url: '{}', token: '{}'}}\n\
             mqtt: {{host: 127.0.0.1, port: {}}}\n\
             web: {{listen: '127.0.0.1:0'}}\n\
             health: {{port: 0}}\n\
             check_sight: false\n\
             zones: [{{{}, cameras: [camera.{}], todo_list: {}, interval_minutes: 10080}}{}]\n{}\n",
            self.instance,
            self.shared.home.url(),
            self.shared.home.token(),
            self.shared.broker.lock().await.port(),
            self.zone,
            self.camera,
            self.list,
            self.more_zones,
            self.more_settings,
        );
        let file = self.folder.path().join("settings.yaml");
        std::fs::write(&file, settings).unwrap();
        Program::start(&self.shared.binary, &file, &self.folder.path().join("data")).await
    }

    /// Leaves a thing lying about.
    pub async fn leave(&self, thing: &str) {
        self.room.leave(thing).unwrap();
        self.show().await;
    }

    /// Tidies a thing away.
    pub async fn tidy(&self, thing: &str) {
        assert!(self.room.tidy(thing));
        self.show().await;
    }

    /// Has the camera show the room as it is, a minute later; returns the picture.
    pub async fn show(&self) -> Vec<u8> {
        self.time.set(self.time.get() + Duration::from_secs(60));
        let picture = self.room.snapshot(self.time.get(), USUAL_SIZE).unwrap();
        let home = &self.shared.home;
        home.set_picture(&self.camera, &picture.jpeg).await.unwrap();
        picture.jpeg
    }

    /// Presses the button in Home Assistant.
    pub async fn press(&self) {
        let button = json!({"entity_id": self.entity("button", "kitchen_assess_now")});
        let client = self.shared.client();
        client
            .call_service("button", "press", &button)
            .await
            .unwrap();
    }

    /// Presses the button, and waits until the check that follows is done.
    pub async fn look(&self, program: &Program) {
        let before = program.count("zone assessed");
        self.press().await;
        program.logged("zone assessed", before + 1).await;
    }

    /// Has the model think until the gate is opened.
    pub fn slow_model(&self) -> Arc<Gate> {
        let gate = Gate::closed(SceneJudge::new([self.room.clone()]));
        self.shared.models.set_judge(gate.clone());
        gate
    }

    /// Waits until the model was asked once more than `before` times.
    pub async fn until_asked(&self, before: usize) {
        let models = &self.shared.models;
        wait_until(SOON, "a question to the model", || async {
            models.requests().len() > before
        })
        .await
        .unwrap();
    }

    pub fn entity(&self, platform: &str, key: &str) -> String {
        format!("{platform}.{}_{key}", self.instance)
    }

    /// Waits for the state of an entity, and returns all of it.
    pub async fn until_state(&self, platform: &str, key: &str, wanted: &str) -> Value {
        let entity = self.entity(platform, key);
        let is_wanted = |state: &Value| state["state"] == wanted;
        let client = self.shared.client();
        let state = client.wait_for_state(&entity, SOON, is_wanted).await;
        match state {
            Ok(state) => state,
            Err(error) => panic!(
                "{entity} is not {wanted}: {error}; {:?}",
                client.state(&entity).await
            ),
        }
    }

    /// Waits until all entities are available at the same time; returns how long that took.
    pub async fn until_available(&self) -> Duration {
        self.until_all(|state| state.is_object() && state["state"] != "unavailable")
            .await
    }

    /// Waits until all entities are unavailable at the same time; returns how long that took.
    pub async fn until_unavailable(&self) -> Duration {
        self.until_all(|state| state["state"] == "unavailable")
            .await
    }

    async fn until_all(&self, wanted: impl Fn(&Value) -> bool + Send + Sync) -> Duration {
        let start = Instant::now();
        let client = self.shared.client();
        loop {
            for (platform, key) in ENTITIES {
                let entity = self.entity(platform, key);
                let state = client.wait_for_state(&entity, SOON, &wanted).await;
                state.unwrap_or_else(|error| panic!("{error}"));
            }
            let took = start.elapsed();
            let states = client.states().await.unwrap();
            let all = ENTITIES.iter().all(|(platform, key)| {
                let entity = self.entity(platform, key);
                states
                    .iter()
                    .any(|state| state["entity_id"] == *entity && wanted(state))
            });
            if all {
                return took;
            }
            assert!(took < SOON, "the entities come and go");
        }
    }

    /// Waits until the list has exactly these items: summary and status.
    pub async fn until_items(&self, wanted: &[(&str, &str)]) -> Vec<Value> {
        let mut wanted: Vec<_> = wanted
            .iter()
            .map(|(summary, status)| (summary.to_string(), status.to_string()))
            .collect();
        wanted.sort();
        let (mut socket, subscription) = self.follow_list().await;
        let mut seen = Vec::new();
        loop {
            let event = socket.next_event(subscription, SOON).await;
            let Ok(event) = event else {
                panic!("the list has {seen:?}, not {wanted:?}")
            };
            let items = event["items"].as_array().unwrap().clone();
            seen = summaries(&items);
            if seen == wanted {
                return items;
            }
        }
    }

    /// The items on the list: summary and status, in order of the summary.
    pub async fn items(&self) -> Vec<(String, String)> {
        let list = json!({"type": "todo/item/list", "entity_id": self.list});
        let list = self.shared.client().ws_command(&list).await.unwrap();
        summaries(list["items"].as_array().unwrap())
    }

    /// Ticks an item in Home Assistant.
    pub async fn tick(&self, item: &Value) {
        self.on_list("update_item", json!({"item": item["uid"], "status": DONE}))
            .await;
    }

    /// Calls a service of the list, as a person's page does.
    pub async fn on_list(&self, service: &str, mut data: Value) {
        data["entity_id"] = json!(self.list);
        let client = self.shared.client();
        client.call_service("todo", service, &data).await.unwrap();
    }

    /// A subscription to the list, which tells its items at once and at each change.
    pub async fn follow_list(&self) -> (Websocket, u64) {
        let mut socket = self.shared.client().websocket().await.unwrap();
        let subscribe = json!({"type": "todo/item/subscribe", "entity_id": self.list});
        let (subscription, _) = socket.subscribe(&subscribe).await.unwrap();
        (socket, subscription)
    }

    /// The pictures that this AICleaner uploaded and that are still there.
    pub async fn uploads(&self) -> Vec<Value> {
        let list = json!({"type": "image/list"});
        let images = self.shared.client().ws_command(&list).await.unwrap();
        let ours = format!("aicleaner-{}-", self.instance);
        let images = images.as_array().unwrap().iter().cloned();
        images
            .filter(|image| image["name"].as_str().unwrap().starts_with(&ours))
            .collect()
    }

    pub async fn until_no_uploads(&self) {
        wait_until(SOON, "the uploads to be deleted", || async {
            self.uploads().await.is_empty()
        })
        .await
        .unwrap();
    }
}

fn summaries(items: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<_> = items
        .iter()
        .map(|item| (text(&item["summary"]), text(&item["status"])))
        .collect();
    found.sort();
    found
}
