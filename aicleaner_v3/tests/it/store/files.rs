//! The image's recipe and the AppArmor profile: what they allow, and that they say the same.

use super::{keys, text, yaml};

/// The lines of the profile that are rules.
fn rules() -> Vec<String> {
    text("apparmor.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// Supervisor takes the first `profile` at the line's start and renames it.
#[test]
fn there_is_one_profile_and_it_is_enforced() {
    let profile = text("apparmor.txt");
    let heads: Vec<_> = profile
        .lines()
        .filter(|line| line.starts_with("profile "))
        .collect();
    let slug = yaml("config.yaml")["slug"].as_str().unwrap().to_owned();

    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(
        heads[0].starts_with(&format!("profile {slug} ")),
        "{}",
        heads[0]
    );
    assert!(!heads[0].contains("complain") && !heads[0].contains("unconfined"));
}

#[test]
fn the_profile_allows_no_shell_no_raw_socket_and_few_capabilities() {
    let rules = rules();
    let capabilities: Vec<_> = rules
        .iter()
        .filter_map(|rule| rule.strip_prefix("capability "))
        .collect();
    let programs: Vec<_> = rules
        .iter()
        .filter(|rule| {
            rule.split_whitespace()
                .nth(1)
                .is_some_and(|mode| rule.starts_with('/') && mode.contains('x'))
        })
        .filter_map(|rule| rule.split_whitespace().next())
        .collect();

    // Four to give up root, and one for Docker's init to pass the stop signal on to another user's process.
    assert_eq!(
        capabilities,
        ["chown,", "setuid,", "setgid,", "setpcap,", "kill,"]
    );
    assert_eq!(programs, ["/sbin/docker-init", "/aicleaner"]);
    for rule in &rules {
        for word in [
            "raw",
            "packet",
            "mount",
            "ptrace",
            "dbus",
            "change_profile",
            "unix (",
        ] {
            assert!(!rule.split([' ', ',']).any(|part| part == word), "{rule}");
        }
        assert!(
            !rule.contains("abstractions/base"),
            "{rule} would allow far more than we need"
        );
        assert!(
            !rule.starts_with("/** ")
                && !rule.starts_with("file,")
                && !rule.starts_with("network,"),
            "{rule}"
        );
    }
}

/// Docker's init is the first process and sends the signals on, under the same profile, which Supervisor renames.
#[test]
fn the_profile_lets_signals_through_whatever_it_is_called() {
    let slug = yaml("config.yaml")["slug"].as_str().unwrap().to_owned();
    let rules = rules();

    assert!(rules.contains(&format!("signal (send, receive) peer=*_{slug},")));
    assert!(rules.contains(&"signal (receive) peer=unconfined,".to_owned()));
}

#[test]
fn the_image_is_empty_but_for_the_program_and_checks_its_health() {
    let recipe = text("Dockerfile");
    let last = recipe.rsplit("\nFROM ").next().unwrap();

    assert!(last.starts_with("scratch\n"));
    assert!(last.contains("HEALTHCHECK --interval=5s CMD [\"/aicleaner\", \"healthcheck\"]"));
    assert!(last.contains("ENTRYPOINT [\"/aicleaner\"]"));
    assert!(!last.contains("\nRUN ") && !last.contains("\nUSER "));
    let user = text("rootfs/etc/passwd");
    assert!(user.contains("aicleaner:x:65532:65532:") && last.contains("AICLEANER_RUN_AS=65532"));
}

#[test]
fn the_build_file_mirrors_the_recipes_base_for_our_architectures() {
    let recipe = text("Dockerfile");
    let base = recipe
        .lines()
        .find_map(|line| line.strip_prefix("ARG BUILD_FROM="))
        .unwrap();
    let build = yaml("build.yaml");
    let manifest = yaml("config.yaml");
    let arches: Vec<_> = manifest["arch"]
        .as_vec()
        .unwrap()
        .iter()
        .filter_map(|arch| arch.as_str())
        .collect();

    assert_eq!(keys(&build), ["build_from"]);
    assert_eq!(keys(&build["build_from"]), arches);
    for arch in arches {
        assert_eq!(build["build_from"][arch].as_str(), Some(base), "{arch}");
    }
}

/// The image is built with the compiler that the sources are checked with.
#[test]
fn the_build_base_has_the_pinned_compiler() {
    let toolchain = text("rust-toolchain.toml");
    let channel = toolchain.split('"').nth(1).unwrap();

    assert!(
        text("Dockerfile").contains(&format!("rust:{channel}-alpine")),
        "{channel}"
    );
}
