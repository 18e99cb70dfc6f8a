//! The table `outbox`: effects that are decided and stored but not yet confirmed. A row comes with the state
//! that caused it; the outputs work it off.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{LinkedItem, StoreError, rows, tasks};
use crate::model::{Effect, EntityId, ItemUid};

/// The number of a row; rises with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(i64);

#[cfg(test)]
impl From<i64> for RowId {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

/// Where an effect stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Not tried yet, or known not to have happened.
    Pending {
        /// How often it was tried.
        attempts: u32,
        /// Not before.
        not_before: Timestamp,
    },
    /// Tried: it may have happened. It is never simply tried again, but looked for on the list.
    Sent {
        /// How often it was tried.
        attempts: u32,
        /// When it was tried last.
        at: Timestamp,
        /// The uids that were on the list before an addition: a new item is none of these.
        before: Vec<ItemUid>,
        /// How often the list was refreshed since without showing the effect.
        absent: u32,
    },
}

/// An effect that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number.
    pub id: RowId,
    /// What is to be done.
    pub effect: Effect,
    /// Where it stands.
    pub stage: Stage,
}

/// What is known of one list and its rows at one moment.
#[derive(Debug, Clone, Default)]
pub struct ListRows {
    /// The effects that wait, in the order in which they were caused.
    pub rows: Vec<OutboxRow>,
    /// The tasks that live and have an item there, and all tasks whose item is shown.
    pub linked: Vec<LinkedItem>,
}

pub fn insert(connection: &Connection, effect: &Effect, now: Timestamp) -> Result<(), StoreError> {
    let stage = Stage::Pending {
        attempts: 0,
        not_before: now,
    };
    connection
        .prepare_cached("INSERT INTO outbox (task, list, action, created_at, stage) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            effect.task.to_string(),
            effect.list.as_str(),
            rows::to_json("an action", &effect.action)?,
            now.as_millisecond(),
            rows::to_json("a stage", &stage)?,
        ])?;
    Ok(())
}

pub fn of_list(connection: &Connection, list: &EntityId) -> Result<Vec<OutboxRow>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, task, action, stage FROM outbox WHERE list = ?1 ORDER BY id")?;
    let found = statement.query_map([list.as_str()], |row| {
        Ok((
            row.get(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
        ))
    })?;
    found
        .map(|row| {
            let (id, task, action, stage) = row?;
            let effect = Effect {
                task: tasks::task_id(&task)?,
                list: list.clone(),
                action: rows::from_json("an action", &action)?,
            };
            Ok(OutboxRow {
                id: RowId(id),
                effect,
                stage: rows::from_json("a stage", &stage)?,
            })
        })
        .collect()
}

pub fn lists(connection: &Connection) -> Result<Vec<EntityId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT list FROM outbox ORDER BY list")?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    found
        .map(|list| EntityId::parse(&list?).map_err(|e| rows::unreadable("a list's id", &e)))
        .collect()
}

pub fn count(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM outbox")?
        .query_row([], |row| row.get(0))?)
}

pub fn set_stage(connection: &Connection, row: RowId, stage: &Stage) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE outbox SET stage = ?2 WHERE id = ?1")?
        .execute(params![row.0, rows::to_json("a stage", stage)?])?;
    Ok(())
}

pub fn delete_of_task(
    connection: &Connection,
    task: crate::model::TaskId,
    list: &EntityId,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE task = ?1 AND list = ?2")?
        .execute([&task.to_string(), list.as_str()])?;
    Ok(())
}

/// The tasks of the zone that are on their way off a list, with the lists: the last effect that waits is a removal.
pub fn leaving(
    connection: &Connection,
    zone: &crate::model::ZoneId,
) -> Result<Vec<(crate::model::TaskId, EntityId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT outbox.task, list FROM outbox JOIN tasks ON tasks.id = outbox.task
         WHERE zone = ?1 AND json_extract(action, '$.action') = 'remove'
         AND outbox.id = (SELECT max(id) FROM outbox AS later WHERE later.task = outbox.task AND later.list = outbox.list)",
    )?;
    places(statement.query_map([zone.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The tasks of the zone for which effects wait, with the lists.
pub fn of_zone(
    connection: &Connection,
    zone: &crate::model::ZoneId,
) -> Result<Vec<(crate::model::TaskId, EntityId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT outbox.task, list FROM outbox JOIN tasks ON tasks.id = outbox.task WHERE zone = ?1",
    )?;
    places(statement.query_map([zone.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn places(
    found: impl Iterator<Item = rusqlite::Result<(String, String)>>,
) -> Result<Vec<(crate::model::TaskId, EntityId)>, StoreError> {
    found
        .map(|row| {
            let (task, list) = row?;
            Ok((tasks::task_id(&task)?, super::items::entity(&list)?))
        })
        .collect()
}

pub fn delete(connection: &Connection, row: RowId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
        .execute([row.0])?;
    Ok(())
}
