//! The demo: a simulated home, an MQTT broker and the whole of AICleaner in one process. A drawn room gets
//! messy and is cleaned within a minute, and one line tells each thing that happens.
//!
//! `--once` ends when the room is clean; without it the story begins again until Ctrl-C.

#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use aicleaner::app::{App, AppOptions, Host};
use aicleaner::clock::Clock;
use aicleaner::settings::{Deployment, Listeners, Settings};
use aicleaner::setup::DeclaredSource;
use aicleaner::telemetry::{RedactingWriter, Redactor, Telemetry};
use aicleaner_testkit::broker::Broker;
use aicleaner_testkit::camera::Source;
use aicleaner_testkit::home::{Home, Status};
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::scene::{Room, Script, Step};
use jiff::tz::TimeZone;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

const LIST: &str = "todo.chores";
const CAMERA: &str = "camera.living_room";
/// Far shorter than settings allow: the story takes a minute.
const INTERVAL: Duration = Duration::from_secs(3);
/// After the last step, for the last check and the last item.
const EPILOGUE: Duration = Duration::from_secs(14);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let once = std::env::args().any(|argument| argument == "--once");
    tracing_subscriber::fmt()
        .with_env_filter("error,rumqttd=off")
        .with_writer(RedactingWriter::stderr(Redactor::default()))
        .init();

    let room = Room::new("living_room", 7);
    let home = Home::builder()
        .camera(CAMERA, Source::Room(room.clone()))
        .todo_list(LIST, "Chores")
        .judge(SceneJudge::new([room.clone()]))
        .start()
        .await?;
    let broker = Broker::start().await?;
    let data = tempfile::tempdir()?;

    let stop = CancellationToken::new();
    let options = AppOptions {
        settings: Ok(settings(&home, &broker, data.path())?),
        listeners: Listeners::without_file(&BTreeMap::new(), Deployment::Standalone),
        host: Host::default(),
        data: data.path().join("data"),
        clock: Clock::system(),
        telemetry: Telemetry::default(),
        declared: DeclaredSource::default(),
        redactor: Redactor::default(),
    };
    let app = App::start(options, stop.clone()).await?;
    say("AICleaner watches a simulated living room. Ctrl-C ends the demo.");
    say(&format!("status page: http://{}/", app.page));
    say(&format!(
        "MQTT broker: 127.0.0.1:{} (topics: aicleaner/#)",
        broker.port()
    ));
    let engine = app.engine().ok_or("the settings were refused")?;
    let mut events = engine.events();
    let running = tokio::spawn(app.run());

    let told = tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => say(&event.to_string()),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
    tokio::select! {
        result = tell_the_story(&room, once) => result?,
        result = tokio::signal::ctrl_c() => result?,
    }
    stop.cancel();
    running.await?;
    told.abort();
    let (done, open): (Vec<_>, Vec<_>) = home
        .todo(LIST)
        .items()
        .into_iter()
        .partition(|item| item.status == Status::Completed);
    say(&format!(
        "ended: {} items done, {} open on the to-do list",
        done.len(),
        open.len()
    ));
    Ok(())
}

async fn tell_the_story(room: &Arc<Room>, once: bool) -> Result<(), Box<dyn Error>> {
    loop {
        Script::within_a_minute()
            .play(room, |step| say(&happening(step)))
            .await?;
        tokio::time::sleep(EPILOGUE).await;
        if once {
            return Ok(());
        }
    }
}

fn settings(
    home: &Home,
    broker: &Broker,
    folder: &std::path::Path,
) -> Result<Settings, Box<dyn Error>> {
    let yaml = format!(
        "home_assistant: {{url: '{}', token: '{}'}}\n\
         mqtt: {{host: 127.0.0.1, port: {}}}\n\
         web: {{listen: '127.0.0.1:0'}}\n\
         health: {{port: 0}}\n\
         zones: [{{name: Living room, cameras: [{CAMERA}], todo_list: {LIST}}}]\n",
        home.url(),
        home.token().ok_or("the simulated home has no token")?,
        broker.port(),
    );
    let file = folder.join("settings.yaml");
    std::fs::write(&file, yaml)?;
    let mut settings = Settings::load(
        Some(&file),
        &BTreeMap::new(),
        Deployment::Standalone,
        &aicleaner::providers::Kinds,
    )?;
    for zone in &mut settings.zones {
        zone.interval = INTERVAL;
    }
    Ok(settings)
}

fn happening(step: &Step) -> String {
    match step {
        Step::Leave(what) => format!(
            "  (in the room: {} is left lying about)",
            what.replace('-', " ")
        ),
        Step::Tidy(what) => format!("  (in the room: {} is tidied away)", what.replace('-', " ")),
        Step::TidyAll => "  (in the room: everything is tidied away)".to_owned(),
    }
}

fn say(text: &str) {
    let now = Clock::system().now().to_zoned(TimeZone::UTC);
    println!("{} {text}", now.strftime("%H:%M:%S"));
}
