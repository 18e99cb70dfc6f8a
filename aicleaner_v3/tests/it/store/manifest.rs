//! `config.yaml`: taken without a warning, silent in the linter, and of the highest security rating.

use yaml_rust2::Yaml;

use super::{keys, yaml};

/// The keys we use, of those that Supervisor knows: it drops others in silence, and the linter refuses them.
const KNOWN: [&str; 20] = [
    "name",
    "version",
    "slug",
    "description",
    "url",
    "image",
    "arch",
    "homeassistant",
    "homeassistant_api",
    "services",
    "ingress",
    "panel_title",
    "panel_icon",
    "timeout",
    "backup_pre",
    "backup_exclude",
    "options",
    "schema",
    "breaking_versions",
    "stage",
];

/// A key that says what holds anyway is an error to the linter.
const DEFAULTS: [(&str, &str); 9] = [
    ("init", "true"),
    ("boot", "auto"),
    ("startup", "application"),
    ("hassio_role", "default"),
    ("stage", "stable"),
    ("timeout", "10"),
    ("ingress_port", "8099"),
    ("backup", "hot"),
    ("panel_icon", "mdi:puzzle"),
];

fn manifest() -> Yaml {
    yaml("config.yaml")
}

fn plain(node: &Yaml) -> String {
    match node {
        Yaml::String(text) | Yaml::Real(text) => text.clone(),
        Yaml::Integer(number) => number.to_string(),
        Yaml::Boolean(flag) => flag.to_string(),
        other => format!("{other:?}"),
    }
}

fn list(node: &Yaml) -> Vec<String> {
    node.as_vec().into_iter().flatten().map(plain).collect()
}

#[test]
fn the_manifest_has_what_is_needed_and_nothing_unknown() {
    let manifest = manifest();
    for key in [
        "name",
        "version",
        "slug",
        "description",
        "arch",
        "image",
        "url",
    ] {
        assert!(!manifest[key].is_badvalue(), "{key} is missing");
    }
    for key in keys(&manifest) {
        assert!(KNOWN.contains(&key), "{key} is not one of ours");
        assert_ne!(plain(&manifest[key]), "false", "{key} is false anyway");
    }
    for (key, default) in DEFAULTS {
        assert_ne!(plain(&manifest[key]), default, "{key} is {default} anyway");
    }
}

#[test]
fn the_manifest_says_where_it_runs_and_how_it_is_called() {
    let manifest = manifest();

    assert_eq!(list(&manifest["arch"]), ["aarch64", "amd64"]);
    assert_eq!(
        manifest["version"].as_str(),
        Some(env!("CARGO_PKG_VERSION")),
        "quoted, and Cargo.toml's"
    );
    let slug = manifest["slug"].as_str().unwrap();
    assert!(
        slug.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)),
        "{slug}"
    );
    let image = manifest["image"].as_str().unwrap();
    assert!(
        !image.contains('{') && !image.contains(':'),
        "{image} has no architecture and no tag"
    );
    assert_eq!(image, image.to_lowercase());
    let core = manifest["homeassistant"].as_str().unwrap();
    assert!(
        core.split('.').count() == 3 && core.split('.').all(|part| part.parse::<u32>().is_ok()),
        "{core}"
    );
    let timeout = manifest["timeout"].as_i64().unwrap();
    assert!((11..=300).contains(&timeout), "{timeout}");
}

/// The arithmetic of `rating_security` in Supervisor's apps/utils.py: 5 to start from, one for an AppArmor profile of
/// our own, two for ingress; all else takes away.
#[test]
fn the_security_rating_is_the_highest() {
    let manifest = manifest();
    let takes_away = [
        "privileged",
        "kernel_modules",
        "hassio_role",
        "host_network",
        "host_pid",
        "host_ipc",
        "host_uts",
        "host_dbus",
        "docker_api",
        "full_access",
        "apparmor",
        "auth_api",
        "hassio_api",
        "devices",
        "map",
        "ports",
        "watchdog",
    ];
    for key in takes_away {
        assert!(manifest[key].is_badvalue(), "{key} is not needed");
    }
    let profile = i32::from(super::app().join("apparmor.txt").is_file());
    let ingress = if manifest["ingress"].as_bool() == Some(true) {
        2
    } else {
        0
    };

    assert_eq!(5 + profile + ingress, 8);
    assert_eq!(list(&manifest["services"]), ["mqtt:want"]);
    assert_eq!(manifest["homeassistant_api"].as_bool(), Some(true));
}

/// The patterns are matched from the right against the path as Supervisor sees it.
#[test]
fn a_backup_takes_the_copy_and_not_the_database_at_work() {
    let manifest = manifest();
    let excluded = list(&manifest["backup_exclude"]);

    assert_eq!(manifest["backup_pre"].as_str(), Some("/aicleaner backup"));
    assert!(
        excluded.contains(&"aicleaner.db".to_owned()),
        "{excluded:?}"
    );
    assert!(
        !excluded
            .iter()
            .any(|pattern| pattern.contains("copy") || pattern == "*.db" || pattern == "backup/*")
    );
}
