//! What the database holds, as JSON for a person who looks for a fault. Read beside a running program; no
//! secrets are in the database.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};

use super::{DATABASE, StoreError, copies};

/// What is printed: a name, and the query for its rows.
const PARTS: [(&str, &str); 7] = [
    ("zones", "SELECT id, watching, score, raw_score, needs_cleaning, last_assessed FROM zones ORDER BY id"),
    ("tasks_by_state", "SELECT zone, state, count(*) AS tasks FROM tasks GROUP BY zone, state"),
    (
        "open_tasks",
        "SELECT tasks.id, zone, coalesce(renamed, finding ->> 'title') AS title, opened_at, sightings, list, uid
         FROM tasks LEFT JOIN items ON items.task = tasks.id WHERE state = 'open' ORDER BY tasks.id LIMIT 500",
    ),
    ("lists", "SELECT list, entity, platform, hides_completed FROM lists ORDER BY list"),
    ("outbox", "SELECT id, task, list, action ->> 'action' AS action, created_at, stage FROM outbox ORDER BY id LIMIT 200"),
    ("history", "SELECT at, task, what, why FROM history ORDER BY id DESC LIMIT 200"),
    ("audit", "SELECT at, zone, actor, command FROM audit ORDER BY id DESC LIMIT 50"),
];

/// Zones, tasks, lists, what waits, and what happened lately.
///
/// # Errors
/// When there is no database, or it can't be read.
pub fn diagnosis(folder: &Path) -> Result<Value, StoreError> {
    let file = folder.join(DATABASE);
    let connection = Connection::open_with_flags(
        &file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.pragma_update(None, "query_only", true)?;
    let mut diagnosis = Map::new();
    for (name, query) in PARTS {
        diagnosis.insert(name.to_owned(), rows(&connection, query)?);
    }
    diagnosis.insert("is_sound".to_owned(), copies::is_sound(&file).into());
    Ok(Value::Object(diagnosis))
}

fn rows(connection: &Connection, query: &str) -> Result<Value, StoreError> {
    let mut statement = connection.prepare(query)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let found = statement.query_map([], |row| {
        let mut fields = Map::new();
        for (index, name) in names.iter().enumerate() {
            let value = match row.get::<_, rusqlite::types::Value>(index)? {
                rusqlite::types::Value::Integer(number) => json!(number),
                rusqlite::types::Value::Real(number) => json!(number),
                rusqlite::types::Value::Text(text) => serde_json::from_str::<Value>(&text)
                    .ok()
                    .filter(Value::is_object)
                    .unwrap_or(Value::String(text)),
                rusqlite::types::Value::Null | rusqlite::types::Value::Blob(_) => Value::Null,
            };
            fields.insert(name.clone(), value);
        }
        Ok(Value::Object(fields))
    })?;
    Ok(Value::Array(found.collect::<Result<_, _>>()?))
}
