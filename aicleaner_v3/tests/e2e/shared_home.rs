//! The home that all tests share: Home Assistant, its broker, and its model server. Sharing saves a start of Home
//! Assistant a test; what a test needs for itself is in its flat.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use aicleaner_testkit::ollama::Ollama;
use aicleaner_testkit::real::{self, Client, HomeAssistant, Mosquitto};
use aicleaner_testkit::report::{Better, Figure, Report};
use aicleaner_testkit::scene::{Room, USUAL_SIZE};
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, OnceCell};

use super::flat::Flat;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static SHARED_HOME: OnceCell<Mutex<SharedHome>> = OnceCell::const_new();

pub struct SharedHome {
    pub home: HomeAssistant,
    pub broker: Mutex<Mosquitto>,
    pub models: Ollama,
    /// The program under test.
    pub binary: PathBuf,
    folder: Folder,
    report: std::sync::Mutex<Report>,
    /// How many lines of Home Assistant's log were looked through.
    read: usize,
}

/// Runs a test on the shared home, alone, and then looks whether Home Assistant complains about us.
pub fn on_the_shared_home(test: impl AsyncFnOnce(&mut SharedHome)) {
    RUNTIME.block_on(async {
        let shared = SHARED_HOME
            .get_or_init(|| async { Mutex::new(SharedHome::start().await) })
            .await;
        let mut shared = shared.lock().await;
        test(&mut shared).await;
        let complaints = shared.complaints();
        assert!(
            complaints.is_empty(),
            "Home Assistant's log:\n{}",
            complaints.join("\n")
        );
    });
}

impl SharedHome {
    async fn start() -> Self {
        let folder = Folder::new();
        // A build that runs meanwhile must not change the program under test.
        let binary = folder.path().join("aicleaner");
        std::fs::copy(env!("CARGO_BIN_EXE_aicleaner"), &binary).unwrap();
        let nobody = aicleaner_testkit::model::Scripted::Empty;
        let models = Ollama::start(std::sync::Arc::new(nobody)).await.unwrap();
        let broker = Mosquitto::start().await.unwrap();
        let options = real::Options {
            mqtt: Some(real::Broker {
                port: broker.port(),
                user: None,
            }),
            ollama: Some(real::Ollama {
                url: models.url(),
                model: "gemma3:4b".to_owned(),
            }),
            ..real::Options::default()
        };
        let home = HomeAssistant::start(&options).await.unwrap();
        Self {
            home,
            broker: Mutex::new(broker),
            models,
            binary,
            folder,
            report: std::sync::Mutex::new(Report::new("e2e")),
            read: 0,
        }
    }

    /// What Home Assistant has warned of, or failed at, since this was asked last, and that has to do with us.
    pub fn complaints(&mut self) -> Vec<String> {
        const MOST_LINES_KEPT: usize = 20_000;
        let log = self.home.log_text();
        let lines: Vec<&str> = log.lines().collect();
        assert!(lines.len() < MOST_LINES_KEPT, "lines of the log were lost");
        let new = &lines[self.read..];
        self.read = lines.len();
        complaints(new)
    }

    pub fn client(&self) -> &Client {
        self.home.client()
    }

    /// Notes how long something took, with the most it should take if there is such a goal. A missed goal is no failure.
    pub fn took(&self, what: &str, time: Duration, goal: Option<f64>) {
        let seconds = time.as_secs_f64();
        let figure = match goal {
            Some(goal) => Figure::at_most(what, seconds, "s", goal),
            None => Figure::plain(what, seconds, "s", Better::Lower),
        };
        let mut report = self.report.lock().unwrap();
        report.add(figure);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        report.write(folder, env!("CARGO_PKG_VERSION")).unwrap();
        // Not through the test's captured output: it is for those who run the tests.
        let _ = write!(std::io::stderr(), "\n  {what}: {seconds:.2} s ");
    }

    /// A folder of the test's own.
    pub fn new_folder(&self) -> tempfile::TempDir {
        tempfile::tempdir_in(self.folder.path()).unwrap()
    }

    /// Adds a to-do list and the camera `camera.NAME` that shows `room`; returns the list's entity id.
    pub async fn furnish(&mut self, name: &str, room: &Room) -> String {
        let list = real::Options {
            todo_lists: vec![format!("Chores {name}")],
            ..real::Options::default()
        };
        self.furnish_with(name, room, list).await
    }

    async fn furnish_with(&mut self, name: &str, room: &Room, list: real::Options) -> String {
        let picture = room.snapshot(Duration::ZERO, USUAL_SIZE).unwrap();
        let options = real::Options {
            picture_cameras: vec![(name.to_owned(), picture.jpeg)],
            ..list
        };
        self.home.furnish(&options).await.unwrap();
        self.home.todo_lists().last().unwrap().clone()
    }

    /// A flat whose list is the shopping list, which has neither descriptions nor due dates.
    pub async fn flat_with_shopping_list(&mut self, name: &str) -> Flat<'_> {
        let room = Room::new(name, 7);
        let list = real::Options {
            shopping_list: true,
            ..real::Options::default()
        };
        let list = self.furnish_with(name, &room, list).await;
        Flat::new(self, name, list, room)
    }

    /// A flat for a test: one tidy kitchen, and a model that knows it.
    pub async fn flat(&mut self, name: &str) -> Flat<'_> {
        let room = Room::new(name, 7);
        let list = self.furnish(name, &room).await;
        Flat::new(self, name, list, room)
    }
}

/// The parts of Home Assistant that do what we ask of them; what they complain of is our doing, also unnamed.
const OURS: [&str; 7] = [
    "[homeassistant.components.websocket_api",
    "[homeassistant.components.todo",
    "[homeassistant.components.local_todo",
    "[homeassistant.components.ai_task",
    "[homeassistant.components.image_upload",
    "[homeassistant.components.camera",
    "[homeassistant.components.ollama",
];
/// What contract tests ask for on purpose.
const PROVOKED: [&str; 2] = [
    "Unable to find to-do list item: nobody",
    "The action requires responses and must be called with return_response=True",
];

/// What Home Assistant warned of, or failed at, that has to do with us.
fn complaints(lines: &[&str]) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in lines {
        // A record begins with its date; a traceback continues it.
        if line.starts_with("20") || records.is_empty() {
            records.push((*line).to_owned());
        } else if let Some(record) = records.last_mut() {
            record.push('\n');
            record.push_str(line);
        }
    }
    records.retain(|record| {
        let is_complaint = [" WARNING ", " ERROR ", " CRITICAL "]
            .iter()
            .any(|level| record.contains(level));
        let is_about_us = record.to_lowercase().contains("aicleaner")
            || OURS.iter().any(|part| record.contains(part));
        let is_provoked = PROVOKED.iter().any(|text| record.contains(text));
        is_complaint && is_about_us && !is_provoked
    });
    records
}

/// A folder for all that the house writes. It is removed when this process has ended, however it ends: what is
/// static is never dropped.
struct Folder {
    path: PathBuf,
    _remover: Child,
}

impl Folder {
    fn new() -> Self {
        const REMOVER: &str = r#"
read -r _
for try in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf --one-file-system -- "$1" && exit
  sleep 0.3
done"#;
        let path = tempfile::Builder::new()
            .prefix("aicleaner-e2e-")
            .tempdir()
            .unwrap()
            .keep();
        tempfile::env::override_temp_dir(&path).unwrap();
        let remover = std::process::Command::new("sh")
            .args(["-c", REMOVER, "remover"])
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            path,
            _remover: remover,
        }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

#[test]
fn only_complaints_about_us_are_found() {
    let log = "\
2026-11-20 07:00:00.000 WARNING (MainThread) [homeassistant.x] Something of its own
2026-11-20 07:00:00.000 INFO (MainThread) [homeassistant.components.mqtt] Found aicleaner
2026-11-20 07:00:00.000 ERROR (MainThread) [homeassistant.components.mqtt] Bad message
Traceback (most recent call last):
  topic aicleaner/kitchen/cleanliness
2026-11-20 07:00:00.000 ERROR (MainThread) [homeassistant.components.todo] Failed";

    let found = complaints(&log.lines().collect::<Vec<_>>());

    assert_eq!(found.len(), 2);
    assert!(found[0].contains("Bad message"), "{found:?}");
}
