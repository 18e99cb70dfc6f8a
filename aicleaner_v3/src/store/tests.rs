use std::time::Duration;

use super::*;
use crate::model::{
    AssessmentId, Confidence, Finding, ItemAction, Priority, Score, TaskState, Trigger, Verdict,
};

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn zone() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

fn list() -> EntityId {
    EntityId::parse("todo.chores").unwrap()
}

fn task(title: &str) -> Task {
    let finding = Finding {
        title: title.to_owned(),
        location: "on the counter".to_owned(),
        area: None,
        task: None,
        category: None,
        camera: None,
        priority: Priority::Normal,
        minutes: Some(2),
        confidence: Confidence::new(0.9).unwrap(),
    };
    Task::open(zone(), finding, now())
}

fn add(task: &Task) -> Effect {
    let action = ItemAction::Add {
        summary: task.finding.title.clone(),
        description: String::new(),
    };
    Effect {
        task: task.id,
        list: list(),
        action,
    }
}

fn commit(tasks: Vec<Task>, effects: Vec<Effect>) -> Commit {
    Commit {
        zone: ZoneRecord::new(zone()),
        cameras: vec![],
        assessment: None,
        tasks,
        effects,
        at: now(),
    }
}

#[tokio::test]
async fn a_commit_is_there_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let cup = task("Put away the cup");
    let record = ZoneRecord {
        watching: false,
        score: Some(Score::new(62).unwrap()),
        summary: "A cup".to_owned(),
        last_assessed: Some(now()),
        needs_cleaning: Some(true),
        id: zone(),
    };
    let assessment = Assessment {
        id: AssessmentId::new(now()),
        zone: zone(),
        taken_at: now(),
        at: now(),
        trigger: Trigger::Button,
        verdict: Verdict {
            score: Score::new(62).unwrap(),
            summary: "A cup".to_owned(),
            findings: vec![cup.finding.clone()],
            judgements: vec![],
        },
        provider: "ai_task".to_owned(),
        model: "ai_task.simulated".to_owned(),
        duration: Duration::from_millis(1500),
    };
    store
        .commit(Commit {
            zone: record.clone(),
            cameras: vec![],
            assessment: Some(assessment),
            tasks: vec![cup.clone()],
            effects: vec![add(&cup)],
            at: now(),
        })
        .await
        .unwrap();
    store.close().await;

    let store = Store::open(folder.path()).await.unwrap();

    assert_eq!(store.zone(zone()).await.unwrap(), Some(record));
    assert_eq!(store.living_tasks(zone()).await.unwrap(), vec![cup.clone()]);
    assert_eq!(store.outbox(list()).await.unwrap()[0].effect, add(&cup));
    assert_eq!(store.outbox_lists().await.unwrap(), vec![list()]);
}

#[tokio::test]
async fn a_confirmed_addition_links_the_item_and_leaves_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let cup = task("Put away the cup");
    store
        .commit(commit(vec![cup.clone()], vec![add(&cup)]))
        .await
        .unwrap();
    let row = store.outbox(list()).await.unwrap().remove(0);

    store.confirm(row, ItemUid::new("u1")).await.unwrap();

    assert_eq!(store.outbox_pending().await.unwrap(), 0);
    let linked = LinkedItem {
        task: cup.id,
        zone: zone(),
        uid: ItemUid::new("u1"),
    };
    assert_eq!(store.open_items(list()).await.unwrap(), vec![linked]);
    assert_eq!(
        store.item_of(cup.id, list()).await.unwrap(),
        Some(ItemUid::new("u1"))
    );
    assert_eq!(
        store.known_uids(list()).await.unwrap(),
        vec![ItemUid::new("u1")]
    );
}

#[tokio::test]
async fn a_commit_that_fails_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let cup = task("Put away the cup");
    let orphan = task("Never stored");

    let refused = store.commit(commit(vec![cup], vec![add(&orphan)])).await;

    assert!(matches!(refused, Err(StoreError::Database(_))));
    assert!(store.zone(zone()).await.unwrap().is_none());
    assert!(store.living_tasks(zone()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stage_survives_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let cup = task("Put away the cup");
    store
        .commit(commit(vec![cup.clone()], vec![add(&cup)]))
        .await
        .unwrap();
    let row = store.outbox(list()).await.unwrap().remove(0);
    let sent = Stage::Sent {
        attempts: 1,
        at: now(),
        before: vec![ItemUid::new("other")],
        absent: 0,
    };
    store.set_stage(row.id, sent.clone()).await.unwrap();
    store.close().await;

    let store = Store::open(folder.path()).await.unwrap();

    assert_eq!(store.outbox(list()).await.unwrap()[0].stage, sent);
}

#[tokio::test]
async fn settled_and_done_tasks_no_longer_live_but_ticked_ones_linger() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let [open, ticked, done, settled] = ["a", "b", "c", "d"].map(task);
    let ticked = ticked.moved(TaskState::DoneByPerson, now());
    let tasks = vec![
        open.clone(),
        ticked.clone(),
        done.moved(TaskState::DoneByCamera, now()),
        settled.moved(TaskState::Settled, now()),
    ];
    store.commit(commit(tasks, vec![])).await.unwrap();

    assert_eq!(
        store.living_tasks(zone()).await.unwrap(),
        vec![open, ticked]
    );
}

#[tokio::test]
async fn a_second_instance_is_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();

    assert!(matches!(
        Store::open(folder.path()).await,
        Err(StoreError::Locked(_))
    ));

    store.close().await;
    assert!(Store::open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).await.unwrap().close().await;
    let connection = rusqlite::Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);

    let refused = Store::open(folder.path()).await.unwrap_err();

    assert!(
        matches!(refused, StoreError::Newer { found: 999, .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_says_so() {
    let file = tempfile::NamedTempFile::new().unwrap();

    let refused = Store::open(&file.path().join("data")).await.unwrap_err();

    assert!(matches!(refused, StoreError::Folder { .. }), "{refused}");
}

#[tokio::test]
async fn what_is_remembered_of_a_camera_is_there_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let camera = EntityId::parse("camera.kitchen").unwrap();
    let corners = [(0.1, 0.1), (0.5, 0.1), (0.5, 0.5)].map(|(x, y)| crate::model::Point { x, y });
    let mask = crate::model::Mask(crate::model::Polygon::new(corners.to_vec()).unwrap());
    let record = CameraRecord {
        masks: vec![mask],
        ..CameraRecord::new(camera.clone())
    };
    let commit = Commit {
        cameras: vec![record.clone()],
        ..commit(vec![], vec![])
    };
    store.commit(commit).await.unwrap();
    store.close().await;

    let store = Store::open(folder.path()).await.unwrap();

    assert_eq!(store.camera(zone(), camera).await.unwrap(), Some(record));
    let other = EntityId::parse("camera.other").unwrap();
    assert_eq!(store.camera(zone(), other).await.unwrap(), None);
}
