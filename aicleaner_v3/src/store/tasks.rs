//! The tables `tasks`, written by the zone's worker alone, and `items`, written when a list has shown an item.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{StoreError, rows};
use crate::model::{EntityId, ItemUid, Task, TaskId, TaskState, ZoneId};

/// The most ended tasks of a zone that still linger; older ones are taken as settled.
const MOST_LINGERING: usize = 20;

/// An open task and its item on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedItem {
    /// The task.
    pub task: TaskId,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// Its item.
    pub uid: ItemUid,
}

pub fn put(connection: &Connection, task: &Task) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO tasks (id, zone, state, finding, opened_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET state = ?3, finding = ?4, changed_at = ?6",
        )?
        .execute(params![
            task.id.to_string(),
            task.zone.as_str(),
            task.state.as_str(),
            rows::to_json("a finding", &task.finding)?,
            task.opened_at.as_millisecond(),
            task.changed_at.as_millisecond(),
        ])?;
    Ok(())
}

pub fn living(connection: &Connection, zone: &ZoneId) -> Result<Vec<Task>, StoreError> {
    let mut open = in_state(connection, zone, TaskState::Open)?;
    let mut lingering = in_state(connection, zone, TaskState::DoneByPerson)?;
    let old = lingering.len().saturating_sub(MOST_LINGERING);
    open.extend(lingering.drain(old..));
    Ok(open)
}

fn in_state(
    connection: &Connection,
    zone: &ZoneId,
    state: TaskState,
) -> Result<Vec<Task>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, finding, opened_at, changed_at FROM tasks WHERE zone = ?1 AND state = ?2 ORDER BY id",
    )?;
    let found = statement.query_map([zone.as_str(), state.as_str()], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get(2)?,
            row.get(3)?,
        ))
    })?;
    found
        .map(|row| {
            let (id, finding, opened_at, changed_at) = row?;
            Ok(Task {
                id: task_id(&id)?,
                zone: zone.clone(),
                finding: rows::from_json("a finding", &finding)?,
                state,
                opened_at: rows::timestamp(opened_at)?,
                changed_at: rows::timestamp(changed_at)?,
            })
        })
        .collect()
}

pub fn task_id(text: &str) -> Result<TaskId, StoreError> {
    TaskId::parse(text).map_err(|e| rows::unreadable("a task's id", &e))
}

pub fn link(
    connection: &Connection,
    task: TaskId,
    list: &EntityId,
    uid: &ItemUid,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO items (task, list, uid) VALUES (?1, ?2, ?3) ON CONFLICT (task, list) DO UPDATE SET uid = ?3",
        )?
        .execute([&task.to_string(), list.as_str(), uid.as_str()])?;
    Ok(())
}

pub fn open_items(connection: &Connection, list: &EntityId) -> Result<Vec<LinkedItem>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT items.task, tasks.zone, items.uid FROM items JOIN tasks ON tasks.id = items.task
         WHERE items.list = ?1 AND tasks.state = 'open' ORDER BY items.task",
    )?;
    let found = statement.query_map([list.as_str()], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    found
        .map(|row| {
            let (task, zone, uid) = row?;
            Ok(LinkedItem {
                task: task_id(&task)?,
                zone: ZoneId::parse(&zone).map_err(|e| rows::unreadable("a zone's id", &e))?,
                uid: ItemUid::new(uid),
            })
        })
        .collect()
}

pub fn item_of(
    connection: &Connection,
    task: TaskId,
    list: &EntityId,
) -> Result<Option<ItemUid>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT uid FROM items WHERE task = ?1 AND list = ?2")?
        .query_row([&task.to_string(), list.as_str()], |row| {
            row.get::<_, String>(0)
        })
        .optional()?
        .map(ItemUid::new))
}

pub fn known_uids(connection: &Connection, list: &EntityId) -> Result<Vec<ItemUid>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT uid FROM items WHERE list = ?1")?;
    let found = statement.query_map([list.as_str()], |row| row.get::<_, String>(0))?;
    Ok(found
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(ItemUid::new)
        .collect())
}
