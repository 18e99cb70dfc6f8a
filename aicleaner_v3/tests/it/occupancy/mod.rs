//! The home around a zone: who is there, and what wakes it, in front of the simulated home.

use std::sync::Arc;
use std::time::Duration;

use aicleaner::engine::{EngineCommand, ZoneEvent};
use aicleaner::model::{Actor, SkipReason, Trigger};
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::Home;
use serde_json::{Map, json};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::spine::rig::{CAMERA, LIST, Running, home};

const MOTION: &str = "binary_sensor.kitchen_motion";
const PATIENCE: Duration = Duration::from_secs(60);

/// A kitchen that says when it is looked at and when not. Only what wakes it has it looked at again.
fn settings(home: &Home, more: &str) -> String {
    let (url, token) = (home.url(), home.token().unwrap());
    format!(
        "home_assistant: {{url: '{url}', token: '{token}'}}\n\
         web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: 0}}\ncheck_sight: false\n\
         zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}, cron: '0 0 1 1 *', {more}}}]\n"
    )
}

struct TestHome {
    home: Home,
    running: Running,
    _data: TempDir,
}

impl TestHome {
    /// The kitchen's motion sensor shows `motion` at the start.
    async fn start(motion: &str, more: &str) -> Self {
        let (home, _) = home().await;
        Self::of(home, motion, more).await
    }

    async fn of(home: Home, motion: &str, more: &str) -> Self {
        home.set_state(MOTION, motion, Map::new());
        let data = TempDir::new().unwrap();
        let mut running = Running::start(&settings(&home, more), data.path()).await;
        running.until_home_runs().await;
        Self {
            home,
            running,
            _data: data,
        }
    }

    fn motion(&self, state: &str) {
        self.home.set_state(MOTION, state, Map::new());
    }

    fn pictures_taken(&self) -> u64 {
        self.home.camera(CAMERA).unwrap().request_count()
    }

    /// Waits until the zone has noticed what its sensor says.
    async fn until_occupied(&self, wanted: Option<bool>) {
        let mut view = self.running.view();
        let noticed = view.wait_for(|view| view.occupied == wanted);
        tokio::time::timeout(PATIENCE, noticed)
            .await
            .unwrap()
            .unwrap();
    }

    async fn skipped(&mut self) -> SkipReason {
        self.running
            .event("a skip", |event| match event {
                ZoneEvent::CheckSkipped(event) => Some(event.reason),
                _ => None,
            })
            .await
    }

    /// Waits for the next picture and returns why it was taken.
    async fn looked(&mut self) -> Trigger {
        self.running
            .event("a snapshot", |event| match event {
                ZoneEvent::SnapshotTaken(event) => Some(event.trigger),
                _ => None,
            })
            .await
    }
}

fn occupied(clear_minutes: u32) -> String {
    format!("occupancy_entities: [{MOTION}], clear_minutes: {clear_minutes}")
}

#[tokio::test]
async fn nobody_is_photographed_and_the_look_is_taken_when_the_room_is_clear() {
    let mut home = TestHome::start("on", &occupied(0)).await;
    home.until_occupied(Some(true)).await;

    home.running.assess().await;
    let reason = home.skipped().await;
    let pictures = home.pictures_taken();
    home.motion("off");
    let trigger = home.looked().await;

    assert_eq!((reason, pictures), (SkipReason::Occupied, 0));
    assert_eq!(
        trigger,
        Trigger::Button,
        "what was asked for is not forgotten"
    );
    home.running.stop().await;
}

#[tokio::test]
async fn a_room_whose_sensors_are_silent_is_not_photographed() {
    let mut home = TestHome::start("unavailable", &occupied(0)).await;

    home.running.assess().await;
    let reason = home.skipped().await;
    home.motion("off");
    home.looked().await;

    assert_eq!(reason, SkipReason::OccupancyUnknown);
    home.running.stop().await;
}

#[tokio::test]
async fn a_picture_during_which_somebody_came_in_is_dropped() {
    let (home, room) = home().await;
    let gate = Arc::new(Semaphore::new(0));
    let camera = home.camera(CAMERA).unwrap();
    camera.show(Source::Held(room.clone(), gate.clone()));
    let mut home = TestHome::of(home, "off", &occupied(0)).await;
    home.until_occupied(Some(false)).await;

    home.running.assess().await;
    wait_until(PATIENCE, "the camera to be asked", || async {
        camera.request_count() == 1
    })
    .await
    .unwrap();
    home.motion("on");
    home.until_occupied(Some(true)).await;
    gate.add_permits(1);
    let reason = home.skipped().await;

    assert_eq!(reason, SkipReason::Occupied);
    assert!(home.home.ai_task_calls().is_empty());
    camera.show(Source::Room(room));
    home.motion("off");
    home.looked().await;
    home.running.stop().await;
}

#[tokio::test]
async fn the_zone_shows_whether_somebody_is_there() {
    let home = TestHome::start("on", &occupied(5)).await;

    home.until_occupied(Some(true)).await;
    home.motion("off");
    home.until_occupied(Some(false)).await;
    home.motion("unavailable");
    home.until_occupied(None).await;
    home.running.stop().await;
}

#[tokio::test]
async fn a_state_wakes_the_zone() {
    let wake = format!(
        "{}, trigger_entities: ['{MOTION} from on to off']",
        occupied(0)
    );
    let mut home = TestHome::start("on", &wake).await;
    home.until_occupied(Some(true)).await;

    home.motion("off");

    assert_eq!(home.looked().await, Trigger::State);
    home.running.stop().await;
}

#[tokio::test]
async fn an_event_wakes_the_zone_when_its_data_matches() {
    let mut home = TestHome::start("off", "trigger_events: [doorbell door=front]").await;
    wait_until(PATIENCE, "a subscription", || async {
        home.home.is_event_heard("doorbell")
    })
    .await
    .unwrap();

    home.home.fire("doorbell", &json!({"door": "back"}));
    home.home.fire("doorbell", &json!({"door": "front"}));

    assert_eq!(home.looked().await, Trigger::Event);
    home.running.stop().await;
}

#[tokio::test]
async fn a_flood_of_changes_is_one_look() {
    let wake = "trigger_entities: [sensor.power], ".to_owned() + &occupied(0);
    let (home, _) = home().await;
    home.set_state("sensor.power", "0", Map::new());
    let mut home = TestHome::of(home, "off", &wake).await;
    home.until_occupied(Some(false)).await;

    for watts in 1..2000 {
        let watts = watts.to_string();
        home.home.set_state("sensor.power", &watts, Map::new());
    }
    assert_eq!(home.looked().await, Trigger::State);
    home.running.assessed().await;
    // A minute must pass before states wake it again: what a person asks for comes first.
    home.home.set_state("sensor.power", "0", Map::new());
    home.running.look(Trigger::Api);

    assert_eq!(home.looked().await, Trigger::Api);
    home.running.stop().await;
}

#[tokio::test]
async fn a_zone_for_times_of_absence_is_looked_at_when_the_last_one_leaves() {
    let (home, _) = home().await;
    home.set_state("zone.home", "1", Map::new());
    let data = TempDir::new().unwrap();
    let yaml = settings(&home, "away_mode: only_when_away");
    let mut running = Running::start(&yaml, data.path()).await;
    running.until_home_runs().await;
    let mut home = TestHome {
        home,
        running,
        _data: data,
    };

    home.running.assess().await;
    let reason = home.skipped().await;
    home.home.set_state("zone.home", "0", Map::new());
    home.looked().await;

    assert_eq!(reason, SkipReason::SomebodyHome);
    home.running.stop().await;
}

#[tokio::test]
async fn in_quiet_hours_only_a_person_has_a_look_taken() {
    // Quiet for the whole day but its last minute; and if that is now, an hour in the middle.
    let now = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
    let hours = match (now.hour(), now.minute()) {
        (23, 58..) => "00:00-23:50",
        _ => "00:00-23:59",
    };
    let mut home = TestHome::start("off", &format!("quiet_hours: '{hours}'")).await;
    let is_quiet = !(now.hour() == 23 && now.minute() >= 50);

    home.running.look(Trigger::State);
    if is_quiet {
        assert_eq!(home.skipped().await, SkipReason::QuietHours);
    }
    home.running.assess().await;
    home.looked().await;
    home.running.stop().await;
}

#[tokio::test]
async fn while_everything_is_paused_nothing_is_looked_at_and_then_it_goes_on() {
    let mut home = TestHome::start("off", "").await;
    let engine = home.running.engine.clone();
    let pause = async |paused| {
        let command = EngineCommand::PauseAll { paused };
        engine.command(command, Actor::Api).await
    };
    let mut paused = home.running.engine.paused();
    pause(true).await.unwrap();
    paused.wait_for(|paused| *paused).await.unwrap();

    home.running.assess().await;
    let reason = home.skipped().await;
    pause(false).await.unwrap();
    let trigger = home.looked().await;

    assert_eq!((reason, trigger), (SkipReason::Paused, Trigger::Retry));
    home.running.stop().await;
}
