//! Our requests before a server that nobody here wrote: LiteLLM's proxy (from PyPI, with mock responses) takes
//! what we send in OpenAI's, Anthropic's and Gemini's formats, with a picture, and we read what it answers.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aicleaner::providers::Charge;
use aicleaner::router::RouteError;
use aicleaner::telemetry::Telemetry;
use aicleaner_testkit::fixtures::{free_port, get, wait_until};
use aicleaner_testkit::providers::Api;
use tokio::process::{Child, Command};

use super::rig::{MODEL, Rig, router, settings};

const KEY: &str = "sk-CANARY-litellm";
const ANSWER: &str = r#"{"score": 62, "summary": "A cup is out.", "findings": [{"title": "Take the cup to the kitchen", "location": "desk", "category": "put_away", "priority": "normal", "minutes": 1, "confidence": 0.9, "task": null, "box": null}], "tasks": [{"id": "t1", "state": "present", "confidence": 0.8}]}"#;

struct Proxy {
    /// Ends with the test.
    _process: Child,
    url: String,
}

impl Proxy {
    async fn start(folder: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("testkit/real/litellm.sh");
        let installed = Command::new(script)
            .stderr(Stdio::inherit())
            .output()
            .await
            .unwrap();
        assert!(installed.status.success(), "LiteLLM could not be installed");
        let program = String::from_utf8(installed.stdout).unwrap();
        let config = folder.join("litellm.yaml");
        let model = format!(
            "model_list: [{{model_name: {MODEL}, litellm_params: {{model: openai/gpt-4o-mini, api_key: none, mock_response: '{ANSWER}'}}}}]\n"
        );
        std::fs::write(
            &config,
            format!("{model}general_settings: {{master_key: {KEY}}}\n"),
        )
        .unwrap();
        let port = free_port().unwrap();
        let log = std::fs::File::create(folder.join("litellm.log")).unwrap();
        let process = Command::new(program.trim())
            .args([
                "--host",
                &Ipv4Addr::LOCALHOST.to_string(),
                "--port",
                &port.to_string(),
                "--config",
            ])
            .arg(&config)
            // Nothing leaves the machine: prices from its own copy, no statistics, and nothing beyond loopback.
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .env("LITELLM_TELEMETRY", "False")
            .env_remove("DATABASE_URL")
            .current_dir(folder)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let url = format!("http://{}:{port}", Ipv4Addr::LOCALHOST);
        let alive = format!("{url}/health/liveliness");
        let up = wait_until(Duration::from_secs(120), "LiteLLM", || async {
            get(&alive).await.is_ok_and(|(status, _)| status == 200)
        });
        if up.await.is_err() {
            let log = std::fs::read_to_string(folder.join("litellm.log")).unwrap_or_default();
            panic!("LiteLLM did not start: {log}");
        }
        Self {
            _process: process,
            url,
        }
    }
}

#[tokio::test]
#[ignore = "installs LiteLLM from PyPI; part of the end-to-end tests"]
async fn litellm_takes_our_requests_in_every_format_and_we_read_its_answers() {
    let folder = tempfile::tempdir().unwrap();
    let proxy = Proxy::start(folder.path()).await;
    let room = Rig::new(Api::OpenAi).await;
    let request = room.request(&["Fold the blanket"]);

    for (kind, path) in [
        ("openai", "/v1"),
        ("anthropic", "/v1"),
        ("gemini", "/v1beta"),
    ] {
        let settings = settings(&format!(
            "check_sight: false\nproviders: [{{kind: {kind}, api_key: {KEY}, model: {MODEL}, base_url: '{}{path}'}}]",
            proxy.url
        ));
        let data = tempfile::tempdir().unwrap();
        let router = router(&settings, &data, &Telemetry::default()).await;

        let judged = router
            .assess(&[], request.clone())
            .await
            .unwrap_or_else(|error| panic!("{kind}: {error:?}"));

        assert_eq!(judged.verdict.score.get(), 62, "{kind}");
        assert_eq!(
            judged.verdict.findings[0].title, "Take the cup to the kitchen",
            "{kind}"
        );
        assert_eq!(judged.verdict.judgements.len(), 1, "{kind}");
        let sent = router.last_requests().of(&request.zone).unwrap();
        assert_eq!(sent.pictures.len(), 1, "{kind}");
    }

    let wrong = settings(&format!(
        "check_sight: false\nproviders: [{{kind: openai, api_key: sk-CANARY-wrong, model: {MODEL}, base_url: '{}/v1'}}]",
        proxy.url
    ));
    let data = tempfile::tempdir().unwrap();
    let router = router(&wrong, &data, &Telemetry::default()).await;
    let error = router.assess(&[], request).await.unwrap_err();
    // Without a database of keys LiteLLM has no word of its own for a wrong one.
    assert!(
        matches!(&error, RouteError::Provider { error, .. } if error.charge == Charge::Nothing),
        "{error:?}"
    );
    assert!(
        !format!("{error:?}").contains("sk-CANARY-wrong"),
        "{error:?}"
    );
}
