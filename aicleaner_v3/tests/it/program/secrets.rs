//! Every secret of a whole run is a canary string. It must turn up nowhere: not in the log, on the page, in the
//! API, health, metrics or diagnostics, on MQTT, in the data folder or its backup.

use std::path::{Path, PathBuf};

use aicleaner_testkit::fixtures::{get, get_with_password, wait_until};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::providers::{Api, Fault, Service};
use aicleaner_testkit::real::{BrokerOptions, Mosquitto};
use rumqttc::MqttOptions;

use super::process::{PATIENCE, Program, command};
use crate::mqtt::observer::Observer;
use crate::spine::rig::{CAMERA, LIST, home, until_open};

const KEY: &str = "CANARY-provider-key";
const PASSWORD: &str = "CANARY-page-password";
const BROKER: &str = "CANARY-broker-password";
const MODEL: &str = "eyes-1";
const COMMANDS: &str = "aicleaner/kitchen/assess_now/set";

struct Case {
    home: Home,
    service: Service,
    broker: Mosquitto,
    folder: tempfile::TempDir,
}

impl Case {
    async fn new() -> Self {
        let (home, room) = home().await;
        room.leave("cup-on-desk").unwrap();
        let judge = SceneJudge::new([room]);
        let service = Service::start(Api::OpenAi, KEY, MODEL, judge)
            .await
            .unwrap();
        let options = BrokerOptions {
            user: Some(("aicleaner".to_owned(), BROKER.to_owned())),
            ..BrokerOptions::default()
        };
        let broker = Mosquitto::start_with(&options).await.unwrap();
        Self {
            home,
            service,
            broker,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn settings(&self) -> String {
        let (url, token) = (self.home.url(), self.home.token().unwrap());
        let (base, port) = (self.service.base_url(), self.broker.port());
        format!(
            "home_assistant: {{url: '{url}', token: '{token}'}}\n\
             mqtt: {{host: 127.0.0.1, port: {port}, username: aicleaner, password: {BROKER}}}\n\
             providers: [{{kind: openai, api_key: {KEY}, model: {MODEL}, base_url: '{base}'}}]\n\
             zones: [{{name: Kitchen, cameras: [{CAMERA}], todo_list: {LIST}}}]\n\
             log_level: debug\n"
        )
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn secrets(&self) -> [String; 4] {
        let token = self.home.token().unwrap();
        [KEY, PASSWORD, BROKER, &token].map(ToOwned::to_owned)
    }

    fn assert_without_secrets(&self, what: &str, bytes: &[u8]) {
        for secret in self.secrets() {
            let holds = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!holds, "{what} holds {secret}");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => files(&path),
                false => vec![path],
            }
        })
        .collect()
}

async fn output_of(arguments: &[&str], data: &Path) -> Vec<u8> {
    let output = command()
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    [output.stdout, output.stderr].concat()
}

#[tokio::test]
async fn no_secret_of_a_whole_run_turns_up_anywhere() {
    let case = Case::new().await;
    let mut login = MqttOptions::new("observer", "127.0.0.1", case.broker.port());
    login.set_credentials("aicleaner", BROKER);
    let mut observer = Observer::start_with(login).await;
    let program = Program::start(
        case.folder.path(),
        &case.settings(),
        &[("AICLEANER__WEB__PASSWORD", PASSWORD)],
    )
    .await;

    // One good assessment, and then one whose answer repeats the key.
    until_open(&case.home, &["Take the cup to the kitchen"]).await;
    case.service.fail_always(Some(Fault::BadKey));
    let asked = case.service.requests().len();
    observer.send(COMMANDS, b"PRESS", false).await;
    wait_until(PATIENCE, "the refused request", || async {
        case.service.requests().len() > asked
    })
    .await
    .unwrap();
    let page = format!("http://127.0.0.1:{}", program.page);
    let health = format!("http://127.0.0.1:{}", program.health);
    wait_until(PATIENCE, "the failure on the page", || async {
        let shown = get_with_password(&page, PASSWORD).await.unwrap().1;
        shown.contains("AIC-") || shown.contains("key")
    })
    .await
    .unwrap();

    for path in ["/", "/api/v1/zones/kitchen/last-request"] {
        let (status, text) = get_with_password(&format!("{page}{path}"), PASSWORD)
            .await
            .unwrap();
        assert_eq!(status, 200, "{path}");
        case.assert_without_secrets(path, text.as_bytes());
    }
    for path in ["/health/live", "/health/ready", "/metrics"] {
        let (_, text) = get(&format!("{health}{path}")).await.unwrap();
        case.assert_without_secrets(path, text.as_bytes());
    }
    let diagnosis = output_of(&["diagnose"], &case.data()).await;
    assert!(diagnosis.len() > 100, "the diagnosis says something");
    case.assert_without_secrets("diagnose", &diagnosis);
    case.assert_without_secrets("backup", &output_of(&["backup"], &case.data()).await);

    let last = "aicleaner/availability";
    program.signal("TERM").await;
    let seen = observer.collect_until(last, "offline").await;
    assert!(seen.len() > 10, "MQTT was listened to: {}", seen.len());
    for message in seen {
        case.assert_without_secrets(&message.topic, message.topic.as_bytes());
        case.assert_without_secrets(&message.topic, &message.payload);
    }
    let (_, log) = program.ended().await;
    assert!(log.contains("AIC-"), "the failure was logged: {log}");
    case.assert_without_secrets("the log", log.as_bytes());
    let kept = files(&case.data());
    assert!(!kept.is_empty());
    for file in kept {
        case.assert_without_secrets(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
}
