//! Why the store can't do what it should.

use std::path::PathBuf;

use crate::telemetry::Code;

/// Why the store can't do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder can't be read or written.
    #[error("the data folder {} can't be used: {reason}", folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// Another instance uses the folder.
    #[error("the data folder {} is used by another AICleaner", .0.display())]
    Locked(PathBuf),
    /// The database was made by a newer version.
    #[error("the database has schema {found}, this version knows up to {known}")]
    Newer {
        /// The schema of the database.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// The disk, or the room that the database may take, is full.
    #[error("the disk that holds the database is full")]
    Full,
    /// The database is broken.
    #[error("the database {} is broken", .0.display())]
    Corrupt(PathBuf),
    /// SQLite refused.
    #[error("the database refused: {0}")]
    Database(rusqlite::Error),
    /// A stored value is not what it should be.
    #[error("the database holds a value that can't be read: {0}")]
    Value(String),
    /// The database was closed.
    #[error("the database is closed")]
    Closed,
}

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Folder { .. } | Self::Locked(_) => Code::DataFolder,
            Self::Newer { .. } => Code::DatabaseNewer,
            Self::Full => Code::DiskFull,
            Self::Corrupt(_) | Self::Database(_) | Self::Value(_) | Self::Closed => Code::Database,
        }
    }

    /// Whether the file itself is broken or no database at all.
    pub(super) fn is_corruption(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Corrupt(_) => true,
            Self::Database(error) => matches!(
                error.sqlite_error_code(),
                Some(DatabaseCorrupt | NotADatabase)
            ),
            _ => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Database(error),
        }
    }
}
