//! The home in front of which the program dies, what happens there, and what the list must say in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use aicleaner_testkit::camera::Source;
use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::{Home, Status};
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::{Mess, Room};
use tempfile::TempDir;

use super::dice::Dice;
use super::report::Report;

const LIST: &str = "todo.chores";
const CAMERA: &str = "camera.kitchen";
/// How long the list may take to say what is true, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// The most things that people end in one home; what a person ended is not raised again.
const MOST_ENDED: usize = 2;

pub struct World {
    home: Home,
    room: Arc<Room>,
    folder: TempDir,
    /// All things, by id, with the title of their task.
    things: BTreeMap<String, String>,
    lying: BTreeSet<String>,
    /// People ticked or deleted it: no item of it is open any more.
    ended: BTreeSet<String>,
    own: Vec<String>,
    /// Lying about since the list agreed last: only of these can be told what a person's user action means.
    steady: BTreeSet<String>,
}

impl World {
    pub async fn new(seed: u64) -> Self {
        let room = Room::new("kitchen", seed);
        let home = Home::builder()
            .camera(CAMERA, Source::Room(room.clone()))
            .todo_list(LIST, "Chores")
            .judge(SceneJudge::new([room.clone()]))
            .start()
            .await
            .unwrap();
        let folder = TempDir::new().unwrap();
        let (url, token) = (home.url(), home.token().unwrap());
        let settings = format!(
            "home_assistant: {{url: '{url}', token: '{token}'}}\n\
             web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: 0}}\n\
             zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}}}]\n"
        );
        std::fs::write(folder.path().join("settings.yaml"), settings).unwrap();
        let things = Mess::catalogue()
            .into_iter()
            .map(|mess| (mess.id, mess.title))
            .collect();
        Self {
            home,
            room,
            folder,
            things,
            lying: BTreeSet::new(),
            ended: BTreeSet::new(),
            own: Vec::new(),
            steady: BTreeSet::new(),
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What victims say goes to a file, to be read when the test fails.
    pub fn log(&self) -> Stdio {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("victims.log"))
            .unwrap();
        Stdio::from(log)
    }

    /// One thing is left or tidied, or a person does something with the list.
    pub fn something_happens(&mut self, dice: &mut Dice) {
        let list = self.home.todo(LIST);
        match dice.below(10) {
            0..=3 => {
                let id = self.any(dice, |_| true);
                self.room.leave(&id).unwrap();
                self.lying.insert(id);
            }
            4..=7 => {
                // What a person ended stays where it is: whether it was tidied before or after the program
                // heard of it could not be told apart here.
                let ended = self.ended.clone();
                let id = self.any(dice, |id| !ended.contains(id));
                self.room.tidy(&id);
                self.steady.remove(&id);
                self.lying.remove(&id);
            }
            8 => {
                let nth = self.own.len();
                if nth < 3 {
                    let text = format!("Buy {nth} apples");
                    list.add_by_person(&text).unwrap();
                    self.own.push(text);
                }
            }
            _ if self.ended.len() < MOST_ENDED => {
                let id = self.any(dice, |_| true);
                let title = self.things[&id].clone();
                let is_open = list
                    .item(&title)
                    .is_some_and(|item| item.status == Status::NeedsAction);
                if self.steady.contains(&id) && !self.ended.contains(&id) && is_open {
                    if self.ended.is_empty() {
                        list.tick(&title).unwrap();
                    } else {
                        list.delete(&title).unwrap();
                    }
                    self.ended.insert(id);
                }
            }
            _ => {}
        }
    }

    fn any(&self, dice: &mut Dice, may: impl Fn(&String) -> bool) -> String {
        let ids: Vec<_> = self.things.keys().filter(|id| may(id)).collect();
        ids[dice.below(ids.len())].clone()
    }

    /// What is open on the list, and what must be.
    fn open(&self) -> (Vec<String>, Vec<String>) {
        let items = self.home.todo(LIST).items();
        let mut open: Vec<_> = items
            .iter()
            .filter(|item| item.status == Status::NeedsAction)
            .map(|item| item.summary.clone())
            .collect();
        let mut wanted: Vec<_> = self
            .lying
            .difference(&self.ended)
            .map(|id| self.things[id].clone())
            .chain(self.own.iter().cloned())
            .collect();
        open.sort();
        wanted.sort();
        (open, wanted)
    }

    /// Waits until the list says exactly what is true, and counts what is lost or doubled if it never does.
    pub async fn until_agreed(&mut self, report: &mut Report) {
        let agreed = || {
            let (open, wanted) = self.open();
            async move { open == wanted }
        };
        let result = wait_until(PATIENCE, "the list to agree", agreed).await;
        let (open, wanted) = self.open();
        if result.is_err() {
            let lost = wanted.iter().filter(|text| !open.contains(text)).count();
            report.lost += u32::try_from(lost).unwrap();
            report.faults.push(format!(
                "open {open:?}, wanted {wanted:?}\n{}",
                self.last_words()
            ));
        }
        // What was added but not yet confirmed when the program dies, and is deleted before it lives again, has for the
        // program never been there.
        let confirmed = wait_until(PATIENCE, "the outbox to be worked off", || async {
            self.waiting_effects() == Some(0)
        });
        self.steady = match confirmed.await {
            Ok(()) => self.lying.clone(),
            Err(_) => BTreeSet::new(),
        };
        let mut seen = BTreeSet::new();
        for item in self.home.todo(LIST).items() {
            // A thing has one item for ever here: it is opened again, never added again.
            if !seen.insert(item.summary.clone()) {
                report.doubled += 1;
                report.faults.push(format!(
                    "{} is there twice\n{}",
                    item.summary,
                    self.last_words()
                ));
            }
        }
    }

    fn last_words(&self) -> String {
        let log =
            std::fs::read_to_string(self.folder.path().join("victims.log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    /// How many effects wait in the outbox; none if that can't be told.
    fn waiting_effects(&self) -> Option<u32> {
        let connection = rusqlite::Connection::open(self.database()).ok()?;
        connection
            .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
            .ok()
    }

    fn database(&self) -> PathBuf {
        let data = self.folder.path().join("data");
        data.join(aicleaner::store::DATABASE)
    }

    pub fn database_is_whole(&self) -> bool {
        let file = self.database();
        if !file.exists() {
            return true;
        }
        let check = || -> rusqlite::Result<String> {
            rusqlite::Connection::open(&file)?
                .pragma_query_value(None, "integrity_check", |row| row.get(0))
        };
        check().is_ok_and(|answer| answer == "ok")
    }
}
