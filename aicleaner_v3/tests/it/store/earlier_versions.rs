//! What 0.1.0 left behind is taken over unchanged: its database, stored by that version itself, and its options. Never
//! made anew with today's code: then it would prove nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use aicleaner::clock::Clock;
use aicleaner::model::{
    AwayMode, EntityId, ItemAction, JobKind, LiveValues, Sensitivity, Target, TaskState, ZoneId,
};
use aicleaner::providers::Kinds;
use aicleaner::settings::{Deployment, LogLevel, Settings, Tone};
use aicleaner::store::{DATABASE, JobStage, Periods, Stage, Store};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;
use secrecy::ExposeSecret as _;

use super::text;

const DATABASE_DUMP: &str = "tests/fixtures/0.1.0/database.sql";
const OPTIONS: &str = "tests/fixtures/0.1.0/options.json";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn zone(id: &str) -> ZoneId {
    ZoneId::parse(id).unwrap()
}

fn entity(id: &str) -> EntityId {
    EntityId::parse(id).unwrap()
}

/// Puts the database of 0.1.0 into `folder`.
fn stored(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join(DATABASE)).unwrap();
    connection.execute_batch(&text(DATABASE_DUMP)).unwrap();
    connection
}

async fn opened(folder: &Path) -> Store {
    Store::open(folder, Clock::simulated(at(60)))
        .await
        .unwrap()
        .0
}

/// The columns of each table.
fn columns(connection: &Connection) -> BTreeMap<String, Vec<String>> {
    let sql = "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
               WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    for row in rows.unwrap() {
        let (table, column) = row.unwrap();
        found.entry(table).or_default().push(column);
    }
    found
}

/// All rows of these columns, as text that can be compared.
fn rows(
    connection: &Connection,
    columns: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (table, columns) in columns {
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        let mut statement = connection.prepare(&sql).unwrap();
        let read = statement.query_map([], |row| {
            let values: Result<Vec<Value>, _> = (0..columns.len()).map(|at| row.get(at)).collect();
            values.map(|values| format!("{values:?}"))
        });
        let mut of_table: Vec<String> = read.unwrap().map(Result::unwrap).collect();
        of_table.sort();
        found.insert(table.clone(), of_table);
    }
    found
}

#[tokio::test]
async fn every_row_of_0_1_0_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let connection = stored(folder.path());
    let columns = columns(&connection);
    let before = rows(&connection, &columns);
    drop(connection);
    assert_eq!(before.len(), 15, "{:?}", before.keys());
    assert!(before.values().all(|rows| !rows.is_empty()));

    opened(folder.path()).await.close().await;

    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    assert_eq!(rows(&connection, &columns), before);
}

#[tokio::test]
async fn zones_tasks_and_what_the_gate_remembers_are_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(stored(folder.path()));

    let store = opened(folder.path()).await;

    let kitchen = store.zone(zone("kitchen")).await.unwrap().unwrap();
    let live = LiveValues {
        interval_minutes: Some(20),
        threshold: Some(aicleaner::model::Score::new(70).unwrap()),
        provider: Some("cheap".to_owned()),
        ..LiveValues::default()
    };
    assert_eq!((kitchen.watching, kitchen.live), (false, live));
    assert_eq!(kitchen.score.map(aicleaner::model::Score::get), Some(62));
    assert_eq!(kitchen.summary, "A cup and crumbs");
    let tasks = store.living_tasks(zone("kitchen")).await.unwrap();
    let stored: Vec<_> = tasks
        .iter()
        .map(|task| (task.title(), task.state))
        .collect();
    assert_eq!(
        stored,
        [
            ("Put away the cup", TaskState::Open),
            ("Sweep", TaskState::Open),
            ("Move the guitar", TaskState::Dismissed)
        ]
    );
    assert_eq!(tasks[1].due.as_deref(), Some("2027-01-16"));
    let camera = |zone: ZoneId, camera: &str| store.camera(zone, entity(camera));
    let drawn = camera(zone("kitchen"), "camera.kitchen").await.unwrap();
    let drawn = drawn.unwrap();
    assert_eq!((drawn.masks.len(), drawn.regions[0].name()), (1, "desk"));
    let seen = camera(zone("living_room"), "camera.living_room").await;
    let history = serde_json::to_value(seen.unwrap().unwrap().history).unwrap();
    assert!(!history["last_assessed"].is_null() && !history["colour"].is_null());
    let happened = store.zone_history(zone("living_room"), 10).await.unwrap();
    assert_eq!(happened.len(), 6);
    assert_eq!(happened[0].entry.what, "done_by_camera");
}

#[tokio::test]
async fn the_outbox_and_what_is_known_of_lists_are_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(stored(folder.path()));
    let list = || entity("todo.kitchen");

    let store = opened(folder.path()).await;

    let waiting = store.outbox(list()).await.unwrap();
    assert!(
        matches!(&waiting[0].effect.action, ItemAction::Add(item) if item.summary == "Put away the cup")
    );
    assert!(matches!(
        waiting[0].stage,
        Stage::Pending { attempts: 0, .. }
    ));
    assert!(
        matches!(&waiting[1].stage, Stage::Sent { attempts: 1, before, absent: 1, .. } if before[0].as_str() == "milk")
    );
    let record = store.list(list()).await.unwrap().unwrap();
    assert_eq!(record.entity, entity("todo.cucina"));
    assert_eq!(record.platform.as_deref(), Some("caldav"));
    assert_eq!(record.hides_completed, Some(true));
    let tasks = store.living_tasks(zone("kitchen")).await.unwrap();
    let item = store.item_of(tasks[2].id, list()).await.unwrap().unwrap();
    assert_eq!((item.uid.as_str(), item.twins[0].as_str()), ("u-1", "u-0"));
}

#[tokio::test]
async fn jobs_and_the_audit_are_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(stored(folder.path()));

    let store = opened(folder.path()).await;

    let jobs = store.pending_jobs().await.unwrap();
    let kinds: Vec<_> = jobs.iter().map(|row| row.job.kind.name()).collect();
    assert_eq!(kinds, ["mess", "vacuum", "digest"]);
    assert!(jobs.iter().all(|row| row.stage == JobStage::Waiting));
    assert!(matches!(
        &jobs[1].job.kind,
        JobKind::Vacuum {
            camera: Some(_),
            ..
        }
    ));
    let drawer = "persistent_notification".to_owned();
    assert_eq!(store.jobs_done(drawer, at(0)).await.unwrap(), [at(9)]);
    let digest = jiff::civil::date(2027, 1, 15);
    assert_eq!(store.last_digest().await.unwrap(), Some(digest));
    assert!(store.is_paused().await.unwrap());
    let audit = store.audit(10).await.unwrap();
    let commands: Vec<_> = audit.iter().map(|entry| entry.command.as_str()).collect();
    assert_eq!(commands, ["pause", "interval = 20"]);
    assert!(audit.iter().all(|entry| entry.actor.is_none()));
}

#[tokio::test]
async fn what_was_spent_and_how_providers_stand_is_read() {
    let folder = tempfile::tempdir().unwrap();
    drop(stored(folder.path()));
    let provider = || "cheap".to_owned();

    let store = opened(folder.path()).await;

    let breaker = store.breaker(provider()).await.unwrap().unwrap();
    assert_eq!((breaker.until, breaker.failures), (at(600), 3));
    let seen = store
        .self_test(provider(), "tiny".to_owned())
        .await
        .unwrap();
    assert!(seen.is_some_and(|seen| !seen.sees && seen.at == at(7)));
    let periods = Periods {
        day: at(-3600),
        month: at(-7200),
    };
    // One that was settled, and one that was running when 0.1.0 ended: both at the price of a call.
    let spent = store.spent(periods).await.unwrap().day;
    assert_eq!((spent.cost.micros(), spent.charged_calls), (3000, 2));
}

#[test]
fn the_options_of_0_1_0_mean_the_same() {
    let options = serde_json::from_str(&text(OPTIONS)).unwrap();

    let settings =
        Settings::of_options(options, &BTreeMap::new(), Deployment::App, &Kinds).unwrap();

    assert_eq!(settings.instance.as_str(), "home");
    let broker = settings.mqtt.broker.as_ref().unwrap();
    let password = broker.password.as_ref().map(|word| word.expose_secret());
    assert_eq!((broker.host.as_str(), broker.port), ("192.168.1.2", 1884));
    assert_eq!((password, broker.tls), (Some("canary-word"), false));
    assert!(!settings.mqtt.publish_pictures);
    assert!(!settings.local_only && settings.check_sight);
    let caps = settings.caps;
    let money = [caps.cost_per_day, caps.cost_per_month].map(|cap| cap.map(|cap| cap.micros()));
    assert_eq!(money, [Some(500_000), Some(5_000_000)]);
    let calls = (caps.calls_per_day, caps.calls_per_month);
    assert_eq!(calls, (Some(100), Some(2000)));
    assert_eq!(settings.language.as_deref(), Some("de"));
    assert!(settings.items.due_dates);
    let page = settings.items.page_url.as_deref();
    assert_eq!(page, Some("https://home.example/aicleaner"));
    let notifications = &settings.notifications;
    let to: Vec<_> = notifications.to.iter().map(Target::to_string).collect();
    assert_eq!(to, ["notify.mobile_app_phone", "persistent_notification"]);
    assert!(notifications.mess_found && notifications.all_tidy && notifications.picture);
    assert_eq!(
        notifications.digest_at,
        Some(jiff::civil::time(18, 30, 0, 0))
    );
    assert_eq!(
        (notifications.most_per_hour, notifications.tone),
        (4, Tone::Butler)
    );
    assert!(matches!(settings.log_level, LogLevel::Debug));
}

#[test]
fn the_zones_and_providers_of_0_1_0_mean_the_same() {
    let options = serde_json::from_str(&text(OPTIONS)).unwrap();
    let hours = |hours: u64| Duration::from_secs(hours * 3600);

    let settings =
        Settings::of_options(options, &BTreeMap::new(), Deployment::App, &Kinds).unwrap();

    let kitchen = &settings.zones[0];
    assert_eq!(
        (kitchen.id.as_str(), kitchen.name.as_str()),
        ("kitchen", "Kitchen")
    );
    let cameras = [entity("camera.kitchen"), entity("camera.kitchen_door")];
    assert_eq!(kitchen.cameras, cameras);
    assert_eq!(kitchen.todo_list, Some(entity("todo.kitchen")));
    assert_eq!(kitchen.vacuum, Some(entity("vacuum.robot")));
    assert_eq!(kitchen.purpose, "Cooking and eating");
    assert_eq!(kitchen.interval, Duration::from_secs(45 * 60));
    assert_eq!((kitchen.threshold.get(), kitchen.max_open_tasks), (70, 8));
    assert_eq!(kitchen.ignore, ["the guitar on the sofa"]);
    assert_eq!(kitchen.sensitivity, Sensitivity::High);
    assert_eq!(kitchen.away_mode, AwayMode::OnlyWhenAway);
    assert_eq!(kitchen.occupancy, [entity("binary_sensor.kitchen_motion")]);
    assert_eq!(
        kitchen.people,
        [entity("person.anna"), entity("device_tracker.ben")]
    );
    assert_eq!(kitchen.providers, ["cheap", "local"]);
    assert_eq!(kitchen.reassess_after, hours(48));
    let living_room = &settings.zones[1];
    assert_eq!(living_room.id.as_str(), "wohnzimmer");
    assert_eq!(living_room.todo_list, Some(entity("todo.chores")));
    assert!(living_room.cron.is_some() && living_room.quiet_hours.is_some());
    assert_eq!(
        (living_room.max_open_tasks, living_room.reassess_after),
        (12, hours(24))
    );
    let providers = &settings.providers;
    let names: Vec<_> = providers
        .iter()
        .map(|provider| provider.name.as_str())
        .collect();
    assert_eq!(names, ["cheap", "local", "ai_task", "reference"]);
    assert_eq!(providers[0].timeout, Duration::from_secs(90));
    assert_eq!(providers[0].price.unwrap().input.micros(), 150_000);
    assert_eq!(providers[2].price.unwrap().call.micros(), 10_000);
}
