//! Commands are answered: done, or refused with the reason; and the audit knows who gave them.

use aicleaner::engine::{EngineCommand, ZoneCommand};
use aicleaner::model::{
    Actor, Code, CommandRefusal, Ending, EntityId, LiveChange, SkipReason, TaskId, Trigger, ZoneId,
};
use rusqlite::Connection;

use super::rig::{CAMERA, Running, home, settings};

const ASSESS: ZoneCommand = ZoneCommand::AssessNow(Trigger::Button);

/// Who gave which commands, oldest first.
fn audit(database: &Connection) -> Vec<(String, String)> {
    let mut statement = database
        .prepare("SELECT actor, command FROM audit ORDER BY id")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn what_does_not_exist_is_refused_and_counted() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.until_home_runs().await;

    let attic = EngineCommand::Zone {
        zone: ZoneId::parse("attic").unwrap(),
        command: ZoneCommand::ClearTasks,
    };
    let no_zone = app.engine.command(attic, Actor::Api).await;
    let draw = ZoneCommand::Draw {
        camera: EntityId::parse("camera.attic").unwrap(),
        masks: vec![],
        regions: vec![],
    };
    let no_camera = app.command(draw).await;
    let end = ZoneCommand::EndTasks {
        tasks: vec![TaskId::new(jiff::Timestamp::now())],
        how: Ending::Done,
    };
    let no_task = app.command(end).await;

    assert_eq!(no_zone, Err(CommandRefusal::UnknownZone));
    assert_eq!(no_camera, Err(CommandRefusal::UnknownCamera));
    assert_eq!(no_task, Err(CommandRefusal::UnknownTask));
    for reason in ["unknown_zone", "unknown_camera", "unknown_task"] {
        let count = app.telemetry.metrics().get("command_refused", reason);
        assert_eq!(count, 1, "{reason}");
    }
    let database = Connection::open(data.path().join(aicleaner::store::DATABASE)).unwrap();
    assert_eq!(audit(&database), []);
    app.stop().await;
}

#[tokio::test]
async fn a_check_that_may_not_start_is_refused_with_the_reason() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    let pause = EngineCommand::PauseAll { paused: true };
    app.engine.command(pause, Actor::Mqtt).await.unwrap();

    let assess = app.command(ASSESS).await;
    let tidy = app.command(ZoneCommand::TidyNow).await;

    let paused = Err(CommandRefusal::CheckForbidden(SkipReason::Paused));
    assert_eq!((assess, tidy), (paused.clone(), paused));
    assert_eq!(app.telemetry.metrics().get("command_refused", "paused"), 2);
    app.stop().await;
}

#[tokio::test]
async fn without_home_assistant_a_check_is_refused_and_after_the_end_everything_is() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let yaml = settings(&home, "");
    home.stop().await.unwrap();
    let app = Running::start(&yaml, data.path()).await;

    let waiting = app.command(ASSESS).await;
    let engine = app.engine.clone();
    app.stop().await;
    let ended = engine
        .command(EngineCommand::PauseAll { paused: true }, Actor::Api)
        .await;

    let reason = SkipReason::WaitingForHome;
    assert_eq!(waiting, Err(CommandRefusal::CheckForbidden(reason)));
    assert_eq!(ended, Err(CommandRefusal::Stopping));
}

#[tokio::test]
async fn what_the_database_does_not_take_changes_nothing_and_is_said() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    let database = Connection::open(data.path().join(aicleaner::store::DATABASE)).unwrap();
    database
        .execute_batch(
            "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END",
        )
        .unwrap();

    let live = app
        .command(ZoneCommand::SetLive(LiveChange::Watching(false)))
        .await;
    let pause = EngineCommand::PauseAll { paused: true };
    let paused = app.engine.command(pause, Actor::Api).await;

    let refused = Err(CommandRefusal::NotStored(Code::Database));
    assert_eq!((live, paused), (refused.clone(), refused));
    assert!(app.view().borrow().watching && !*app.engine.paused().borrow());
    app.stop().await;
}

#[tokio::test]
async fn the_audit_says_who_gave_which_command() {
    let (home, _) = home().await;
    let data = tempfile::tempdir().unwrap();
    let mut app = Running::start(&settings(&home, ""), data.path()).await;
    app.assessed().await;
    let zone = |command| EngineCommand::Zone {
        zone: ZoneId::parse("kitchen").unwrap(),
        command,
    };
    let draw = ZoneCommand::Draw {
        camera: EntityId::parse(CAMERA).unwrap(),
        masks: vec![],
        regions: vec![],
    };
    let commands = [
        (zone(ASSESS), Actor::Phone),
        (zone(draw), Actor::Api),
        (zone(ZoneCommand::ClearTasks), Actor::Mqtt),
        (
            EngineCommand::PauseAll { paused: true },
            Actor::User("Ada".to_owned()),
        ),
        // Changes nothing.
        (EngineCommand::PauseAll { paused: true }, Actor::Program),
    ];

    for (command, actor) in commands {
        app.engine.command(command, actor).await.unwrap();
    }

    let database = Connection::open(data.path().join(aicleaner::store::DATABASE)).unwrap();
    let expected = [
        ("phone", "assess now"),
        ("api", "draw on camera.kitchen"),
        ("mqtt", "clear tasks"),
        ("user:Ada", "pause all"),
    ];
    let expected = expected.map(|(actor, command)| (actor.to_owned(), command.to_owned()));
    assert_eq!(audit(&database), expected);
    app.stop().await;
}
