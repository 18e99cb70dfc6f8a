-- What is changed while the program runs: of a zone as JSON, of the whole home as switches.

ALTER TABLE zones ADD COLUMN live TEXT NOT NULL DEFAULT '{}';
-- The last scores that were shown, oldest first; JSON.
ALTER TABLE zones ADD COLUMN scores TEXT NOT NULL DEFAULT '[]';

CREATE TABLE switches (
    name  TEXT PRIMARY KEY,
    is_on INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
