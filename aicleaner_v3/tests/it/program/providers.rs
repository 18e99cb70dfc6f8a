//! `aicleaner check --providers`: a test picture for each provider, from the command line.

use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::providers::{Api, Fault, Service};
use aicleaner_testkit::scene::Room;

use super::process::command;
use crate::providers::rig::{KEY, MODEL, provider};

/// What `check --providers` says about one provider, and its exit code.
async fn checked(service: &Service, api: Api) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    let provider = provider(api, &service.base_url(), "");
    let home = "home_assistant: {url: 'http://127.0.0.1:9', token: unused-token}";
    std::fs::write(&file, format!("{home}\nproviders: [{provider}]\n")).unwrap();
    let output = command()
        .args(["check", "--providers", "--settings"])
        .arg(&file)
        .output()
        .await
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    assert!(!printed.contains(KEY), "{printed}");
    (output.status.code(), printed)
}

async fn service(api: Api) -> Service {
    let judge = SceneJudge::new([Room::new("kitchen", 7)]);
    Service::start(api, KEY, MODEL, judge).await.unwrap()
}

#[tokio::test]
async fn a_provider_that_sees_passes_the_check() {
    for api in [Api::Gemini, Api::OpenAi, Api::Anthropic, Api::Ollama] {
        let (code, printed) = checked(&service(api).await, api).await;

        assert_eq!(code, Some(0), "{api:?}: {printed}");
        assert!(printed.contains("sees:"), "{printed}");
    }
}

#[tokio::test]
async fn a_provider_that_guesses_is_called_blind() {
    let service = service(Api::OpenAi).await;
    let guess = r#"{"shapes": [{"number": 1, "colour": "red"}]}"#;
    service.fail_always(Some(Fault::Says(guess.to_owned())));

    let (code, printed) = checked(&service, Api::OpenAi).await;

    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("does not see our pictures"), "{printed}");
}

#[tokio::test]
async fn a_wrong_key_is_told_with_what_to_do() {
    let service = service(Api::Anthropic).await;
    service.fail_always(Some(Fault::BadKey));

    let (code, printed) = checked(&service, Api::Anthropic).await;

    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("AIC-"), "{printed}");
}
