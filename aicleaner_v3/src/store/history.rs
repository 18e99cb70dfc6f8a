//! The tables `history` (what happened to each task and why) and `audit` (what people told the program to do).

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{Store, StoreError, rows, tasks};
use crate::model::{Actor, TaskId, ZoneId};

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Which task.
    pub task: TaskId,
    /// When.
    pub at: Timestamp,
    /// What, as a word.
    pub what: String,
    /// Why: which assessment, or whose action.
    pub why: String,
}

/// Something that happened to a task, with the task's name as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskEvent {
    /// What happened.
    pub entry: HistoryEntry,
    /// The task's name: as people wrote it, or as it was found.
    pub title: String,
}

/// Something that a person told the program to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// In which zone.
    pub zone: ZoneId,
    /// Who; none in a row that an older version wrote.
    pub actor: Option<Actor>,
    /// What, as a few words.
    pub command: String,
}

impl Store {
    /// Keeps that somebody gave a command which changes nothing that is stored.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn keep_command(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| insert_audit(connection, &entry))
            .await
    }
}

pub fn insert(connection: &Connection, entry: &HistoryEntry) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO history (task, at, what, why) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            entry.task.to_string(),
            entry.at.as_millisecond(),
            entry.what,
            entry.why
        ])?;
    Ok(())
}

/// What happened to the tasks of `zone`, newest first.
pub fn of_zone(
    connection: &Connection,
    zone: &ZoneId,
    most: u32,
) -> Result<Vec<TaskEvent>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT task, at, what, why, coalesce(renamed, finding ->> 'title')
         FROM history JOIN tasks ON tasks.id = history.task
         WHERE zone = ?1 ORDER BY history.id DESC LIMIT ?2",
    )?;
    let found = statement.query_map(params![zone.as_str(), most], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
        ))
    })?;
    found
        .map(|row| {
            let (task, at, what, why, title) = row?;
            Ok(TaskEvent {
                entry: HistoryEntry {
                    task: tasks::task_id(&task)?,
                    at: rows::timestamp(at)?,
                    what,
                    why,
                },
                title,
            })
        })
        .collect()
}

pub fn insert_audit(connection: &Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO audit (at, zone, command, actor) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            entry.at.as_millisecond(),
            entry.zone.as_str(),
            entry.command,
            entry.actor.as_ref().map(Actor::to_string),
        ])?;
    Ok(())
}

pub fn audit(connection: &Connection, most: u32) -> Result<Vec<AuditEntry>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT at, zone, command, actor FROM audit ORDER BY id DESC LIMIT ?1")?;
    let found = statement.query_map([most], |row| {
        Ok((
            row.get(0)?,
            row.get::<_, String>(1)?,
            row.get(2)?,
            row.get::<_, Option<String>>(3)?,
        ))
    })?;
    found
        .map(|row| {
            let (at, zone, command, actor) = row?;
            Ok(AuditEntry {
                at: rows::timestamp(at)?,
                zone: tasks::zone_id(&zone)?,
                actor: actor.as_deref().and_then(Actor::parse),
                command,
            })
        })
        .collect()
}
