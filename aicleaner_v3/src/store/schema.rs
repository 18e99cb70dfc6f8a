//! The schema and its migrations, forward only, with a copy of the database before the first of them. Each step
//! runs in one transaction with its number.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{StoreError, copies};

/// One step a version; a step that was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_first_room.sql"),
    include_str!("migrations/002_cameras.sql"),
    include_str!("migrations/003_tasks_that_live.sql"),
    include_str!("migrations/004_ledger.sql"),
    include_str!("migrations/005_live.sql"),
    include_str!("migrations/006_errands.sql"),
    include_str!("migrations/007_audit_actor.sql"),
];

/// Opens the file and brings it up to date.
pub fn open(file: &Path, data: &Path, now: Timestamp) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With WAL, NORMAL keeps the database whole through a power cut but may lose the last commits: an effect
    // could then be done whose cause is forgotten. FULL syncs each commit; there are few.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -256)?;
    migrate(&mut connection, file, data, now)?;
    Ok(connection)
}

fn migrate(
    connection: &mut Connection,
    file: &Path,
    data: &Path,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if (1..known).contains(&found) {
        copies::make(file, data, &format!("before-schema-{known}.db"), now)?;
    }
    for (version, step) in (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(version, _)| *version > found)
    {
        let transaction = connection.transaction()?;
        // The mark in a restored copy of an older schema.
        if found > 0 && step.contains("CREATE TABLE notes") {
            transaction.execute_batch("DROP TABLE IF EXISTS notes;")?;
        }
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
