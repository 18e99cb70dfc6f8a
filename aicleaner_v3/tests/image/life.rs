//! One life of a container: started in one of the ways there are, healthy, looked at from outside, stopped.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;
use std::time::{Duration, Instant};

use super::container::{Container, Image, init};

/// Some user of a person's own.
pub const ANOTHER_USER: u32 = 12_345;

/// How long to wait for a container, emulated ones too.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// For how long the memory is watched.
const WATCHED: Duration = Duration::from_secs(3);

/// How it is started.
#[derive(Clone, Copy)]
pub enum Start<'a> {
    /// As Supervisor does: root, root's data folder, options only root can read.
    AsApp,
    /// The same, with a root file system that can't be written to.
    AsAppOnAReadOnlyRoot,
    /// The same, with those capabilities only that giving up root needs.
    WithFourCapabilities,
    /// The same, under an init of the runtime, with the capabilities that the AppArmor profile leaves.
    UnderAnInit,
    /// The same, under the loaded AppArmor profile.
    UnderProfile(&'a str),
    /// By itself, as a user of a person's own, with nothing of root at all.
    AsAnotherUser,
}

/// What was seen.
pub struct Life {
    pub healthy_ms: f64,
    pub stop_ms: f64,
    pub idle_mb: f64,
    pub user: u32,
    pub group: u32,
    pub extra_groups: Vec<u32>,
    /// All sets together.
    pub capabilities: u64,
    pub effective: u64,
    pub no_new_privileges: bool,
    pub data: Vec<String>,
    pub data_owners: Vec<u32>,
    pub written_elsewhere: Vec<String>,
    pub exit_code: i32,
    pub log: String,
}

const SETTINGS: &str = "\
home_assistant: {url: 'http://127.0.0.1:9', token: none}
providers: [{kind: reference}]
zones: [{name: Kitchen, cameras: [camera.kitchen]}]
";
const OPTIONS: &str = r#"{"zones": [{"name": "Kitchen", "cameras": ["camera.kitchen"]}], "providers": [], "budget": {}, "mqtt": {}}"#;

/// What the runtime itself puts into a container.
const RUNTIMES: [&str; 8] = [
    "/data",
    "/dev",
    "/etc",
    "/proc",
    "/run",
    "/sys",
    "/tmp",
    "/settings.yaml",
];

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// One number of `/proc/PID/status`, by its name.
fn status(process: u32) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect()
}

fn numbers(text: &str) -> Vec<u32> {
    text.split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect()
}

fn same(ids: &str) -> u32 {
    let ids = numbers(ids);
    assert!(
        ids.iter().all(|id| *id == ids[0]),
        "real, effective and saved are one: {ids:?}"
    );
    ids[0]
}

fn resident_mb(process: u32) -> f64 {
    let rss = status(process)["VmRSS"].clone();
    numbers(rss.trim_end_matches(" kB"))[0].into()
}

/// The smallest that it comes to rest at.
fn idle_mb(process: u32) -> f64 {
    let end = Instant::now() + WATCHED;
    let mut least = f64::MAX;
    while Instant::now() < end {
        least = least.min(resident_mb(process));
        std::thread::sleep(PAUSE * 10);
    }
    least / 1024.0
}

fn entries(folder: &Path) -> Vec<(String, u32)> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.metadata().unwrap().uid(),
            )
        })
        .collect();
    found.sort();
    found
}

fn written_elsewhere(changes: &[String]) -> Vec<String> {
    changes
        .iter()
        .filter(|change| {
            let path = change.split_once(' ').map_or("", |(_, path)| path);
            !RUNTIMES
                .iter()
                .any(|own| path == *own || path.starts_with(&format!("{own}/")))
        })
        .cloned()
        .collect()
}

/// Lives it.
pub fn live(image: &Image, start: Start) -> Life {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mount = format!("{}:/data", data.display());
    let settings = folder.path().join("settings.yaml");
    std::fs::write(&settings, SETTINGS).unwrap();
    let mounted_settings = format!("{}:/settings.yaml:ro", settings.display());
    let as_app = !matches!(start, Start::AsAnotherUser);
    if as_app {
        let options = data.join("options.json");
        std::fs::write(&options, OPTIONS).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&options, private).unwrap();
    } else {
        chown(&data, Some(ANOTHER_USER), Some(ANOTHER_USER)).unwrap();
    }
    let user = format!("{ANOTHER_USER}:{ANOTHER_USER}");
    let profile;
    let mut options = vec!["--volume", mount.as_str()];
    if as_app {
        options.extend(["--env", "SUPERVISOR_TOKEN=not-a-real-token"]);
    }
    match start {
        Start::AsApp => {}
        Start::AsAppOnAReadOnlyRoot => options.extend(["--read-only", "--read-only-tmpfs=false"]),
        Start::WithFourCapabilities => options.extend([
            "--cap-drop",
            "all",
            "--cap-add",
            "chown",
            "--cap-add",
            "setuid",
            "--cap-add",
            "setgid",
            "--cap-add",
            "setpcap",
        ]),
        Start::UnderAnInit => {
            options.extend([
                "--cap-drop",
                "all",
                "--cap-add",
                "chown",
                "--cap-add",
                "setuid",
                "--cap-add",
                "setgid",
                "--cap-add",
                "setpcap",
                "--cap-add",
                "kill",
            ]);
            options.extend(init());
        }
        Start::UnderProfile(name) => {
            profile = format!("apparmor={name}");
            options.extend(["--security-opt", &profile]);
            options.extend(init());
        }
        Start::AsAnotherUser => options.extend([
            "--user",
            &user,
            "--cap-drop",
            "all",
            "--read-only",
            "--read-only-tmpfs=false",
            "--volume",
            &mounted_settings,
        ]),
    }
    let arguments: &[&str] = if as_app {
        &[]
    } else {
        &["run", "--settings", "/settings.yaml"]
    };

    let container = Container::start(image, &options, arguments);
    let started = Instant::now();
    while !container.is_healthy() {
        assert!(
            started.elapsed() < PATIENCE,
            "it is not healthy:\n{}",
            container.log()
        );
        std::thread::sleep(PAUSE);
    }
    let healthy_ms = milliseconds(started.elapsed());
    if as_app {
        // As Supervisor runs `backup_pre`: beside the program, as root.
        let said = container.run(&["/aicleaner", "backup"]);
        assert!(said.contains("/data/backup/copy.db"), "{said}");
    }
    let process = container.process();
    let seen = status(process);
    let set = |name: &str| u64::from_str_radix(&seen[name], 16).unwrap();
    let idle_mb = idle_mb(process);
    let stopping = Instant::now();
    container.stop();
    let stop_ms = milliseconds(stopping.elapsed());
    let (data, data_owners) = entries(&data).into_iter().unzip();
    Life {
        healthy_ms,
        stop_ms,
        idle_mb,
        user: same(&seen["Uid"]),
        group: same(&seen["Gid"]),
        extra_groups: numbers(&seen["Groups"]),
        capabilities: ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]
            .iter()
            .fold(0, |all, name| all | set(name)),
        effective: set("CapEff") | set("CapPrm"),
        no_new_privileges: seen["NoNewPrivs"] == "1",
        data,
        data_owners,
        written_elsewhere: written_elsewhere(&container.changes()),
        exit_code: container.inspect("{{.State.ExitCode}}").parse().unwrap(),
        log: container.log(),
    }
}
