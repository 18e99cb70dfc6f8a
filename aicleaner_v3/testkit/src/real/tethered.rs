//! A child process on a tether: it is killed when the value that stands for it is dropped, and also when the test
//! itself is killed, which no destructor would notice. Must never leave the child behind.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;

use super::Error;
use super::log::Log;

/// Runs its arguments as a command, and kills that when its standard input closes.
const SCRIPT: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ read -r _; kill -KILL "$child"; } <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
"#;

/// Where daemons are on Debian, which is not on everybody's `PATH`.
const DAEMONS: &str = "/usr/sbin";

/// A running child process.
pub struct Tethered {
    child: Child,
    tether: Option<ChildStdin>,
    outputs: Vec<JoinHandle<()>>,
}

impl Tethered {
    /// Starts a program of a Debian package; what it writes goes to `log`.
    ///
    /// # Errors
    /// `ProgramMissing` when it is not installed.
    pub fn spawn(
        program: &'static str,
        package: &'static str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        log: &Log,
    ) -> Result<Self, Error> {
        let path = find(program).ok_or(Error::ProgramMissing { program, package })?;
        let mut child = Command::new("sh")
            .args(["-c", SCRIPT, "tether"])
            .arg(path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::io(format!("cannot start {program}")))?;
        let tether = child.stdin.take();
        let outputs = [
            child.stdout.take().map(|output| log.collect(output)),
            child.stderr.take().map(|output| log.collect(output)),
        ];
        Ok(Self {
            child,
            tether,
            outputs: outputs.into_iter().flatten().collect(),
        })
    }

    /// Waits until it ends by itself and its log is complete. Can be cancelled and called again.
    pub async fn wait(&mut self) -> Result<ExitStatus, Error> {
        let status = self
            .child
            .wait()
            .await
            .map_err(Error::io("cannot wait for a child process"))?;
        while let Some(output) = self.outputs.last_mut() {
            let _ = output.await;
            self.outputs.pop();
        }
        Ok(status)
    }

    /// Kills it with SIGKILL and waits until it is gone.
    pub async fn kill(mut self) -> Result<(), Error> {
        self.tether = None;
        self.wait().await.map(drop)
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from(DAEMONS)])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_child_that_ends_gives_its_status_and_all_of_its_log() {
        let log = Log::new();
        let mut child =
            Tethered::spawn("sh", "dash", ["-c", "echo out; echo err >&2; exit 3"], &log).unwrap();

        let status = child.wait().await.unwrap();

        assert_eq!(status.code(), Some(3));
        let mut lines = log.tail(2);
        lines.sort();
        assert_eq!(lines, ["err", "out"]);
    }

    #[tokio::test]
    async fn a_killed_child_is_gone() {
        let log = Log::new();
        let child =
            Tethered::spawn("sh", "dash", ["-c", "echo $$; exec sleep 1000"], &log).unwrap();
        log.wait_for(0, "").await;
        let process = PathBuf::from("/proc").join(log.text());
        assert!(process.exists());

        child.kill().await.unwrap();

        assert!(!process.exists());
    }

    #[tokio::test]
    async fn a_missing_program_is_named_with_its_package() {
        let result = Tethered::spawn("no-such-program", "some-package", [""], &Log::new());

        let error = result.err().unwrap().to_string();

        assert!(
            error.contains("no-such-program") && error.contains("some-package"),
            "{error}"
        );
    }
}
