//! A whole AICleaner in this process, in front of a simulated home with one drawn room.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aicleaner::app::{App, AppOptions, Host};
use aicleaner::clock::Clock;
use aicleaner::control::Control;
use aicleaner::engine::{Engine, EngineCommand, ZoneCommand, ZoneEvent};
use aicleaner::model::{
    Actor, CommandRefusal, SystemStatus, SystemView, Trigger, ZoneId, ZoneView,
};
use aicleaner::settings::{Deployment, Listeners, Settings};
use aicleaner::setup::DeclaredSource;
use aicleaner::telemetry::{Redactor, Telemetry};
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::Room;
use tempfile::TempDir;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const LIST: &str = "todo.chores";
pub const CAMERA: &str = "camera.kitchen";
const PATIENCE: Duration = Duration::from_secs(120);

/// A home with one room, one camera, one list, and a model that knows the room.
pub async fn home() -> (Home, Arc<Room>) {
    let room = Room::new("kitchen", 7);
    let home = Home::builder()
        .camera(CAMERA, Source::Room(room.clone()))
        .todo_list(LIST, "Chores")
        .judge(SceneJudge::new([room.clone()]))
        .start()
        .await
        .unwrap();
    (home, room)
}

/// Settings for the home with one zone, and `more` YAML after them.
pub fn settings(home: &Home, more: &str) -> String {
    let (url, token) = (home.url(), home.token().unwrap());
    format!(
        "home_assistant: {{url: '{url}', token: '{token}'}}\n\
         web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: 0}}\n\
         zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}}}]\n{more}"
    )
}

/// A running AICleaner.
pub struct Running {
    pub app: JoinHandle<()>,
    pub page: String,
    pub health: String,
    pub telemetry: Telemetry,
    events: broadcast::Receiver<ZoneEvent>,
    pub engine: Engine,
    pub control: Control,
    data: std::path::PathBuf,
    system: watch::Receiver<Arc<SystemView>>,
    stop: CancellationToken,
}

impl Running {
    pub async fn start(yaml: &str, data: &Path) -> Self {
        // Shown with a test that fails.
        let _ = tracing_subscriber::fmt()
            .with_env_filter("warn,aicleaner=debug")
            .with_ansi(false)
            .with_test_writer()
            .try_init();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("settings.yaml");
        std::fs::write(&file, yaml).unwrap();
        let settings = Settings::load(
            Some(&file),
            &BTreeMap::new(),
            Deployment::Standalone,
            &aicleaner::providers::Kinds,
        );
        let telemetry = Telemetry::default();
        let stop = CancellationToken::new();
        let options = AppOptions {
            settings,
            listeners: Listeners::without_file(&BTreeMap::new(), Deployment::Standalone),
            host: Host::default(),
            data: data.to_owned(),
            clock: Clock::system(),
            telemetry: telemetry.clone(),
            declared: DeclaredSource::default(),
            redactor: Redactor::default(),
        };
        let app = App::start(options, stop.clone()).await.unwrap();
        let (page, health) = (
            format!("http://{}", app.page),
            format!("http://{}", app.health),
        );
        let engine = app.engine().unwrap();
        let control = app.control().unwrap();
        let events = engine.events();
        let system = app.system.clone();
        Self {
            page,
            health,
            telemetry,
            events,
            engine,
            control,
            data: data.to_owned(),
            system,
            stop,
            app: tokio::spawn(app.run()),
        }
    }

    /// Waits until Home Assistant is connected and running.
    pub async fn until_home_runs(&mut self) {
        let runs = self
            .system
            .wait_for(|system| system.status == SystemStatus::Running);
        tokio::time::timeout(PATIENCE, runs).await.unwrap().unwrap();
    }

    /// Waits until Home Assistant is connected, whether there are zones or not.
    pub async fn until_connected(&mut self) {
        let there = self.system.wait_for(|system| system.is_ready());
        tokio::time::timeout(PATIENCE, there)
            .await
            .unwrap()
            .unwrap();
    }

    /// The kitchen as it stands.
    pub fn view(&self) -> watch::Receiver<Arc<ZoneView>> {
        self.engine.views().borrow()[0].clone()
    }

    pub fn look(&self, trigger: Trigger) {
        self.engine
            .request_check(&ZoneId::parse("kitchen").unwrap(), trigger);
    }

    /// Presses "assess now". Whether a check may start then is for the test to see.
    pub async fn assess(&self) {
        let _ = self.command(ZoneCommand::AssessNow(Trigger::Button)).await;
    }

    /// A person's command for the kitchen, and the answer.
    pub async fn command(&self, command: ZoneCommand) -> Result<(), CommandRefusal> {
        let zone = ZoneId::parse("kitchen").unwrap();
        self.engine
            .command(EngineCommand::Zone { zone, command }, Actor::Api)
            .await
    }

    /// How many effects wait in the outbox.
    pub async fn pending(&self) -> u32 {
        let file = self.data.join(aicleaner::store::DATABASE);
        let connection = rusqlite::Connection::open(file).unwrap();
        connection
            .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
            .unwrap()
    }

    /// The open tasks as people know them.
    pub fn open_tasks(&self) -> Vec<String> {
        let views = self.engine.views().borrow().clone();
        let view = views[0].borrow().clone();
        view.open_tasks
            .iter()
            .map(|task| task.title().to_owned())
            .collect()
    }

    /// Waits for the next event that `wanted` takes.
    pub async fn event<T>(&mut self, what: &str, wanted: impl Fn(&ZoneEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                match self.events.recv().await {
                    Ok(event) => {
                        if let Some(found) = wanted(&event) {
                            return found;
                        }
                    }
                    Err(error) => panic!("no more events while waiting for {what}: {error}"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, search)
            .await
            .unwrap_or_else(|_| panic!("{what} did not come"))
    }

    /// Waits for the next assessment and returns its score.
    pub async fn assessed(&mut self) -> u8 {
        self.event("an assessment", |event| match event {
            ZoneEvent::ZoneAssessed(event) => Some(event.score.get()),
            _ => None,
        })
        .await
    }

    /// Waits for the next failed check and returns its code and sentence.
    pub async fn failed(&mut self) -> (String, String) {
        self.event("a failed look", |event| match event {
            ZoneEvent::CheckFailed(event) => Some((event.code.to_string(), event.sentence.clone())),
            _ => None,
        })
        .await
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.app.await.unwrap();
    }
}

/// The summaries on the list: all of them, and those that wait.
pub fn summaries(home: &Home) -> (Vec<String>, Vec<String>) {
    use aicleaner_testkit::home::Status;
    let items = home.todo(LIST).items();
    let mut all: Vec<_> = items.iter().map(|item| item.summary.clone()).collect();
    let mut open: Vec<_> = items
        .iter()
        .filter(|item| item.status == Status::NeedsAction)
        .map(|item| item.summary.clone())
        .collect();
    all.sort();
    open.sort();
    (all, open)
}

/// Waits until exactly these items are open on the list.
pub async fn until_open(home: &Home, wanted: &[&str]) {
    let mut wanted: Vec<_> = wanted.iter().map(|text| (*text).to_owned()).collect();
    wanted.sort();
    let result = wait_until(PATIENCE, "the open items", || {
        let open = summaries(home).1;
        let same = open == wanted;
        async move { same }
    })
    .await;
    assert!(
        result.is_ok(),
        "open items: {:?}, wanted {wanted:?}",
        summaries(home)
    );
}
