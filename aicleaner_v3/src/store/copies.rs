//! Whole copies of the database in the folder `backup`: one a day, one before each change of the schema, and
//! the one that a backup of the home takes. A copy is checked before it counts, and none is ever half there.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{DATABASE, StoreError};

/// The folder of the copies, in the data folder.
pub const FOLDER: &str = "backup";
/// The copy that a backup of the home takes; the database itself is left out of it, since it may be written to
/// at that moment.
const FOR_BACKUPS: &str = "copy.db";
const DAILY: &str = "day-";
const MOST_DAILY: usize = 3;

/// Copies the database at `file` to `name` in the folder of the copies of `data`.
pub fn make(file: &Path, data: &Path, name: &str, now: Timestamp) -> Result<PathBuf, StoreError> {
    let folder = data.join(FOLDER);
    let fault = |reason| StoreError::Folder {
        folder: folder.clone(),
        reason,
    };
    std::fs::create_dir_all(&folder).map_err(fault)?;
    let unfinished = folder.join(format!("{name}.unfinished"));
    match std::fs::remove_file(&unfinished) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(fault(e)),
        _ => {}
    }
    let source = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    source.busy_timeout(std::time::Duration::from_secs(5))?;
    let path = unfinished.to_string_lossy().into_owned();
    source.execute("VACUUM INTO ?1", [&path])?;
    drop(source);
    mark(&unfinished, now)?;
    if !is_sound(&unfinished) {
        return Err(StoreError::Corrupt(unfinished));
    }
    std::fs::File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(fault)?;
    let copy = folder.join(name);
    std::fs::rename(&unfinished, &copy).map_err(fault)?;
    Ok(copy)
}

/// Makes the whole copy of the database in `folder` that a backup of the home takes, also while an AICleaner
/// runs there. Returns where it is.
///
/// # Errors
/// When there is no database, or it can't be read or copied.
pub fn copy_for_backups(folder: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let file = folder.join(DATABASE);
    if !file.exists() {
        return Err(StoreError::Folder {
            folder: folder.to_owned(),
            reason: std::io::Error::new(std::io::ErrorKind::NotFound, "it holds no database yet"),
        });
    }
    make(&file, folder, FOR_BACKUPS, now)
}

/// Today's copy, if there is none yet; older ones beyond the last three go, one after the new one is there.
pub fn make_daily(file: &Path, data: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let name = format!("{DAILY}{}.db", now.strftime("%Y-%m-%d"));
    if data.join(FOLDER).join(&name).exists() {
        return Ok(None);
    }
    let copy = make(file, data, &name, now)?;
    let mut daily = all(data);
    daily.retain(|path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(DAILY))
    });
    daily.sort();
    let old = daily.len().saturating_sub(MOST_DAILY);
    for path in &daily[..old] {
        std::fs::remove_file(path).map_err(|reason| StoreError::Folder {
            folder: data.join(FOLDER),
            reason,
        })?;
    }
    Ok(Some(copy))
}

/// The newest copy that is sound, and when it was made.
pub fn newest_sound(data: &Path) -> Option<(PathBuf, Timestamp)> {
    let mut copies: Vec<_> = all(data)
        .into_iter()
        .filter_map(|path| Some((made_at(&path)?, path)))
        .collect();
    copies.sort();
    copies
        .into_iter()
        .rev()
        .find(|(_, path)| is_sound(path))
        .map(|(at, path)| (path, at))
}

fn all(data: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(data.join(FOLDER)) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "db"))
        .collect()
}

/// The time at which a copy was made is in the copy itself: a file's own time does not survive a backup.
fn mark(copy: &Path, now: Timestamp) -> Result<(), StoreError> {
    let connection = Connection::open(copy)?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;",
    )?;
    connection.execute(
        "INSERT INTO notes (name, value) VALUES ('copied_at', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
        [now.to_string()],
    )?;
    Ok(())
}

fn made_at(copy: &Path) -> Option<Timestamp> {
    let connection = read_only(copy).ok()?;
    let text: String = connection
        .query_row(
            "SELECT value FROM notes WHERE name = 'copied_at'",
            [],
            |row| row.get(0),
        )
        .ok()?;
    text.parse().ok()
}

/// Whether SQLite finds no fault in the file.
pub fn is_sound(file: &Path) -> bool {
    let check = || -> rusqlite::Result<String> {
        read_only(file)?.pragma_query_value(None, "quick_check", |row| row.get(0))
    };
    check().is_ok_and(|answer| answer == "ok")
}

fn read_only(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}
