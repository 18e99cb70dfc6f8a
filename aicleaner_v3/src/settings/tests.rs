use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::providers::Kinds;

pub(super) fn load(yaml: &str, deployment: Deployment) -> Result<Settings, SettingsError> {
    load_with(yaml, &[], deployment)
}

fn load_with(
    yaml: &str,
    environment: &[(&str, &str)],
    deployment: Deployment,
) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    std::fs::write(&file, yaml).unwrap();
    let environment: BTreeMap<_, _> = environment
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    Settings::load(Some(&file), &environment, deployment, &Kinds)
}

pub(super) fn fault(yaml: &str) -> String {
    load(yaml, Deployment::App).unwrap_err().to_string()
}

const KITCHEN: &str = "zones: [{name: Kitchen, cameras: [camera.kitchen]}]";

#[test]
fn a_name_and_a_camera_are_enough_for_a_zone() {
    let settings = load(KITCHEN, Deployment::App).unwrap();

    let zone = &settings.zones[0];
    assert_eq!(zone.id.as_str(), "kitchen");
    assert_eq!(zone.cameras[0].as_str(), "camera.kitchen");
    assert_eq!(zone.interval, Duration::from_secs(15 * 60));
    assert_eq!(settings.providers.len(), 1);
}

#[test]
fn no_zone_at_all_is_valid() {
    assert!(load("", Deployment::App).unwrap().zones.is_empty());
    assert!(load("zones: []", Deployment::App).unwrap().zones.is_empty());
    assert!(
        Settings::load(None, &BTreeMap::new(), Deployment::App, &Kinds)
            .unwrap()
            .zones
            .is_empty()
    );
}

#[test]
fn a_fault_names_the_path_what_was_found_and_what_is_allowed() {
    let cases = [
        (
            "zones: [{name: A, cameras: [camera.a]}, {name: B, cameras: [kitchen]}]",
            "zones[1].cameras[0]: ",
            "\"kitchen\"",
            "camera.kitchen",
        ),
        (
            "zones: [{name: A, cameras: [light.a]}]",
            "zones[0].cameras[0]: ",
            "light.a",
            "domain camera",
        ),
        (
            "zones: [{name: A, cameras: []}]",
            "zones[0].cameras: ",
            "0 cameras",
            "1 to 8",
        ),
        (
            "zones: [{name: A, camera: camera.a}]",
            "zones[0].camera: ",
            "`camera`",
            "`cameras`",
        ),
        (
            "zones: [{name: A, cameras: [camera.a], interval_minutes: '15'}]",
            "zones[0].interval_minutes: ",
            "\"15\"",
            "whole number from 1 to 10080",
        ),
        (
            "zones: [{name: A, cameras: [camera.a], interval_minutes: 1.7}]",
            "zones[0].interval_minutes: ",
            "1.7",
            "whole number",
        ),
        (
            "zones: [{name: A, cameras: [camera.a], interval_minutes: 0}]",
            "zones[0].interval_minutes: ",
            "0",
            "from 1 to",
        ),
        (
            "zones: [{name: 5, cameras: [camera.a]}]",
            "zones[0].name: ",
            "5",
            "text of at most 60 characters",
        ),
        (
            "zones: [{cameras: [camera.a]}]",
            "zones[0]: ",
            "missing field",
            "`name`",
        ),
        (
            "zones: [{name: A, cameras: [camera.a]}, {name: a, cameras: [camera.b]}]",
            "zones[1]: ",
            "id a twice",
            "another name",
        ),
        (
            "zones: [{name: A, cameras: [camera.a], todo_list: shopping}]",
            "zones[0].todo_list: ",
            "\"shopping\"",
            "entity id",
        ),
        ("zones: kitchen", "zones: ", "\"kitchen\"", "a sequence"),
        (
            "mqtt: {port: 70000, host: broker}",
            "mqtt.port: ",
            "70000",
            "1 to 65535",
        ),
        ("mqtt: {port: 1883}", "mqtt.host: ", "nothing", "host name"),
        (
            "mqtt: {host: 'mqtt://broker'}",
            "mqtt.host: ",
            "mqtt://broker",
            "without scheme",
        ),
        (
            "mqtt: {publish_pictures: 'yes'}",
            "mqtt.publish_pictures: ",
            "\"yes\"",
            "a boolean",
        ),
        (
            "providers: [{kind: magic}]",
            "providers[0].kind: ",
            "`magic`",
            "`ai_task`",
        ),
        ("log_level: loud", "log_level: ", "`loud`", "`info`"),
        (
            "instance: 'a/b'",
            "instance: ",
            "\"a/b\"",
            "lower case letters",
        ),
        ("surprise: 1", "surprise: ", "`surprise`", "`zones`"),
    ];
    for (yaml, path, found, allowed) in cases {
        let text = fault(yaml);
        assert!(
            text.starts_with(path) && text.contains(found) && text.contains(allowed),
            "{yaml}\n{text}"
        );
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let text = fault("zones: [{name: A, cameras: []}, {name: B, cameras: [light.b]}]");

    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn a_secret_never_stands_in_a_fault() {
    for yaml in [
        "mqtt: {host: b, password: 8675309}",
        "mqtt: {host: b, password: 8675309.5}",
        "web: {password: s3cret}",
        "mqtt: {host: b, password: [8675309]}",
    ] {
        let text = fault(yaml);
        assert!(
            !text.contains("8675309") && !text.contains("s3cret"),
            "{text}"
        );
    }
}

#[test]
fn standalone_needs_an_address_and_a_token() {
    let text = load(KITCHEN, Deployment::Standalone)
        .unwrap_err()
        .to_string();

    assert!(text.starts_with("home_assistant: found nothing"), "{text}");
    for url in [
        "homeassistant.local",
        "ftp://x",
        "http://",
        "http://a/b",
        "http://user:pass@a",
    ] {
        let text = load(
            &format!("home_assistant: {{url: '{url}', token: abcd}}"),
            Deployment::Standalone,
        )
        .unwrap_err()
        .to_string();
        assert!(
            text.starts_with("home_assistant.url: ") && !text.contains("pass@"),
            "{text}"
        );
    }
    assert!(
        load(
            "home_assistant: {url: 'http://ha:8123/', token: abcd}",
            Deployment::Standalone
        )
        .is_ok()
    );
}

#[test]
fn standalone_does_not_listen_wider_without_a_password() {
    let yaml =
        "home_assistant: {url: 'http://ha:8123', token: abcd}\nweb: {listen: '0.0.0.0:8099'}";

    let text = load(yaml, Deployment::Standalone).unwrap_err().to_string();

    assert!(text.starts_with("web.password: "), "{text}");
}

#[test]
fn the_environment_wins_over_the_file_and_keeps_types_strict() {
    let environment = [
        ("AICLEANER__MQTT__HOST", "broker"),
        ("AICLEANER__MQTT__PORT", "1884"),
        ("AICLEANER__MQTT__PASSWORD", "12345678"),
        ("AICLEANER__MQTT__PUBLISH_PICTURES", "false"),
        ("AICLEANER__ZONES__0__NAME", "42"),
        ("AICLEANER__ZONES__0__CAMERAS__1", "camera.second"),
        ("UNRELATED", "x"),
    ];

    let settings = load_with(KITCHEN, &environment, Deployment::App).unwrap();

    let broker = settings.mqtt.broker.unwrap();
    assert_eq!((broker.host.as_str(), broker.port), ("broker", 1884));
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&broker.password.unwrap()),
        "12345678"
    );
    assert!(!settings.mqtt.publish_pictures);
    assert_eq!(settings.zones[0].name, "42");
    assert_eq!(settings.zones[0].cameras.len(), 2);
}

#[test]
fn a_bad_value_from_the_environment_is_told_with_its_path() {
    let text = load_with(
        KITCHEN,
        &[("AICLEANER__MQTT__PORT", "many")],
        Deployment::App,
    )
    .unwrap_err()
    .to_string();
    assert!(
        text.starts_with("mqtt.port: ") && text.contains("\"many\""),
        "{text}"
    );

    let text = load_with(
        KITCHEN,
        &[("AICLEANER__ZONES__7__NAME", "B")],
        Deployment::App,
    )
    .unwrap_err()
    .to_string();
    assert!(text.contains("AICLEANER__ZONES__7__NAME"), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_or_parsed_says_so() {
    let missing = Settings::load(
        Some(Path::new("/nonexistent/settings.yaml")),
        &BTreeMap::new(),
        Deployment::App,
        &Kinds,
    )
    .unwrap_err();
    assert!(
        matches!(&missing, SettingsError::Unreadable(_))
            && missing.to_string().contains("/nonexistent/settings.yaml")
    );

    let broken = load("zones: [", Deployment::App).unwrap_err();
    assert!(matches!(broken, SettingsError::Unreadable(_)), "{broken}");
}

#[test]
fn secrets_are_not_in_the_debug_form() {
    let settings = load(
        "mqtt: {host: b, password: canary-1}\nweb: {password: canary-22}",
        Deployment::App,
    )
    .unwrap();

    assert!(!format!("{settings:?}").contains("canary"));
    assert_eq!(settings.secrets().count(), 2);
}

proptest::proptest! {
    #[test]
    fn any_text_is_settings_or_one_clear_fault(text in "\\PC{0,200}") {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("options.json");
        std::fs::write(&file, &text).unwrap();

        if let Err(error) = Settings::load(Some(&file), &BTreeMap::new(), Deployment::App, &Kinds) {
            proptest::prop_assert!(!error.to_string().is_empty());
        }
    }
}

/// A self-signed certificate, as a text field of one line keeps it.
const OWN_CA: &str = "-----BEGIN CERTIFICATE----- MIIBdjCCARugAwIBAgIUL8+z04qtzDsPwfWIHyAtQJ9PRHUwCgYIKoZIzj0EAwIw DzENMAsGA1UEAwwEaG9tZTAgFw0yNjExMjAxMDM0MTBaGA8yMTI2MTAyNzEwMzQx MFowDzENMAsGA1UEAwwEaG9tZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGlv 0MLEyVkZaLzu+HUy0NO+WRu4FYudaO2XJXcupwswiYszw3x/UhVcS65uZUkG0Ie0 LaUSLRqwWz7SYQG7YZ6jUzBRMB0GA1UdDgQWBBSXZM0/DOjUK4T1/bI9xhdMZ1XI kTAfBgNVHSMEGDAWgBSXZM0/DOjUK4T1/bI9xhdMZ1XIkTAPBgNVHRMBAf8EBTAD AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDUjPPtGW/07iK3+yUmFZPIenk8jcgp9K0d GHohmUiTXAIhANJuNufgmzaxnsfLAUB42+e5bpOoX0jgbMrx14fSrx9B -----END CERTIFICATE-----";

#[test]
fn additional_certificates_may_be_on_one_line() {
    let settings = load(
        &format!("{KITCHEN}\nca_certificates: '{OWN_CA}'"),
        Deployment::App,
    )
    .unwrap();

    let pem = settings.own_ca.unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"), "{pem}");
    assert!(crate::tls::client_config(Some(pem.as_bytes())).is_ok());
    let none = load(&format!("{KITCHEN}\nca_certificates: ''"), Deployment::App).unwrap();
    assert_eq!(none.own_ca, None);
}

#[test]
fn what_is_no_certificate_is_refused() {
    for text in [
        "/ssl/ca.pem",
        "-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE-----",
    ] {
        let fault = fault(&format!("{KITCHEN}\nca_certificates: '{text}'"));

        assert!(
            fault.contains("ca_certificates: found no usable certificate"),
            "{fault}"
        );
    }
}
