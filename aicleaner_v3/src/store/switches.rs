//! The table `switches`: what is on or off for the whole home while the program runs. Written by the engine alone.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{AuditEntry, Store, StoreError, history};

/// Whether everything is paused.
const PAUSED: &str = "paused";

impl Store {
    /// Whether a person paused everything.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn is_paused(&self) -> Result<bool, StoreError> {
        self.thread
            .call(|connection| get(connection, PAUSED).map(Option::unwrap_or_default))
            .await
    }

    /// Remembers that a person paused everything, or went on. One transaction.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_paused(&self, paused: bool, audit: AuditEntry) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                set(&transaction, PAUSED, paused)?;
                history::insert_audit(&transaction, &audit)?;
                transaction.commit()?;
                Ok(())
            })
            .await
    }
}

fn get(connection: &Connection, name: &str) -> Result<Option<bool>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT is_on FROM switches WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

fn set(connection: &Connection, name: &str, is_on: bool) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO switches (name, is_on) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET is_on = ?2",
        )?
        .execute(params![name, is_on])?;
    Ok(())
}
