//! Follows what a person declares while the program runs: Supervisor's live options, or the settings file. Tells each
//! new version once, checked; applies nothing. `/data/options.json` is not followed: Supervisor writes it at the
//! start alone (`supervisor/apps/app.py`, `write_options`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::home_assistant::Supervisor;
use crate::providers::Kinds;
use crate::settings::{Deployment, Settings, SettingsError};

/// How often Supervisor is asked.
pub const POLL_SUPERVISOR: Duration = Duration::from_secs(30);
/// How often the file is looked at. A file that is being written is left alone until it rests so long.
pub const POLL_FILE: Duration = Duration::from_secs(2);

/// Where the settings come from.
#[derive(Debug, Clone, Default)]
pub struct DeclaredSource {
    /// The settings file, if there is one.
    pub file: Option<PathBuf>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// Changes when a person asks to read the settings again (SIGHUP).
    pub nudge: Option<watch::Receiver<u64>>,
}

/// A settings file and how it was seen last.
#[derive(Debug)]
pub struct FileWatch {
    path: PathBuf,
    known: Stamp,
    /// Seen once since: it must be the same the next time.
    newer: Option<Stamp>,
}

type Stamp = Option<(SystemTime, u64)>;

impl FileWatch {
    /// The file as it is now is known already.
    pub fn new(path: PathBuf) -> Self {
        let known = stamp(&path);
        Self {
            path,
            known,
            newer: None,
        }
    }

    /// Whether the file is another one than before and rests.
    fn has_changed(&mut self) -> bool {
        let now = stamp(&self.path);
        if now == self.known {
            self.newer = None;
            return false;
        }
        if self.newer.replace(now) != Some(now) {
            return false;
        }
        self.known = now;
        self.newer = None;
        true
    }

    fn note(&mut self) {
        self.known = stamp(&self.path);
        self.newer = None;
    }
}

fn stamp(path: &std::path::Path) -> Stamp {
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

enum From {
    Supervisor {
        supervisor: Supervisor,
        known: Option<Value>,
    },
    File(FileWatch),
    Nowhere,
}

/// Follows one source.
pub struct DeclaredWatch {
    from: From,
    environment: BTreeMap<String, String>,
    nudge: Option<watch::Receiver<u64>>,
    every: Duration,
    deployment: Deployment,
}

impl DeclaredWatch {
    /// Of the app's options.
    pub fn of_app(supervisor: Supervisor, source: DeclaredSource) -> Self {
        Self {
            from: From::Supervisor {
                supervisor,
                known: None,
            },
            environment: source.environment,
            nudge: source.nudge,
            every: POLL_SUPERVISOR,
            deployment: Deployment::App,
        }
    }

    /// Of the standalone program's file.
    pub fn of_file(source: DeclaredSource) -> Self {
        Self {
            from: source
                .file
                .map_or(From::Nowhere, |path| From::File(FileWatch::new(path))),
            environment: source.environment,
            nudge: source.nudge,
            every: POLL_FILE,
            deployment: Deployment::Standalone,
        }
    }

    /// Waits for the next version, and reads and checks it.
    ///
    /// # Errors
    /// When it can't be used.
    pub async fn next(&mut self) -> Result<Settings, SettingsError> {
        loop {
            let is_asked = tokio::select! {
                () = sleep(self.every) => false,
                () = asked(&mut self.nudge) => true,
            };
            match &mut self.from {
                From::Supervisor { supervisor, known } => {
                    // Without an answer nothing is known to have changed.
                    let Ok(options) = supervisor.options().await else {
                        continue;
                    };
                    if !is_asked && known.as_ref() == Some(&options) {
                        continue;
                    }
                    *known = Some(options.clone());
                    return Settings::of_options(
                        options,
                        &self.environment,
                        self.deployment,
                        &Kinds,
                    );
                }
                From::File(file) => {
                    if is_asked {
                        file.note();
                    } else if !file.has_changed() {
                        continue;
                    }
                    return Settings::load(
                        Some(&file.path),
                        &self.environment,
                        self.deployment,
                        &Kinds,
                    );
                }
                From::Nowhere => {}
            }
        }
    }
}

/// Returns when somebody asks; never, if nobody can.
async fn asked(nudge: &mut Option<watch::Receiver<u64>>) {
    if let Some(nudge) = nudge
        && nudge.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    const KITCHEN: &str = "home_assistant: {url: 'http://ha:8123', token: t}\nzones: [{name: Kitchen, cameras: [camera.a]}]\n";

    fn follow(
        text: &str,
    ) -> (
        tempfile::TempDir,
        PathBuf,
        watch::Sender<u64>,
        DeclaredWatch,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.yaml");
        std::fs::write(&file, text).unwrap();
        let nudge = watch::Sender::new(0);
        let followed = DeclaredWatch::of_file(DeclaredSource {
            file: Some(file.clone()),
            environment: BTreeMap::new(),
            nudge: Some(nudge.subscribe()),
        });
        (folder, file, nudge, followed)
    }

    #[tokio::test(start_paused = true)]
    async fn a_changed_file_is_read_once_it_rests() {
        let (_folder, file, _nudge, mut followed) = follow(KITCHEN);
        let still = tokio::time::timeout(Duration::from_secs(60), followed.next()).await;
        std::fs::write(&file, format!("{KITCHEN}language: de\n")).unwrap();

        let new = followed.next().await.unwrap();

        assert!(still.is_err(), "nothing had changed");
        assert_eq!(new.language.as_deref(), Some("de"));
        let again = tokio::time::timeout(Duration::from_secs(60), followed.next()).await;
        assert!(again.is_err(), "told once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_bad_file_is_told_with_the_reason_and_a_nudge_reads_at_once() {
        let (_folder, file, nudge, mut followed) = follow(KITCHEN);
        std::fs::write(&file, "zones: [{name: A}]").unwrap();
        nudge.send_modify(|count| *count += 1);

        let error = followed.next().await.unwrap_err();

        assert!(error.to_string().contains("cameras"), "{error}");
    }
}
