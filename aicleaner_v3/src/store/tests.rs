use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::clock::Clock;
use crate::model::{
    Actor, Assessment, AssessmentId, Confidence, Effect, EntityId, Finding, Item, ItemAction,
    ItemSeen, ItemUid, LiveChange, LiveValues, Score, Scores, Task, TaskState, Trigger, Verdict,
    ZoneId,
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
        location: "on the counter".to_owned(),
        minutes: Some(2),
        ..Finding::new(title, Confidence::new(0.9).unwrap())
    };
    Task::open(zone(), finding, now())
}

fn add(task: &Task) -> Effect {
    let action = ItemAction::Add(Item {
        summary: task.finding.title.clone(),
        description: String::new(),
        due: None,
    });
    Effect {
        task: task.id,
        list: list(),
        action,
    }
}

fn commit(tasks: Vec<Task>, effects: Vec<Effect>) -> Commit {
    Commit {
        tasks,
        effects,
        ..Commit::of(ZoneRecord::new(zone()), now())
    }
}

async fn open(folder: &Path) -> Store {
    try_open(folder).await.unwrap().0
}

async fn try_open(folder: &Path) -> Result<(Store, Opening), StoreError> {
    Store::open(folder, Clock::simulated(now())).await
}

fn seen(uid: &str) -> ItemSeen {
    ItemSeen {
        uid: ItemUid::new(uid),
        summary: "Put away the cup".to_owned(),
        due: None,
        is_ticked: false,
        twins: vec![ItemUid::new("twin")],
    }
}

#[tokio::test]
async fn a_commit_is_there_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let cup = task("Put away the cup");
    let record = ZoneRecord {
        watching: false,
        live: LiveValues::default().with(&LiveChange::Interval(20)),
        scores: Scores::default().and(Score::TIDY),
        score: Some(Score::new(62).unwrap()),
        raw_score: Some(Score::new(60).unwrap()),
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
            assessment: Some(assessment),
            tasks: vec![cup.clone()],
            effects: vec![add(&cup)],
            ..Commit::of(record.clone(), now())
        })
        .await
        .unwrap();
    store.close().await;

    let store = open(folder.path()).await;

    assert_eq!(store.zone(zone()).await.unwrap(), Some(record));
    assert_eq!(store.living_tasks(zone()).await.unwrap(), vec![cup.clone()]);
    assert_eq!(store.outbox(list()).await.unwrap()[0].effect, add(&cup));
    assert_eq!(store.lists_in_use().await.unwrap(), vec![list()]);
}

#[tokio::test]
async fn a_pause_outlives_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let audit = |command: &str| AuditEntry {
        at: now(),
        zone: ZoneId::parse("system").unwrap(),
        actor: Some(Actor::Mqtt),
        command: command.to_owned(),
    };
    assert!(!store.is_paused().await.unwrap());
    store.set_paused(true, audit("pause all")).await.unwrap();
    store.close().await;

    let store = open(folder.path()).await;

    assert!(store.is_paused().await.unwrap());
    assert_eq!(store.audit(1).await.unwrap(), [audit("pause all")]);
}

#[tokio::test]
async fn a_confirmed_addition_links_the_item_and_leaves_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let cup = task("Put away the cup");
    store
        .commit(commit(vec![cup.clone()], vec![add(&cup)]))
        .await
        .unwrap();
    let row = store.outbox(list()).await.unwrap().remove(0);

    store.confirm(row, Some(seen("u1"))).await.unwrap();

    assert_eq!(store.outbox_pending().await.unwrap(), 0);
    let linked = LinkedItem {
        task: cup.id,
        zone: zone(),
        state: TaskState::Open,
        item: seen("u1"),
    };
    let picture = store.list_rows(list(), vec![]).await.unwrap();
    assert_eq!(picture.linked, vec![linked]);
    assert_eq!(
        store.item_of(cup.id, list()).await.unwrap(),
        Some(seen("u1"))
    );
    assert_eq!(store.places(zone()).await.unwrap(), vec![(cup.id, list())]);
}

#[tokio::test]
async fn a_commit_that_fails_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
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
    let store = open(folder.path()).await;
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

    let store = open(folder.path()).await;

    assert_eq!(store.outbox(list()).await.unwrap()[0].stage, sent);
}

#[tokio::test]
async fn only_settled_tasks_no_longer_live_but_their_items_are_still_known() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let all = TaskState::ALL.map(|state| {
        let mut task = task(state.as_str()).moved(state, now());
        task.renamed = Some("Other".to_owned());
        task.sightings.unseen = 1;
        task
    });
    store.commit(commit(all.to_vec(), vec![])).await.unwrap();
    let settled = all
        .iter()
        .find(|task| task.state == TaskState::Settled)
        .unwrap();
    let change = ItemChange {
        task: settled.id,
        list: list(),
        item: seen("u1"),
    };
    store.note_items(vec![change]).await.unwrap();

    let living = store.living_tasks(zone()).await.unwrap();
    let hidden = store.list_rows(list(), vec![]).await.unwrap();
    let shown = store
        .list_rows(list(), vec![ItemUid::new("u1")])
        .await
        .unwrap();

    assert_eq!(living.len(), 5);
    assert!(living.iter().all(|task| all.contains(task)));
    assert_eq!(
        store.task(settled.id).await.unwrap().as_ref(),
        Some(settled)
    );
    assert!(hidden.linked.is_empty());
    assert_eq!(shown.linked.len(), 1);
}

#[tokio::test]
async fn a_second_instance_is_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;

    assert!(matches!(
        try_open(folder.path()).await,
        Err(StoreError::Locked(_))
    ));

    store.close().await;
    assert!(try_open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.close().await;
    let connection = rusqlite::Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);

    let refused = try_open(folder.path()).await.unwrap_err();

    assert!(
        matches!(refused, StoreError::Newer { found: 999, .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_says_so() {
    let file = tempfile::NamedTempFile::new().unwrap();

    let refused = try_open(&file.path().join("data")).await.unwrap_err();

    assert!(matches!(refused, StoreError::Folder { .. }), "{refused}");
}

#[tokio::test]
async fn what_is_remembered_of_a_camera_is_there_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
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

    let store = open(folder.path()).await;

    assert_eq!(store.camera(zone(), camera).await.unwrap(), Some(record));
    let other = EntityId::parse("camera.other").unwrap();
    assert_eq!(store.camera(zone(), other).await.unwrap(), None);
}

#[tokio::test]
async fn what_happened_and_what_was_asked_is_kept_and_old_things_go() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let cup = task("Put away the cup").moved(TaskState::Settled, now());
    let entry = HistoryEntry {
        task: cup.id,
        at: now(),
        what: "opened".to_owned(),
        why: "assessment x".to_owned(),
    };
    let asked = AuditEntry {
        at: now(),
        zone: zone(),
        actor: Some(Actor::User("ada".to_owned())),
        command: "watching off".to_owned(),
    };
    let change = Commit {
        history: vec![entry.clone()],
        audit: Some(asked.clone()),
        ..commit(vec![cup.clone()], vec![])
    };
    store.commit(change).await.unwrap();
    let events = store.zone_history(zone(), 9).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0].entry, events[0].title.as_str()),
        (&entry, "Put away the cup")
    );
    let attic = ZoneId::parse("attic").unwrap();
    assert_eq!(store.zone_history(attic, 9).await.unwrap(), vec![]);
    assert_eq!(store.audit(9).await.unwrap(), vec![asked]);

    let much_later = now() + jiff::SignedDuration::from_hours(366 * 24);
    let pruned = store.prune(Retention::default(), much_later).await.unwrap();

    assert_eq!((pruned.tasks, pruned.audit), (1, 1));
    assert!(store.task(cup.id).await.unwrap().is_none());
}

fn assessment(at: Timestamp) -> Assessment {
    Assessment {
        id: AssessmentId::new(at),
        zone: zone(),
        taken_at: at,
        at,
        trigger: Trigger::Schedule,
        verdict: Verdict {
            score: Score::TIDY,
            summary: "x".repeat(2000),
            findings: vec![],
            judgements: vec![],
        },
        provider: "ai_task".to_owned(),
        model: "ai_task.simulated".to_owned(),
        duration: Duration::from_millis(1),
    }
}

async fn assess(store: &Store, tasks: Vec<Task>) -> Result<Committed, StoreError> {
    let change = Commit {
        assessment: Some(assessment(now())),
        ..commit(tasks, vec![])
    };
    store.commit(change).await
}

#[tokio::test]
async fn a_full_disk_keeps_tasks_and_drops_assessments() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for _ in 0..20 {
        assess(&store, vec![]).await.unwrap();
    }
    store.limit_growth(3).await;

    let mut kept = Vec::new();
    for n in 0..30 {
        kept.push(assess(&store, vec![task(&n.to_string())]).await.unwrap());
    }

    assert!(kept.contains(&Committed::WithoutAssessment), "{kept:?}");
    assert_eq!(store.living_tasks(zone()).await.unwrap().len(), 30);
}

#[tokio::test]
async fn too_many_bytes_cost_the_oldest_assessments_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for n in 0..200 {
        assess(&store, vec![task(&n.to_string())]).await.unwrap();
    }
    let small = Retention {
        bytes: 300 * 1024,
        ..Retention::default()
    };

    let pruned = store.prune(small, now()).await.unwrap();

    assert!(
        pruned.assessments > 0 && pruned.assessments < 200,
        "{pruned:?}"
    );
    assert_eq!(store.living_tasks(zone()).await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_broken_database_is_set_aside_and_the_last_copy_restored() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store
        .commit(commit(vec![task("Kept")], vec![]))
        .await
        .unwrap();
    store.copy_daily(now()).await.unwrap().unwrap();
    assert!(store.copy_daily(now()).await.unwrap().is_none());
    store
        .commit(commit(vec![task("Lost")], vec![]))
        .await
        .unwrap();
    store.close().await;
    std::fs::write(
        folder.path().join(DATABASE),
        b"no database at all, but long enough to be one",
    )
    .unwrap();

    let (store, opening) = try_open(folder.path()).await.unwrap();

    let living = store.living_tasks(zone()).await.unwrap();
    assert_eq!(living.len(), 1);
    assert_eq!(living[0].finding.title, "Kept");
    assert!(opening.set_aside.unwrap().exists());
    assert_eq!(opening.restored.unwrap().copied_at, now());
    assert!(store.restored_at().await.unwrap().is_some());
}

#[tokio::test]
async fn a_broken_database_without_a_copy_starts_anew() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(DATABASE),
        b"no database at all, but long enough to be one",
    )
    .unwrap();

    let (store, opening) = try_open(folder.path()).await.unwrap();

    assert!(store.is_well().await);
    assert!(opening.set_aside.is_some() && opening.restored.is_none());
}

#[tokio::test]
async fn a_database_found_broken_while_it_was_open_is_replaced_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for n in 0..100 {
        assess(&store, vec![task(&n.to_string())]).await.unwrap();
    }
    store.copy_daily(now()).await.unwrap();
    store.close().await;
    let file = folder.path().join(DATABASE);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0x5A);
    std::fs::write(&file, bytes).unwrap();

    let (store, first) = try_open(folder.path()).await.unwrap();
    assert!(first.restored.is_none());
    assert!(!store.is_sound().await);
    store.close().await;
    let (store, second) = try_open(folder.path()).await.unwrap();

    assert!(second.restored.is_some());
    assert!(store.is_sound().await);
    assert_eq!(store.living_tasks(zone()).await.unwrap().len(), 100);
}

#[tokio::test]
async fn the_copy_for_backups_is_whole_while_the_database_is_in_use_and_restores() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store
        .commit(commit(vec![task("Kept")], vec![]))
        .await
        .unwrap();

    let copy = copy_for_backups(folder.path(), now()).unwrap();

    store
        .commit(commit(vec![task("Later")], vec![]))
        .await
        .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::create_dir(elsewhere.path().join("backup")).unwrap();
    std::fs::copy(&copy, elsewhere.path().join("backup/copy.db")).unwrap();
    let (restored, opening) = try_open(elsewhere.path()).await.unwrap();
    assert!(opening.restored.is_some());
    assert_eq!(restored.living_tasks(zone()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_copy_is_made_before_the_schema_changes() {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join(DATABASE)).unwrap();
    connection
        .execute_batch(include_str!("migrations/001_first_room.sql"))
        .unwrap();
    connection
        .execute_batch(
            "INSERT INTO tasks VALUES ('018f0000-0000-7000-8000-000000000000', 'kitchen', 'open',
             '{\"title\":\"Cup\",\"location\":\"\",\"area\":null,\"priority\":\"normal\",\"minutes\":null,\"confidence\":0.9}', 1, 1);",
        )
        .unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);

    let store = open(folder.path()).await;

    let living = store.living_tasks(zone()).await.unwrap();
    assert_eq!(living[0].finding.title, "Cup");
    assert_eq!(living[0].sightings.seen, 1);
    let copies: Vec<_> = std::fs::read_dir(folder.path().join("backup"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(copies, ["before-schema-7.db"]);
}

#[tokio::test]
async fn an_end_that_was_not_clean_is_known_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (store, first) = try_open(folder.path()).await.unwrap();
    std::fs::copy(
        folder.path().join("aicleaner.open"),
        folder.path().join("marker"),
    )
    .unwrap();
    store.close().await;
    let (store, clean) = try_open(folder.path()).await.unwrap();
    store.close().await;
    std::fs::rename(
        folder.path().join("marker"),
        folder.path().join("aicleaner.open"),
    )
    .unwrap();

    let (_, unclean) = try_open(folder.path()).await.unwrap();

    assert_eq!(
        (first.was_unclean, clean.was_unclean, unclean.was_unclean),
        (false, false, true)
    );
}

#[tokio::test]
async fn a_diagnosis_tells_what_is_stored_while_the_database_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let cup = task("Put away the cup");
    store
        .commit(commit(vec![cup.clone()], vec![add(&cup)]))
        .await
        .unwrap();

    let told = diagnosis(folder.path()).unwrap();

    assert_eq!(told["open_tasks"][0]["title"], "Put away the cup");
    assert_eq!(told["outbox"][0]["action"], "add");
    assert_eq!(told["outbox"][0]["stage"]["stage"], "pending");
    assert_eq!(told["is_sound"], true);
}
