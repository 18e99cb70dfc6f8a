//! Opening the database, whatever state it is in: a missing or broken one is replaced by the last good copy,
//! and that is told loudly. Nothing is ever deleted here: a broken database is set aside.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::{DATABASE, StoreError, copies, schema};

/// There as long as the database is open: found at a start, it tells of an end that was not clean.
const OPEN: &str = "aicleaner.open";
/// Found at a start: the database was found broken while it was open.
const BROKEN: &str = "aicleaner.broken";

/// What happened when the database was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opening {
    /// A copy took the place of the database: what happened since is not known. What was spent that day counts
    /// as much as may be spent, and items on the lists are adopted before any is added.
    pub restored: Option<Restored>,
    /// The broken database was set aside here.
    pub set_aside: Option<PathBuf>,
    /// The last end was not clean: the database is being checked.
    pub was_unclean: bool,
}

/// A copy that took the place of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The copy.
    pub copy: PathBuf,
    /// When it was made.
    pub copied_at: Timestamp,
    /// When it took the database's place.
    pub at: Timestamp,
}

pub fn open(folder: &Path, now: Timestamp) -> Result<(Connection, Opening), StoreError> {
    let file = folder.join(DATABASE);
    let mut opening = Opening {
        was_unclean: folder.join(OPEN).exists(),
        ..Opening::default()
    };
    let fault = |reason| StoreError::Folder {
        folder: folder.to_owned(),
        reason,
    };
    if folder.join(BROKEN).exists() {
        opening.set_aside = Some(set_aside(folder, now)?);
        std::fs::remove_file(folder.join(BROKEN)).map_err(fault)?;
    }
    if !file.exists() {
        opening.restored = restore(folder, now)?;
    }
    let connection = match schema::open(&file, folder, now) {
        Err(error) if error.is_corruption() => {
            opening.set_aside = Some(set_aside(folder, now)?);
            opening.restored = restore(folder, now)?;
            schema::open(&file, folder, now)
        }
        result => result,
    }?;
    if let Some(restored) = &opening.restored {
        note(&connection, "restored_at", &restored.at.to_string())?;
    }
    std::fs::write(folder.join(OPEN), b"").map_err(fault)?;
    Ok((connection, opening))
}

/// The database was closed as it should be.
pub fn closed(folder: &Path) {
    // A marker that stays costs one check at the next start.
    let _ = std::fs::remove_file(folder.join(OPEN));
}

/// Looks for faults in a database that is open; a broken one is replaced at the next start.
pub fn check(folder: &Path) -> bool {
    let is_sound = copies::is_sound(&folder.join(DATABASE));
    if !is_sound {
        let _ = std::fs::write(folder.join(BROKEN), b"");
    }
    is_sound
}

/// When a copy took the database's place last, if one ever did.
pub fn restored_at(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let text: Option<String> = connection
        .query_row(
            "SELECT value FROM notes WHERE name = 'restored_at'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn note(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO notes (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        [name, value],
    )?;
    Ok(())
}

fn restore(folder: &Path, now: Timestamp) -> Result<Option<Restored>, StoreError> {
    let Some((copy, copied_at)) = copies::newest_sound(folder) else {
        return Ok(None);
    };
    let fault = |reason| StoreError::Folder {
        folder: folder.to_owned(),
        reason,
    };
    // Whole or not at all, also when the power fails in between.
    let unfinished = folder.join("restoring.unfinished");
    std::fs::copy(&copy, &unfinished).map_err(fault)?;
    std::fs::File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(fault)?;
    std::fs::rename(&unfinished, folder.join(DATABASE)).map_err(fault)?;
    Ok(Some(Restored {
        copy,
        copied_at,
        at: now,
    }))
}

fn set_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let name = format!("{DATABASE}.broken-{}", now.strftime("%Y%m%d-%H%M%S"));
    let target = folder.join(&name);
    for ending in ["", "-wal", "-shm"] {
        let from = folder.join(format!("{DATABASE}{ending}"));
        match std::fs::rename(&from, folder.join(format!("{name}{ending}"))) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Folder {
                    folder: folder.to_owned(),
                    reason: e,
                });
            }
            _ => {}
        }
    }
    Ok(target)
}
