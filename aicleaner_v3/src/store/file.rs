//! The name of the database's file. Opens nothing.

/// The file name of the database in the data folder.
pub const DATABASE: &str = "aicleaner.db";
