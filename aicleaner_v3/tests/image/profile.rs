//! The AppArmor profile: parsed by AppArmor's own parser, and loaded for the test where the kernel has AppArmor.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::container::succeed;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("apparmor.txt")
}

/// The parser takes it, without the kernel and without a cache.
pub fn is_good() {
    succeed(
        Command::new("apparmor_parser")
            .args(["--skip-kernel-load", "--skip-cache"])
            .arg(file()),
    );
}

pub fn kernel_can() -> bool {
    Path::new("/sys/kernel/security/apparmor/profiles").exists()
}

/// The profile in the kernel, under a name of its own; gone when dropped.
pub struct Loaded {
    name: String,
    file: tempfile::NamedTempFile,
}

impl Loaded {
    /// Named as Supervisor does: the repository, then the slug.
    pub fn new() -> Self {
        let name = "test0000_aicleaner_v3".to_owned();
        let text = std::fs::read_to_string(file()).unwrap();
        let text = text.replacen("profile aicleaner_v3 ", &format!("profile {name} "), 1);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        succeed(
            Command::new("apparmor_parser")
                .args(["--replace", "--skip-cache"])
                .arg(file.path()),
        );
        Self { name, file }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let _ = Command::new("apparmor_parser")
            .arg("--remove")
            .arg(self.file.path())
            .status();
    }
}
