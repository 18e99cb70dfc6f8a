//! What must outlive the program: SQLite in the data folder, on a thread of its own.
//! One instance at a time; a change of state and the effects it causes are one transaction.

mod assessments;
mod cameras;
mod copies;
mod diagnosis;
mod error;
mod handle;
mod history;
mod items;
mod jobs;
mod ledger;
mod lock;
mod opening;
mod outbox;
mod providers;
mod retention;
mod rows;
mod schema;
mod switches;
mod tasks;
mod thread;
mod upkeep;
mod zones;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::model::{Assessment, Effect, EntityId, Job, Task, TaskId};

pub use cameras::CameraRecord;
pub use diagnosis::diagnosis;
pub use error::StoreError;
pub use history::{AuditEntry, HistoryEntry, TaskEvent};
pub use items::{ItemChange, LinkedItem, ListRecord};
pub use jobs::{JobRow, JobStage};
pub use ledger::{Admission, LedgerEntry, LedgerId, Periods, Settlement};
pub use opening::{Opening, Restored};
pub use outbox::{OutboxRow, RowId, Stage};
pub use providers::{BreakerRecord, SelfTestRecord};
pub use retention::{Pruned, Retention};
pub use upkeep::{UpkeepOptions, upkeep};
pub use zones::ZoneRecord;

/// The file name of the database in the data folder.
pub const DATABASE: &str = "aicleaner.db";

/// The store's handle. Cheap to clone; the database closes when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Store {
    thread: thread::DatabaseThread,
    folder: PathBuf,
}

/// What one assessment, or one user action of people, changed in a zone: all of it is stored, or nothing.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The zone as it is now.
    pub zone: ZoneRecord,
    /// What is remembered of its cameras, as far as it changed.
    pub cameras: Vec<CameraRecord>,
    /// The assessment that caused it, if one did.
    pub assessment: Option<Assessment>,
    /// New tasks, and tasks that changed.
    pub tasks: Vec<Task>,
    /// What is to be done on Home Assistant because of it.
    pub effects: Vec<Effect>,
    /// What else is to be done in the home because of it.
    pub jobs: Vec<Job>,
    /// Effects of these tasks on these lists that no longer matter.
    pub unqueued: Vec<(TaskId, EntityId)>,
    /// What was seen of the tasks' items.
    pub items: Vec<ItemChange>,
    /// What happened to the tasks and why.
    pub history: Vec<HistoryEntry>,
    /// The person's command that caused it, if one did.
    pub audit: Option<AuditEntry>,
    /// When.
    pub at: Timestamp,
}

impl Commit {
    /// Nothing but the zone as it is now.
    pub fn of(zone: ZoneRecord, at: Timestamp) -> Self {
        Self {
            zone,
            cameras: Vec::new(),
            assessment: None,
            tasks: Vec::new(),
            effects: Vec::new(),
            jobs: Vec::new(),
            unqueued: Vec::new(),
            items: Vec::new(),
            history: Vec::new(),
            audit: None,
            at,
        }
    }
}

/// How much of a commit was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// All of it.
    All,
    /// All but the assessment: there is no room for it.
    WithoutAssessment,
}

/// What is known of one list and its rows at one moment.
#[derive(Debug, Clone, Default)]
pub struct ListRows {
    /// The effects that wait, in the order in which they were caused.
    pub rows: Vec<OutboxRow>,
    /// The tasks that live and have an item there, and all tasks whose item is shown.
    pub linked: Vec<LinkedItem>,
}

impl Store {
    /// Opens the database in `folder`, makes it if there is none, brings its schema up to date. A broken or
    /// missing one is replaced by the last good copy, which [`Opening`] tells.
    ///
    /// # Errors
    /// When the folder can't be used, another instance has it, or the database is newer.
    pub async fn open(folder: &Path, clock: Clock) -> Result<(Self, Opening), StoreError> {
        let lock = lock::DataLock::take(folder)?;
        let (thread, opening) = thread::DatabaseThread::start(folder, lock, clock).await?;
        let folder = folder.to_owned();
        Ok((Self { thread, folder }, opening))
    }

    /// A database that ends with the program, for commands that must not touch the data folder.
    ///
    /// # Errors
    /// When there is no memory or no thread for it.
    pub async fn in_memory(clock: Clock) -> Result<Self, StoreError> {
        let thread = thread::DatabaseThread::in_memory(clock).await?;
        Ok(Self {
            thread,
            folder: PathBuf::new(),
        })
    }

    /// Waits until all that was asked is stored, and closes the database.
    pub async fn close(self) {
        self.thread.close().await;
    }
}

/// Makes the whole copy of the database in `folder` that a backup of the home takes, also while an AICleaner
/// runs there. Returns where it is.
///
/// # Errors
/// When there is no database, or it can't be read or copied.
pub fn copy_for_backups(folder: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let file = folder.join(DATABASE);
    if !file.exists() {
        return Err(StoreError::Folder {
            folder: folder.to_owned(),
            reason: std::io::Error::new(std::io::ErrorKind::NotFound, "it holds no database yet"),
        });
    }
    copies::make(&file, folder, copies::FOR_BACKUPS, now)
}

#[cfg(test)]
mod tests;
