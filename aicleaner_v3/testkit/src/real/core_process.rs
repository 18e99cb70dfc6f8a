//! Runs Home Assistant Core and starts it again when it asks for it, as an operating system's supervisor would.
//! Must never leave a Core behind: it ends with the value that stands for it, and with the process of the test.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::log::Log;
use super::tethered::Tethered;
use super::{Error, in_time};

/// Core's exit status when `homeassistant.restart` was called (`RESTART_EXIT_CODE` in `homeassistant/const.py`).
const RESTART_STATUS: i32 = 100;
/// What Core logs when its HTTP server accepts connections (`homeassistant/components/http/server.py`).
const LISTENING: &str = "Now listening on port";
const LISTENING_WITHIN: Duration = Duration::from_secs(90);
/// Making the Core takes minutes the first time.
const PREPARE_WITHIN: Duration = Duration::from_secs(1800);
const RUN_SCRIPT: &str = include_str!("../../real/run.sh");
const LOG_TAIL: u64 = 60;

/// One run of Core, from its start to its end.
#[derive(Clone, Debug, Default)]
struct Run {
    /// 1 is the first.
    number: u32,
    /// Where its log begins.
    log_position: u64,
    /// How it ended, when nobody starts it again.
    ended: Option<String>,
}

/// A Core that runs until this is dropped.
pub struct CoreProcess {
    runs: watch::Receiver<Run>,
    log: Log,
    supervisor: JoinHandle<()>,
    stop: DropGuard,
}

impl CoreProcess {
    /// Starts a Core of `root` with the configuration in `folder`, and keeps the folder as long as it runs.
    pub fn start(root: PathBuf, folder: Arc<TempDir>) -> Self {
        let (sender, runs) = watch::channel(Run::default());
        let log = Log::new();
        let stop = CancellationToken::new();
        let supervisor = tokio::spawn(supervise(root, folder, log.clone(), sender, stop.clone()));
        Self {
            runs,
            log,
            supervisor,
            stop: stop.drop_guard(),
        }
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The number of the current run: 1 is the first.
    pub fn run(&self) -> u32 {
        self.runs.borrow().number
    }

    /// Waits until run `number` accepts HTTP connections.
    pub async fn wait_until_listening(&self, number: u32) -> Result<(), Error> {
        in_time("Home Assistant's start", LISTENING_WITHIN, async {
            let mut runs = self.runs.clone();
            let position = match runs
                .wait_for(|run| run.number >= number || run.ended.is_some())
                .await
            {
                Ok(run) => run.log_position,
                Err(_) => return Err(self.ended("stopped".to_owned())),
            };
            tokio::select! {
                () = self.log.wait_for(position, LISTENING) => Ok(()),
                status = self.wait_until_ended() => Err(self.ended(status)),
            }
        })
        .await
    }

    /// Waits until Core has ended for good, and says how.
    pub async fn wait_until_ended(&self) -> String {
        let mut runs = self.runs.clone();
        match runs.wait_for(|run| run.ended.is_some()).await {
            Ok(run) => run.ended.clone().unwrap_or_default(),
            Err(_) => "stopped".to_owned(),
        }
    }

    /// Kills Core if it still runs, and waits until nothing of it is left.
    pub async fn kill(self) {
        drop(self.stop);
        let _ = self.supervisor.await;
    }

    fn ended(&self, status: String) -> Error {
        Error::Ended {
            program: "Home Assistant Core",
            status,
            log: self.log.tail(LOG_TAIL).join("\n"),
        }
    }
}

async fn supervise(
    root: PathBuf,
    folder: Arc<TempDir>,
    log: Log,
    runs: watch::Sender<Run>,
    stop: CancellationToken,
) {
    let mut number = 0;
    let ended = loop {
        number += 1;
        runs.send_replace(Run {
            number,
            log_position: log.position(),
            ended: None,
        });
        let mut child = match spawn(&root, folder.path(), &log) {
            Ok(child) => child,
            Err(error) => break error.to_string(),
        };
        let status = tokio::select! {
            status = child.wait() => status,
            () = stop.cancelled() => {
                break child.kill().await.map_or_else(|error| error.to_string(), |()| "killed".to_owned());
            }
        };
        match status {
            Ok(status) if status.code() == Some(RESTART_STATUS) => {}
            Ok(status) => break status.to_string(),
            Err(error) => break error.to_string(),
        }
    };
    runs.send_modify(|run| run.ended = Some(ended));
}

fn spawn(root: &Path, folder: &Path, log: &Log) -> Result<Tethered, Error> {
    let namespaces = [
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--fork",
        "--kill-child",
    ];
    let command = ["sh", "-c", RUN_SCRIPT, "run.sh"];
    let arguments = namespaces
        .iter()
        .chain(&command)
        .map(OsStr::new)
        .chain([root.as_os_str(), folder.as_os_str()]);
    Tethered::spawn("unshare", "util-linux", arguments, log)
}

/// Makes the folder with Core if there is none yet, and returns its path.
///
/// # Errors
/// `NotRoot`, or `Prepare` when the script fails; it tells on standard error what it does and what is missing.
pub async fn prepare() -> Result<PathBuf, Error> {
    let this_process = std::fs::metadata("/proc/self").map_err(Error::io("cannot read /proc"))?;
    if std::os::unix::fs::MetadataExt::uid(&this_process) != 0 {
        return Err(Error::NotRoot);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("real/prepare.sh");
    let output = in_time(
        "the preparation of Home Assistant Core",
        PREPARE_WITHIN,
        async {
            Command::new(&script)
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .kill_on_drop(true)
                .output()
                .await
                .map_err(Error::io(format!("cannot run {}", script.display())))
        },
    )
    .await?;
    if !output.status.success() {
        return Err(Error::Prepare {
            script,
            status: output.status,
        });
    }
    Ok(PathBuf::from(
        String::from_utf8_lossy(&output.stdout).trim_end(),
    ))
}
