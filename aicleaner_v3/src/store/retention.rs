//! How long things are kept: by age, then by size. Open tasks, and whatever still waits or matters to
//! reconcile, are never deleted.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::StoreError;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Assessments.
    pub assessments: SignedDuration,
    /// Ended tasks, their history, and the audit.
    pub tasks: SignedDuration,
    /// The most bytes that the database may have in use; beyond that the oldest assessments go.
    pub bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            assessments: SignedDuration::from_hours(90 * 24),
            tasks: SignedDuration::from_hours(365 * 24),
            bytes: 200 << 20,
        }
    }
}

/// What was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Assessments.
    pub assessments: usize,
    /// Tasks, with their history and links.
    pub tasks: usize,
    /// Entries of the audit.
    pub audit: usize,
}

/// Deletes what is too old or too much, in one transaction.
pub fn prune(
    connection: &mut Connection,
    retention: &Retention,
    now: Timestamp,
) -> Result<Pruned, StoreError> {
    let before = |age: SignedDuration| {
        now.checked_sub(age)
            .unwrap_or(Timestamp::MIN)
            .as_millisecond()
    };
    let transaction = connection.transaction()?;
    let mut pruned = Pruned {
        assessments: transaction.execute(
            "DELETE FROM assessments WHERE at < ?1",
            [before(retention.assessments)],
        )?,
        ..Pruned::default()
    };
    let old = "SELECT id FROM tasks WHERE state = 'settled' AND changed_at < ?1
               AND id NOT IN (SELECT task FROM outbox)";
    for table in ["items", "history"] {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE task IN ({old})"),
            [before(retention.tasks)],
        )?;
    }
    pruned.tasks = transaction.execute(
        &format!("DELETE FROM tasks WHERE id IN ({old})"),
        [before(retention.tasks)],
    )?;
    pruned.audit =
        transaction.execute("DELETE FROM audit WHERE at < ?1", [before(retention.tasks)])?;
    transaction.commit()?;
    while bytes_in_use(connection)? > retention.bytes {
        let gone = drop_oldest_assessments(connection)?;
        pruned.assessments += gone;
        if gone == 0 {
            break;
        }
    }
    Ok(pruned)
}

/// Deletes the oldest tenth of the assessments, at least one.
pub fn drop_oldest_assessments(connection: &Connection) -> Result<usize, StoreError> {
    let count: i64 =
        connection.query_row("SELECT count(*) FROM assessments", [], |row| row.get(0))?;
    Ok(connection.execute(
        "DELETE FROM assessments WHERE id IN (SELECT id FROM assessments ORDER BY at LIMIT ?1)",
        params![(count / 10).max(1)],
    )?)
}

fn bytes_in_use(connection: &Connection) -> Result<u64, StoreError> {
    let number = |name: &str| -> Result<u64, StoreError> {
        let value: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
        Ok(u64::try_from(value).unwrap_or(0))
    };
    let pages = number("page_count")?.saturating_sub(number("freelist_count")?);
    Ok(pages.saturating_mul(number("page_size")?))
}
