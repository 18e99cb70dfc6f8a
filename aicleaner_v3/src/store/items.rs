//! The tables `items` (which item on which list is whose, and how the list showed it last) and `lists` (what is
//! known of a list).

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{StoreError, rows, tasks};
use crate::model::{EntityId, ItemSeen, ItemUid, TaskId, TaskState, ZoneId};

/// A task and its item on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedItem {
    /// The task.
    pub task: TaskId,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// Where the task stands.
    pub state: TaskState,
    /// Its item as the list showed it last.
    pub item: ItemSeen,
}

/// A task's item as a list shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemChange {
    /// The task.
    pub task: TaskId,
    /// The list.
    pub list: EntityId,
    /// The item.
    pub item: ItemSeen,
}

/// What is known of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRecord {
    /// The list as it was declared.
    pub list: EntityId,
    /// The entity that it is now: it may have been renamed.
    pub entity: EntityId,
    /// The entity registry's own id, which no renaming changes.
    pub registry_id: Option<String>,
    /// The integration behind it, such as `local_todo`.
    pub platform: Option<String>,
    /// Whether it hides ticked items; unknown until one of ours was ticked.
    pub hides_completed: Option<bool>,
}

impl ListRecord {
    /// A list of which nothing is known yet.
    pub fn new(list: EntityId) -> Self {
        Self {
            entity: list.clone(),
            list,
            registry_id: None,
            platform: None,
            hides_completed: None,
        }
    }
}

pub fn apply(connection: &Connection, change: &ItemChange) -> Result<(), StoreError> {
    link(connection, change.task, &change.list, &change.item)
}

pub fn link(
    connection: &Connection,
    task: TaskId,
    list: &EntityId,
    item: &ItemSeen,
) -> Result<(), StoreError> {
    // An item belongs to one task: a list that gives a uid a second time means the new item.
    connection
        .prepare_cached("DELETE FROM items WHERE list = ?1 AND uid = ?2 AND task <> ?3")?
        .execute(params![list.as_str(), item.uid.as_str(), task.to_string()])?;
    connection
        .prepare_cached(
            "INSERT INTO items (task, list, uid, summary, due, is_ticked, twins) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (task, list) DO UPDATE SET uid = ?3, summary = ?4, due = ?5, is_ticked = ?6, twins = ?7",
        )?
        .execute(params![
            task.to_string(),
            list.as_str(),
            item.uid.as_str(),
            item.summary,
            item.due,
            item.is_ticked,
            rows::to_json("items", &item.twins)?,
        ])?;
    Ok(())
}

pub fn unlink(connection: &Connection, task: TaskId, list: &EntityId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM items WHERE task = ?1 AND list = ?2")?
        .execute([&task.to_string(), list.as_str()])?;
    Ok(())
}

/// The tasks that matter for a list which shows `uids`: those that live, and those whose item is shown.
pub fn linked(
    connection: &Connection,
    list: &EntityId,
    uids: &[ItemUid],
) -> Result<Vec<LinkedItem>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT tasks.id, tasks.zone, tasks.state, uid, summary, items.due, is_ticked, twins
         FROM items JOIN tasks ON tasks.id = items.task
         WHERE list = ?1 AND (uid IN (SELECT value FROM json_each(?2)) OR tasks.state <> 'settled')
         ORDER BY tasks.id",
    )?;
    let found = statement.query_map(
        params![list.as_str(), rows::to_json("uids", &uids)?],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, seen(row, 3)?)),
    )?;
    found
        .map(|row| {
            let (task, zone, state, seen): (String, String, String, _) = row?;
            Ok(LinkedItem {
                task: tasks::task_id(&task)?,
                zone: tasks::zone_id(&zone)?,
                state: tasks::task_state(&state)?,
                item: item(seen)?,
            })
        })
        .collect()
}

/// The items of the zone's open tasks, on whatever list.
pub fn of_open_tasks(
    connection: &Connection,
    zone: &ZoneId,
) -> Result<Vec<(TaskId, EntityId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT tasks.id, list FROM items JOIN tasks ON tasks.id = items.task WHERE zone = ?1 AND state = 'open' ORDER BY tasks.id, list",
    )?;
    let found = statement.query_map([zone.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    found
        .map(|row| {
            let (task, list) = row?;
            Ok((tasks::task_id(&task)?, entity(&list)?))
        })
        .collect()
}

pub fn get(
    connection: &Connection,
    task: TaskId,
    list: &EntityId,
) -> Result<Option<ItemSeen>, StoreError> {
    connection
        .prepare_cached(
            "SELECT uid, summary, due, is_ticked, twins FROM items WHERE task = ?1 AND list = ?2",
        )?
        .query_row([&task.to_string(), list.as_str()], |row| seen(row, 0))
        .optional()?
        .map(item)
        .transpose()
}

type Seen = (String, String, Option<String>, bool, String);

fn seen(row: &Row<'_>, first: usize) -> rusqlite::Result<Seen> {
    Ok((
        row.get(first)?,
        row.get(first + 1)?,
        row.get(first + 2)?,
        row.get(first + 3)?,
        row.get(first + 4)?,
    ))
}

fn item((uid, summary, due, is_ticked, twins): Seen) -> Result<ItemSeen, StoreError> {
    Ok(ItemSeen {
        uid: ItemUid::new(uid),
        summary,
        due,
        is_ticked,
        twins: rows::from_json("items", &twins)?,
    })
}

pub fn entity(text: &str) -> Result<EntityId, StoreError> {
    EntityId::parse(text).map_err(|e| rows::unreadable("a list's id", &e))
}

pub fn list(connection: &Connection, list: &EntityId) -> Result<Option<ListRecord>, StoreError> {
    let row = connection
        .prepare_cached(
            "SELECT entity, registry_id, platform, hides_completed FROM lists WHERE list = ?1",
        )?
        .query_row([list.as_str()], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
            ))
        })
        .optional()?;
    row.map(|(now, registry_id, platform, hides_completed)| {
        Ok(ListRecord {
            list: list.clone(),
            entity: entity(&now)?,
            registry_id,
            platform,
            hides_completed,
        })
    })
    .transpose()
}

pub fn put_list(connection: &Connection, record: &ListRecord) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO lists (list, entity, registry_id, platform, hides_completed) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (list) DO UPDATE SET entity = ?2, registry_id = ?3, platform = ?4, hides_completed = ?5",
        )?
        .execute(params![
            record.list.as_str(),
            record.entity.as_str(),
            record.registry_id,
            record.platform,
            record.hides_completed,
        ])?;
    Ok(())
}

/// The lists on which items of open tasks are.
pub fn lists_in_use(connection: &Connection) -> Result<Vec<EntityId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT list FROM items JOIN tasks ON tasks.id = items.task WHERE state = 'open' ORDER BY list",
    )?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    found.map(|list| entity(&list?)).collect()
}
