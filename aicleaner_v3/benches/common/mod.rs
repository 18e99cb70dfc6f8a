//! What the benches share: the built program as a child process, medians, and how a report is published.

use std::error::Error;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aicleaner_testkit::fixtures::{free_port, wait_for};
use aicleaner_testkit::home::Home;
use aicleaner_testkit::report::Report;

pub const PATIENCE: Duration = Duration::from_secs(60);

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The running program, killed when dropped.
pub struct Program {
    child: Child,
    health: u16,
    started: Instant,
}

impl Program {
    /// Starts it with these zones (YAML, one a line of a list), connected to `home` and the broker.
    pub fn start(home: &Home, broker: u16, zones: &[String], folder: &Path) -> Result<Self> {
        let health = free_port()?;
        let yaml = format!(
            "home_assistant: {{url: '{}', token: '{}'}}\nmqtt: {{host: 127.0.0.1, port: {broker}}}\n\
             web: {{listen: '127.0.0.1:0'}}\nhealth: {{port: {health}}}\nzones: [{}]\n",
            home.url(),
            home.token().ok_or("no token")?,
            zones.join(", ")
        );
        let settings = folder.join("settings.yaml");
        std::fs::write(&settings, yaml)?;
        let started = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_aicleaner"))
            .args(["run", "--settings"])
            .arg(&settings)
            .arg("--data")
            .arg(folder.join("data"))
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            child,
            health,
            started,
        })
    }

    /// Milliseconds from the spawn to the first `200`.
    pub fn until_live(&self) -> Result<f64> {
        while self.started.elapsed() < PATIENCE {
            if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.health)) {
                std::io::Write::write_all(&mut stream, b"GET /health/live HTTP/1.0\r\n\r\n")?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer)?;
                if answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200") {
                    return Ok(self.started.elapsed().as_secs_f64() * 1e3);
                }
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Err("the program did not come to life".into())
    }

    /// Resident memory in MB (10^6 bytes) once it has not changed for two seconds.
    pub async fn at_rest(&self) -> Result<f64> {
        let (mut last, mut since) = (0, Instant::now());
        wait_for(PATIENCE, "the memory to come to rest", || {
            let now = self.resident();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            let rest = (since.elapsed() > Duration::from_secs(2)).then_some(last);
            async move { rest }
        })
        .await
        .map(|kilobytes| kilobytes as f64 * 1024.0 / 1e6)
        .map_err(Into::into)
    }

    /// Resident memory now, in kB.
    pub fn resident(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// Has [`Self::peak`] count from now on (Linux, Documentation/filesystems/proc.rst: `clear_refs`).
    ///
    /// # Errors
    /// When the kernel does not allow it.
    pub fn forget_peak(&self) -> std::io::Result<()> {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")
    }

    /// The most resident memory so far, in kB.
    pub fn peak(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// A line of `/proc/PID/status`, in kB.
    fn status(&self, name: &str) -> u64 {
        std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .ok()
            .and_then(|status| {
                let line = status
                    .lines()
                    .find(|line| line.starts_with(name))?
                    .to_owned();
                line.split_whitespace().nth(1)?.parse().ok()
            })
            .unwrap_or(0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints the report's table and writes it for machines.
///
/// # Errors
/// When it can't be written.
pub fn publish(report: &Report) -> Result<()> {
    println!("{}", report.table());
    let file = report.write(
        Path::new(env!("CARGO_MANIFEST_DIR")),
        env!("CARGO_PKG_VERSION"),
    )?;
    println!("written to {}", file.display());
    Ok(())
}
