//! A container runtime as the test needs it: podman on the images that `scripts/image.sh` keeps beside the build, or
//! docker on its own. It ends only containers that it started.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Podman's programs for one purpose each, chosen so that it runs where systemd does not.
const PODMAN: [&str; 8] = [
    "--storage-driver",
    "vfs",
    "--events-backend",
    "file",
    "--cgroup-manager",
    "cgroupfs",
    "--runtime",
    "runc",
];

/// This machine's architecture, in the store's words.
pub fn native() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        other => other,
    }
}

/// Where `scripts/image.sh` left its work.
fn work() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("target"),
            PathBuf::from,
        )
        .join("image")
}

/// A command of the container runtime.
pub fn command() -> Command {
    let store = work().join("store");
    if store.is_dir() {
        let mut command = Command::new("podman");
        command
            .args(PODMAN)
            .args(["--root".as_ref(), store.as_os_str()])
            .args(["--runroot".as_ref(), work().join("run").as_os_str()]);
        command
    } else {
        Command::new("docker")
    }
}

/// The options for an init like Docker's, which docker has and podman is told of.
pub fn init() -> Vec<&'static str> {
    match work().join("store").is_dir() {
        true => vec!["--init", "--init-path", "/usr/bin/tini-static"],
        false => vec!["--init"],
    }
}

/// Runs it and gives what it printed.
pub fn succeed(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(
        output.status.success(),
        "{command:?}:\n{}",
        output_text(&output)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn output_text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The image of one architecture.
pub struct Image {
    pub arch: &'static str,
    pub name: String,
}

impl Image {
    pub fn of(arch: &'static str) -> Self {
        Self {
            arch,
            name: format!("aicleaner:{}-{arch}", env!("CARGO_PKG_VERSION")),
        }
    }

    pub fn is_emulated(&self) -> bool {
        self.arch != native()
    }

    /// The size of all that a registry would hand out.
    pub fn compressed_mb(&self) -> f64 {
        fn size(folder: &Path) -> u64 {
            std::fs::read_dir(folder)
                .unwrap_or_else(|e| panic!("{}: {e}: run make image", folder.display()))
                .map(|entry| {
                    let entry = entry.unwrap();
                    let found = entry.metadata().unwrap();
                    if found.is_dir() {
                        size(&entry.path())
                    } else {
                        found.len()
                    }
                })
                .sum()
        }
        let bytes = u32::try_from(size(&work().join(format!("layers-{}", self.arch)))).unwrap();
        f64::from(bytes) / 1e6
    }

    /// What the image says of itself.
    pub fn says_what_it_is(&self) {
        let text = succeed(command().args(["image", "inspect", &self.name]));
        let all: Value = serde_json::from_str(&text).unwrap();
        let image = &all[0];
        let config = &image["Config"];
        let health = [&image["Healthcheck"], &config["Healthcheck"]]
            .into_iter()
            .find(|health| health.is_object())
            .expect("the image has a health check");
        assert_eq!(
            health["Test"],
            serde_json::json!(["CMD", "/aicleaner", "healthcheck"])
        );
        assert_eq!(health["Interval"], 5_000_000_000_u64);
        assert_eq!(config["Entrypoint"], serde_json::json!(["/aicleaner"]));
        let labels = &config["Labels"];
        assert_eq!(labels["io.hass.arch"], self.arch);
        assert_eq!(labels["io.hass.version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(labels["org.opencontainers.image.licenses"], "Apache-2.0");
    }
}

/// The emulator of aarch64, known to the kernel while this lives, unless it was before.
pub struct Emulator {
    registered: bool,
}

impl Emulator {
    const FOLDER: &str = "/proc/sys/fs/binfmt_misc";
    const NAME: &str = "qemu-aarch64";

    /// Needs root and the package qemu-user-static.
    pub fn for_aarch64() -> Self {
        let folder = Path::new(Self::FOLDER);
        if folder.join(Self::NAME).exists() {
            return Self { registered: false };
        }
        if !folder.join("register").exists() {
            succeed(Command::new("mount").args(["-t", "binfmt_misc", "binfmt_misc", Self::FOLDER]));
        }
        let rule = std::fs::read("/usr/lib/binfmt.d/qemu-aarch64.conf")
            .expect("the package qemu-user-static is installed");
        std::fs::write(folder.join("register"), rule.trim_ascii()).unwrap();
        Self { registered: true }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if self.registered {
            let _ = std::fs::write(Path::new(Self::FOLDER).join(Self::NAME), "-1");
        }
    }
}

/// A running container; gone when dropped.
pub struct Container {
    id: String,
}

impl Container {
    /// Starts one with the options and the arguments for the program.
    pub fn start(image: &Image, options: &[&str], arguments: &[&str]) -> Self {
        let id = succeed(
            command()
                .args(["run", "--detach", "--network", "none", "--pull", "never"])
                .args([
                    "--ulimit",
                    "nofile=1024:1024",
                    "--ulimit",
                    "nproc=4096:4096",
                ])
                .args(options)
                .arg(&image.name)
                .args(arguments),
        );
        Self { id }
    }

    pub fn inspect(&self, what: &str) -> String {
        succeed(command().args(["inspect", "--format", what, &self.id]))
    }

    /// The program's process on this machine: the container's first, or the child of its init.
    pub fn process(&self) -> u32 {
        let first = self.inspect("{{.State.Pid}}").parse().unwrap();
        let children =
            std::fs::read_to_string(format!("/proc/{first}/task/{first}/children")).unwrap();
        let child = children
            .split_whitespace()
            .next()
            .and_then(|child| child.parse().ok());
        child.unwrap_or(first)
    }

    /// Whether the image's health check passes.
    pub fn is_healthy(&self) -> bool {
        command()
            .args(["exec", &self.id, "/aicleaner", "healthcheck"])
            .output()
            .is_ok_and(|output| output.status.success())
    }

    pub fn run(&self, arguments: &[&str]) -> String {
        succeed(command().args(["exec", &self.id]).args(arguments))
    }

    /// Sends SIGTERM and waits for the end, as Supervisor does.
    pub fn stop(&self) {
        succeed(command().args(["stop", "--time", "15", &self.id]));
    }

    pub fn log(&self) -> String {
        let output = command().args(["logs", &self.id]).output().unwrap();
        output_text(&output)
    }

    /// What changed in its file system, apart from what is mounted there.
    pub fn changes(&self) -> Vec<String> {
        succeed(command().args(["diff", &self.id]))
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let _ = command()
            .args(["rm", "--force", "--time", "1", &self.id])
            .output();
    }
}
