//! `kill -9` in the middle of a run, and a new start: nothing is lost and nothing doubled.

use aicleaner_testkit::fixtures::wait_until;
use aicleaner_testkit::home::{Fault, Home};
use aicleaner_testkit::scene::Room;

use super::exits::bare;
use super::process::{PATIENCE, Program};
use crate::spine::rig::{LIST, home, settings, summaries, until_open};

const CUP: &str = "Take the cup to the kitchen";
const SOCKS: &str = "Pick up the socks";
const PLATE: &str = "Put the plate in the dishwasher";

/// Starts the program, kills it as soon as `moment` has come, and starts it again.
async fn killed_when(home: &Home, room: &Room, moment: impl Fn(&Home) -> bool) {
    let folder = tempfile::tempdir().unwrap();
    let yaml = bare(&settings(home, ""));
    for thing in ["cup-on-desk", "socks-on-floor", "plate-on-table"] {
        room.leave(thing).unwrap();
    }

    let program = Program::start(folder.path(), &yaml, &[]).await;
    wait_until(PATIENCE, "the moment to kill", || {
        let now = moment(home);
        async move { now }
    })
    .await
    .unwrap();
    program.kill().await;

    let program = Program::start(folder.path(), &yaml, &[]).await;
    until_open(home, &[CUP, SOCKS, PLATE]).await;
    assert_eq!(summaries(home).0.len(), 3, "{:?}", summaries(home));
    program.signal("TERM").await;
    program.ended().await;
}

#[tokio::test]
async fn killed_while_the_model_thinks() {
    let (home, room) = home().await;

    killed_when(&home, &room, |home| !home.ai_task_calls().is_empty()).await;
}

#[tokio::test]
async fn killed_as_soon_as_the_first_item_is_there() {
    let (home, room) = home().await;

    killed_when(&home, &room, |home| !home.todo(LIST).items().is_empty()).await;
}

#[tokio::test]
async fn killed_when_the_second_item_is_there() {
    let (home, room) = home().await;

    killed_when(&home, &room, |home| home.todo(LIST).items().len() >= 2).await;
}

#[tokio::test]
async fn killed_when_the_answer_to_an_addition_was_lost() {
    let (home, room) = home().await;
    home.strike("todo", "add_item", Fault::LoseAnswer);

    killed_when(&home, &room, |home| !home.todo(LIST).items().is_empty()).await;
}
