//! The tables `breakers` and `sight`: what is remembered of providers between runs. Written by the router alone.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{Store, StoreError, rows};

/// A provider that is temporarily disabled: its circuit is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakerRecord {
    /// Until when.
    pub until: Timestamp,
    /// How often in a row it failed.
    pub failures: u32,
    /// The class of the last fault.
    pub class: String,
}

/// What the test picture showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfTestRecord {
    /// Whether the model sees.
    pub sees: bool,
    /// When that was.
    pub at: Timestamp,
}

impl Store {
    /// Until when the circuit of `provider` is open, if it is.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn breaker(&self, provider: String) -> Result<Option<BreakerRecord>, StoreError> {
        self.thread
            .call(move |connection| {
                let sql = "SELECT until, failures, class FROM breakers WHERE provider = ?1";
                let row = connection
                    .prepare_cached(sql)?
                    .query_row([provider], |row| {
                        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))
                    })
                    .optional()?;
                row.map(|(until, failures, class)| {
                    Ok(BreakerRecord {
                        until: rows::timestamp(until)?,
                        failures,
                        class,
                    })
                })
                .transpose()
            })
            .await
    }

    /// Remembers that the circuit of `provider` is open, or that it is not.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_breaker(
        &self,
        provider: String,
        record: Option<BreakerRecord>,
    ) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                match record {
                    Some(record) => connection.execute(
                        "INSERT OR REPLACE INTO breakers (provider, until, failures, class) VALUES (?1, ?2, ?3, ?4)",
                        params![provider, record.until.as_millisecond(), record.failures, record.class],
                    )?,
                    None => connection
                        .execute("DELETE FROM breakers WHERE provider = ?1", [provider])?,
                };
                Ok(())
            })
            .await
    }

    /// What the test picture showed of `provider` with `model`, if it was tried.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn self_test(
        &self,
        provider: String,
        model: String,
    ) -> Result<Option<SelfTestRecord>, StoreError> {
        self.thread
            .call(move |connection| {
                let sql = "SELECT sees, at FROM sight WHERE provider = ?1 AND model = ?2";
                let row = connection
                    .prepare_cached(sql)?
                    .query_row([provider, model], |row| {
                        Ok((row.get(0)?, row.get::<_, i64>(1)?))
                    })
                    .optional()?;
                row.map(|(sees, at)| {
                    Ok(SelfTestRecord {
                        sees,
                        at: rows::timestamp(at)?,
                    })
                })
                .transpose()
            })
            .await
    }

    /// Remembers what the test picture showed.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_self_test(
        &self,
        provider: String,
        model: String,
        record: SelfTestRecord,
    ) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                connection.execute(
                    "INSERT OR REPLACE INTO sight (provider, model, sees, at) VALUES (?1, ?2, ?3, ?4)",
                    params![provider, model, record.sees, record.at.as_millisecond()],
                )?;
                Ok(())
            })
            .await
    }
}
