//! What must outlive the program: SQLite in the data folder, on a thread of its own.
//! One instance at a time; a change of state and the effects it causes are one transaction.

mod assessments;
mod cameras;
mod error;
mod ledger;
mod lock;
mod outbox;
mod providers;
mod rows;
mod schema;
mod tasks;
mod thread;
mod zones;

use std::path::Path;

use jiff::Timestamp;

use crate::model::{Assessment, Effect, EntityId, ItemUid, Task, TaskId, ZoneId};

pub use cameras::CameraRecord;
pub use error::StoreError;
pub use ledger::{Admission, LedgerEntry, LedgerId, Periods, Settlement};
pub use outbox::{OutboxRow, RowId, Stage};
pub use providers::{BreakerRecord, SightRecord};
pub use tasks::LinkedItem;
pub use zones::ZoneRecord;

/// The file name of the database in the data folder.
pub const DATABASE: &str = "aicleaner.db";

/// The store's handle. Cheap to clone; the database closes when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Store {
    thread: thread::DatabaseThread,
}

/// What one assessment changed in a zone: all of it is stored, or nothing.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The zone as it is now.
    pub zone: ZoneRecord,
    /// What is remembered of its cameras, as far as it changed.
    pub cameras: Vec<CameraRecord>,
    /// The assessment that caused it, if one did.
    pub assessment: Option<Assessment>,
    /// New tasks, and tasks whose state changed.
    pub tasks: Vec<Task>,
    /// What is to be done on Home Assistant because of it.
    pub effects: Vec<Effect>,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Opens the database in `folder`, makes it if there is none, brings its schema up to date.
    ///
    /// # Errors
    /// When the folder can't be used, another instance has it, the database is newer or broken.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let lock = lock::DataLock::take(folder)?;
        let thread = thread::DatabaseThread::start(folder.join(DATABASE), Some(lock)).await?;
        Ok(Self { thread })
    }

    /// A database that ends with the program, for commands that must not touch the data folder.
    ///
    /// # Errors
    /// When there is no memory or no thread for it.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let thread = thread::DatabaseThread::start(":memory:".into(), None).await?;
        Ok(Self { thread })
    }

    /// Stores one change of a zone, whole.
    ///
    /// # Errors
    /// When the database does not take it; then nothing is stored.
    pub async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                zones::put(&transaction, &commit.zone)?;
                for camera in &commit.cameras {
                    cameras::put(&transaction, &commit.zone.id, camera)?;
                }
                if let Some(assessment) = &commit.assessment {
                    assessments::insert(&transaction, assessment)?;
                }
                for task in &commit.tasks {
                    tasks::put(&transaction, task)?;
                }
                for effect in &commit.effects {
                    outbox::insert(&transaction, effect, commit.at)?;
                }
                transaction.commit()?;
                Ok(())
            })
            .await
    }

    /// The zone as it was stored, if it was.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn zone(&self, zone: ZoneId) -> Result<Option<ZoneRecord>, StoreError> {
        self.thread
            .call(move |connection| zones::get(connection, &zone))
            .await
    }

    /// What is remembered of one camera of a zone, if anything is.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn camera(
        &self,
        zone: ZoneId,
        camera: EntityId,
    ) -> Result<Option<CameraRecord>, StoreError> {
        self.thread
            .call(move |connection| cameras::get(connection, &zone, &camera))
            .await
    }

    /// The zone's tasks that still matter: open ones, and ones that a person ended but whose cause may still be
    /// in the picture; oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn living_tasks(&self, zone: ZoneId) -> Result<Vec<Task>, StoreError> {
        self.thread
            .call(move |connection| tasks::living(connection, &zone))
            .await
    }

    /// The effects on `list` that wait, in the order in which they were caused.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn outbox(&self, list: EntityId) -> Result<Vec<OutboxRow>, StoreError> {
        self.thread
            .call(move |connection| outbox::of_list(connection, &list))
            .await
    }

    /// The lists for which effects wait.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn outbox_lists(&self) -> Result<Vec<EntityId>, StoreError> {
        self.thread
            .call(|connection| outbox::lists(connection))
            .await
    }

    /// How many effects wait in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn outbox_pending(&self) -> Result<u32, StoreError> {
        self.thread
            .call(|connection| outbox::count(connection))
            .await
    }

    /// Records where an effect stands, before or after it is tried.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_stage(&self, row: RowId, stage: Stage) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| outbox::set_stage(connection, row, &stage))
            .await
    }

    /// The effect is confirmed by the list: it leaves the outbox, and if it was an addition the task's item is
    /// known by `uid` from now on. One transaction.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn confirm(&self, row: OutboxRow, uid: ItemUid) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                tasks::link(&transaction, row.effect.task, &row.effect.list, &uid)?;
                outbox::delete(&transaction, row.id)?;
                transaction.commit()?;
                Ok(())
            })
            .await
    }

    /// The effect is no longer wanted or needed: it leaves the outbox.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn drop_effects(&self, rows: Vec<RowId>) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                for row in rows {
                    outbox::delete(&transaction, row)?;
                }
                transaction.commit()?;
                Ok(())
            })
            .await
    }

    /// The open tasks whose item on `list` is known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn open_items(&self, list: EntityId) -> Result<Vec<LinkedItem>, StoreError> {
        self.thread
            .call(move |connection| tasks::open_items(connection, &list))
            .await
    }

    /// The uid of the task's item on `list`, if it is known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn item_of(
        &self,
        task: TaskId,
        list: EntityId,
    ) -> Result<Option<ItemUid>, StoreError> {
        self.thread
            .call(move |connection| tasks::item_of(connection, task, &list))
            .await
    }

    /// All uids on `list` that are ours.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn known_uids(&self, list: EntityId) -> Result<Vec<ItemUid>, StoreError> {
        self.thread
            .call(move |connection| tasks::known_uids(connection, &list))
            .await
    }

    /// Whether the database answers.
    pub async fn is_well(&self) -> bool {
        self.thread
            .call(
                |connection| Ok(connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0))?),
            )
            .await
            .is_ok()
    }

    /// Waits until all that was asked is stored, and closes the database.
    pub async fn close(self) {
        self.thread.close().await;
    }
}

#[cfg(test)]
mod tests;
