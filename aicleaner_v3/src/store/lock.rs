//! The lock that keeps a second instance out of the data folder. The system lifts it when the process ends,
//! however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::StoreError;

const FILE: &str = "aicleaner.lock";

/// Held as long as the database is open.
#[derive(Debug)]
pub struct DataLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

impl DataLock {
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let refused = |reason| StoreError::Folder {
            folder: folder.to_owned(),
            reason,
        };
        std::fs::create_dir_all(folder).map_err(refused)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(FILE))
            .map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(folder.to_owned())),
            Err(TryLockError::Error(reason)) => Err(refused(reason)),
        }
    }
}
