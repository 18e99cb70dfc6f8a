use std::collections::BTreeMap;

use super::Kinds;
use crate::model::Usd;
use crate::settings::{Deployment, Settings, SettingsError};

fn load(yaml: &str) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    std::fs::write(&file, yaml).unwrap();
    Settings::load(Some(&file), &BTreeMap::new(), Deployment::App, &Kinds)
}

fn fault(yaml: &str) -> String {
    load(yaml).unwrap_err().to_string()
}

const GEMINI: &str = "{kind: gemini, api_key: CANARY-KEY, model: gemini-2.5-flash-lite}";
const OLLAMA: &str = "{kind: ollama, base_url: 'http://192.168.1.5:11434', model: 'gemma3:4b'}";

#[test]
fn each_kind_has_a_least_that_works() {
    let settings = load(&format!(
        "providers: [{GEMINI}, {OLLAMA}, {{kind: openai, api_key: CANARY-KEY, model: gpt-5-mini}},
         {{kind: anthropic, api_key: CANARY-KEY, model: claude-haiku-4-5}}, {{kind: ai_task}},
         {{kind: openai, name: lmstudio, base_url: 'http://nas.local:1234/v1', model: qwen2.5-vl-7b}}]"
    ))
    .unwrap();

    let names: Vec<_> = settings
        .providers
        .iter()
        .map(|provider| provider.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "gemini",
            "ollama",
            "openai",
            "anthropic",
            "ai_task",
            "lmstudio"
        ]
    );
    let priced: Vec<_> = settings
        .providers
        .iter()
        .map(|provider| provider.price.map(|price| price.is_free()))
        .collect();
    assert_eq!(
        priced,
        [
            Some(false),
            Some(true),
            Some(false),
            Some(false),
            None,
            Some(true)
        ]
    );
}

#[test]
fn keys_are_in_no_text_about_the_settings() {
    let settings = load(&format!("providers: [{GEMINI}]")).unwrap();

    assert_eq!(settings.secrets().count(), 1);
    assert!(!format!("{settings:?}").contains("CANARY-KEY"));
}

#[test]
fn what_does_not_fit_is_told_with_its_path() {
    let cases = [
        (
            "providers: [{kind: gemini, model: gemini-2.5-flash}]",
            "providers[0].api_key",
            "key",
        ),
        (
            "providers: [{kind: ollama, model: 'gemma3:4b'}]",
            "providers[0].base_url",
            "192.168.1.5:11434",
        ),
        (
            "providers: [{kind: openai, api_key: CANARY-KEY}]",
            "providers[0].model",
            "gpt-5-mini",
        ),
        (
            "providers: [{kind: openai, api_key: CANARY-KEY, model: '../x'}]",
            "providers[0].model",
            "../x",
        ),
        (
            "providers: [{kind: ai_task, model: x}]",
            "providers[0].model",
            "no such setting",
        ),
        (
            "providers: [{kind: openai, api_key: CANARY-KEY, model: x, base_url: 'http://api.example.com/v1'}]",
            "providers[0].base_url",
            "https://",
        ),
        (
            "providers: [{kind: openai, model: x, base_url: 'http://me:CANARY-KEY@nas.local/v1'}]",
            "providers[0].base_url",
            "api_key",
        ),
        (
            "providers: [{kind: ai_task}, {kind: ai_task}]",
            "providers[1].name",
            "twice",
        ),
        (
            "providers: [{kind: gemini, api_key: CANARY-KEY, model: x, price_input: 1}]",
            "providers[0]",
            "both",
        ),
        (
            "providers: [{kind: gemini, api_key: CANARY-KEY, model: x, price_per_call: -1}]",
            "providers[0].price_per_call",
            "0 to 1000000",
        ),
        (
            "providers: [{kind: ai_task, price_per_call: '0.1'}]",
            "providers[0].price_per_call",
            "amount",
        ),
        ("language: 'not a language'", "language", "pt-BR"),
        (
            "zones: [{name: A, cameras: [camera.a], providers: [nobody]}]",
            "zones[0].providers[0]",
            "ai_task",
        ),
    ];
    for (yaml, path, allowed) in cases {
        let told = fault(yaml);
        assert!(told.contains(path), "{told}");
        assert!(told.contains(allowed), "{told}");
        assert!(!told.contains("CANARY-KEY"), "{told}");
    }
}

#[test]
fn a_cap_on_money_asks_for_a_price_where_none_is_known() {
    let budget = "budget: {usd_per_month: 2.5}\n";

    let no_price = fault(&format!("{budget}providers: [{{kind: ai_task}}]"));
    let default = fault(budget);
    let unknown = fault(&format!(
        "{budget}providers: [{{kind: openai, api_key: k, model: gpt-99}}]"
    ));
    let told = load(&format!(
        "{budget}providers: [{{kind: ai_task, price_per_call: 0.002}}, {GEMINI}, {OLLAMA}]"
    ))
    .unwrap();

    assert!(no_price.contains("price_per_call"), "{no_price}");
    assert!(default.contains("price_per_call"), "{default}");
    assert!(unknown.contains("price_input"), "{unknown}");
    assert_eq!(told.caps.cost_per_month, Some(Usd::from_micros(2_500_000)));
    assert_eq!(
        told.providers[0].price.unwrap().call,
        Usd::from_micros(2_000)
    );
}

#[test]
fn local_only_refuses_what_leaves_the_house_and_says_why() {
    let refused = [
        GEMINI,
        "{kind: openai, api_key: k, model: gpt-5-mini}",
        "{kind: anthropic, api_key: k, model: claude-haiku-4-5}",
        "{kind: ollama, base_url: 'https://ollama.example.com', model: 'gemma3:4b'}",
        "{kind: ollama, base_url: 'http://192.168.1.5:11434', model: 'qwen3-vl:235b-cloud'}",
    ];
    for provider in refused {
        let told = fault(&format!("local_only: true\nproviders: [{provider}]"));
        assert!(told.contains("leave the house"), "{provider}: {told}");
    }

    // Which integration an AI Task entity belongs to is asked before the first picture.
    let kept = format!(
        "local_only: true\nproviders: [{OLLAMA}, {{kind: ai_task}}, {{kind: openai, name: vpn, base_url: 'https://gpu.example.com/v1', model: x, local: true}}]"
    );
    assert!(load(&kept).unwrap().local_only);
}

#[test]
fn a_zone_may_have_an_order_of_its_own() {
    let settings = load(&format!("providers: [{GEMINI}, {OLLAMA}]\nzones: [{{name: A, cameras: [camera.a], providers: [ollama]}}]")).unwrap();

    assert_eq!(settings.zones[0].providers, ["ollama"]);
}
