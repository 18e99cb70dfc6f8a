//! The built program as a process of its own. It never outlives the test, however that ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aicleaner_testkit::fixtures;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

const STARTED: &str = "AICleaner has started";
const STARTED_WITHIN: Duration = Duration::from_secs(20);
const ENDED_WITHIN: Duration = Duration::from_secs(20);

pub struct Program {
    child: Child,
    log: Log,
    /// Where the status page is.
    pub page: String,
    /// Where health and metrics are.
    pub health: String,
}

/// How a program ended that was asked to.
pub struct Ended {
    pub status: ExitStatus,
    pub after: Duration,
    pub log: String,
}

impl Program {
    /// Starts `binary` by itself, and waits until it says that it has started.
    pub async fn start(binary: &Path, settings: &Path, data: &Path) -> Self {
        // The kernel kills it with the thread that started it, so also when the test is killed.
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(binary)
            .arg("run")
            .arg("--settings")
            .arg(settings)
            .arg("--data")
            .arg(data)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("setpriv of the Debian package util-linux");
        let log = Log::default();
        log.collect(child.stderr.take().unwrap());
        let mut program = Self {
            child,
            log,
            page: String::new(),
            health: String::new(),
        };
        let started = program.logged_within(STARTED, 1, STARTED_WITHIN).await;
        let address = |name: &str| {
            let value = started.split(&format!(" {name}=")).nth(1).unwrap();
            format!("http://{}", value.split(' ').next().unwrap())
        };
        (program.page, program.health) = (address("page"), address("health"));
        program
    }

    /// All that it logged.
    pub fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    /// How many lines of its log contain `text`.
    pub fn count(&self, text: &str) -> usize {
        self.log.matching(text).len()
    }

    /// Waits until `count` lines of its log contain `text`, and returns the last of them.
    pub async fn logged(&self, text: &str, count: usize) -> String {
        self.logged_within(text, count, Duration::from_secs(60))
            .await
    }

    async fn logged_within(&self, text: &str, count: usize, within: Duration) -> String {
        let mut written = self.log.written.subscribe();
        let found = timeout(within, async {
            loop {
                let has_ended = *written.borrow_and_update();
                let mut lines = self.log.matching(text);
                if lines.len() >= count {
                    return lines.swap_remove(count - 1);
                }
                assert!(!has_ended, "it ended before it logged {text:?}");
                written.changed().await.unwrap();
            }
        });
        match found.await {
            Ok(line) => line,
            Err(_) => panic!(
                "{text:?} was not logged {count} times within {within:?}:\n{}",
                self.log()
            ),
        }
    }

    /// The status page.
    pub async fn read_page(&self) -> String {
        fixtures::get(&self.page).await.unwrap().1
    }

    /// Asks it to stop with SIGTERM, and waits until it has ended.
    pub async fn stop(mut self) -> Ended {
        let id = self.child.id().unwrap().to_string();
        let asked = Instant::now();
        let sent = Command::new("sh")
            .args(["-c", "kill -TERM \"$1\"", "sh", &id])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
        let status = timeout(ENDED_WITHIN, self.child.wait())
            .await
            .unwrap_or_else(|_| panic!("SIGTERM did not end it:\n{}", self.log()))
            .unwrap();
        Ended {
            status,
            after: asked.elapsed(),
            log: self.log(),
        }
    }

    /// Kills it with SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

impl Drop for Program {
    /// Shows the log with a test that fails.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the program's log:\n{}", self.log());
        }
    }
}

#[derive(Clone)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    /// Whether it has ended.
    written: watch::Sender<bool>,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            lines: Arc::default(),
            written: watch::Sender::new(false),
        }
    }
}

impl Log {
    fn collect(&self, output: impl tokio::io::AsyncRead + Unpin + Send + 'static) {
        let log = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                log.lines.lock().unwrap().push(line);
                log.written.send_replace(false);
            }
            log.written.send_replace(true);
        });
    }

    fn matching(&self, text: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        lines
            .iter()
            .filter(|line| line.contains(text))
            .cloned()
            .collect()
    }
}
