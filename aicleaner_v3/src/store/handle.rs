//! The store's handle: opens and closes the database. What is asked of it is in the files of the tables and in `calls`.

use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::lock::DataLock;
use super::opening::Opening;
use super::thread::DatabaseThread;
use crate::clock::Clock;

/// The store's handle. Cheap to clone; the database closes when the last one is dropped.
#[derive(Debug, Clone)]
pub struct Store {
    /// The thread that owns the connection.
    pub(super) thread: DatabaseThread,
    /// The data folder; empty for a database in memory.
    pub(super) folder: PathBuf,
}

impl Store {
    /// Opens the database in `folder`, makes it if there is none, brings its schema up to date. A broken or
    /// missing one is replaced by the last good copy, which [`Opening`] tells.
    ///
    /// # Errors
    /// When the folder can't be used, another instance has it, or the database is newer.
    pub async fn open(folder: &Path, clock: Clock) -> Result<(Self, Opening), StoreError> {
        let lock = DataLock::take(folder)?;
        let (thread, opening) = DatabaseThread::start(folder, lock, clock).await?;
        let folder = folder.to_owned();
        Ok((Self { thread, folder }, opening))
    }

    /// A database that ends with the program, for commands that must not touch the data folder.
    ///
    /// # Errors
    /// When there is no memory or no thread for it.
    pub async fn in_memory(clock: Clock) -> Result<Self, StoreError> {
        let thread = DatabaseThread::in_memory(clock).await?;
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
