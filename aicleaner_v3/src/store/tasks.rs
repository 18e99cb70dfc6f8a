//! The table `tasks`, written by the zone's worker alone.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{StoreError, rows};
use crate::model::{Task, TaskId, TaskState, ZoneId};

/// The most tasks of a zone in each state that reconcile is told of, the newest; older ones are as good as
/// settled. Open ones are bounded by the policy.
const MOST_LIVING: [(TaskState, u32); 5] = [
    (TaskState::Open, 200),
    (TaskState::Proposed, 50),
    (TaskState::DoneByCamera, 20),
    (TaskState::DoneByPerson, 20),
    (TaskState::Dismissed, 50),
];

const COLUMNS: &str = "id, zone, state, finding, opened_at, changed_at, renamed, due, sightings";

pub fn put(connection: &Connection, task: &Task) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO tasks (id, zone, state, finding, opened_at, changed_at, renamed, due, sightings)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET state = ?3, finding = ?4, opened_at = ?5, changed_at = ?6, renamed = ?7, due = ?8, sightings = ?9",
        )?
        .execute(params![
            task.id.to_string(),
            task.zone.as_str(),
            task.state.as_str(),
            rows::to_json("a finding", &task.finding)?,
            task.opened_at.as_millisecond(),
            task.changed_at.as_millisecond(),
            task.renamed,
            task.due,
            rows::to_json("sightings", &task.sightings)?,
        ])?;
    Ok(())
}

pub fn living(connection: &Connection, zone: &ZoneId) -> Result<Vec<Task>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM tasks WHERE zone = ?1 AND state = ?2 ORDER BY id DESC LIMIT ?3"
    ))?;
    let mut living = Vec::new();
    for (state, most) in MOST_LIVING {
        let found = statement.query_map(params![zone.as_str(), state.as_str(), most], raw)?;
        let mut tasks = found
            .map(|row| task(row?))
            .collect::<Result<Vec<_>, StoreError>>()?;
        tasks.reverse();
        living.extend(tasks);
    }
    Ok(living)
}

pub fn get(connection: &Connection, id: TaskId) -> Result<Option<Task>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM tasks WHERE id = ?1"))?
        .query_row([id.to_string()], raw)
        .optional()?
        .map(task)
        .transpose()
}

type Raw = (
    String,
    String,
    String,
    String,
    i64,
    i64,
    Option<String>,
    Option<String>,
    String,
);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}

fn task(raw: Raw) -> Result<Task, StoreError> {
    let (id, zone, state, finding, opened_at, changed_at, renamed, due, sightings) = raw;
    Ok(Task {
        id: task_id(&id)?,
        zone: zone_id(&zone)?,
        state: task_state(&state)?,
        finding: rows::from_json("a finding", &finding)?,
        opened_at: rows::timestamp(opened_at)?,
        changed_at: rows::timestamp(changed_at)?,
        renamed,
        due,
        sightings: rows::from_json("sightings", &sightings)?,
    })
}

pub fn task_id(text: &str) -> Result<TaskId, StoreError> {
    TaskId::parse(text).map_err(|e| rows::unreadable("a task's id", &e))
}

pub fn zone_id(text: &str) -> Result<ZoneId, StoreError> {
    ZoneId::parse(text).map_err(|e| rows::unreadable("a zone's id", &e))
}

pub fn task_state(text: &str) -> Result<TaskState, StoreError> {
    TaskState::parse(text).ok_or_else(|| StoreError::Value(format!("a task's state: {text:?}")))
}
