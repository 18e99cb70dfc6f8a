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
    /// SQLite refused.
    #[error("the database refused: {0}")]
    Database(#[from] rusqlite::Error),
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
            Self::Database(_) | Self::Value(_) | Self::Closed => Code::Database,
        }
    }
}
