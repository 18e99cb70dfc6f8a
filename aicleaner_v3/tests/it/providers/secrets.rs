//! Every key of these tests is a canary string. It must turn up nowhere: not in logs, errors, metrics, what
//! was sent, or the files in the data folder.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use aicleaner::model::ZoneId;
use aicleaner::telemetry::{RedactingWriter, Redactor};
use aicleaner_testkit::providers::{Api, Fault};
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::rig::{ALL, KEY, Rig};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_key_turns_up_nowhere() {
    let captured = Captured::default();
    let target = captured.clone();
    // Without the second wall: nothing is registered with its redactor.
    let writer = RedactingWriter::new(Redactor::default(), move || target.clone());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(writer)
        .finish();
    // While there is one subscriber alone, whether a line is logged is settled for all by the thread that comes to it
    // first, and other tests have none (tracing-core, `callsite::dispatchers`).
    let _second = tracing::Dispatch::new(NoSubscriber::default());
    let faults = [
        None,
        Some(Fault::BadKey),
        Some(Fault::Html),
        Some(Fault::BreaksOff),
        Some(Fault::Says("?".to_owned())),
    ];
    let keyed = ALL.into_iter().filter(|api| *api != Api::Ollama);
    let cases = keyed.flat_map(|api| faults.iter().map(move |fault| tell(api, fault.clone())));
    let work = futures_util::future::join_all(cases);
    work.with_subscriber(subscriber).await;

    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(log.contains("provider failed"), "the log was captured");
    let line = log.lines().find(|line| line.contains(KEY));
    assert_eq!(line, None);
}

/// One assessment, and one more after the service has gone: all that is printed of them is looked through.
async fn tell(api: Api, fault: Option<Fault>) {
    let rig = Rig::new(api).await;
    rig.service.fail_always(fault);
    let answer = format!("{:?}", rig.judged().await);
    rig.service.stop().await.unwrap();
    let zone = ZoneId::parse("kitchen").unwrap();
    let printed = [
        answer,
        format!("{:?}", rig.judged().await),
        format!("{:?}", rig.router.last_requests().of(&zone)),
        rig.telemetry.metrics().render(),
    ];
    assert!(!printed.concat().contains(KEY), "{api:?}: {printed:#?}");
    for file in std::fs::read_dir(rig.data.path()).unwrap() {
        assert!(!holds_key(&file.unwrap().path()), "{api:?}");
    }
}

fn holds_key(file: &Path) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes
        .windows(KEY.len())
        .any(|window| window == KEY.as_bytes())
}
