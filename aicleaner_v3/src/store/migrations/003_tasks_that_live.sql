-- What reconcile and people remember of tasks, what lists showed last, and what happened.

ALTER TABLE zones ADD COLUMN raw_score INTEGER;

ALTER TABLE tasks ADD COLUMN renamed TEXT;
ALTER TABLE tasks ADD COLUMN due TEXT;
ALTER TABLE tasks ADD COLUMN sightings TEXT NOT NULL DEFAULT '{"seen":1,"unseen":0,"was_absent":false,"kept_until":null}';
CREATE INDEX tasks_by_change ON tasks (changed_at) WHERE state = 'settled';

-- An empty summary is one that is not known.
ALTER TABLE items ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN due TEXT;
ALTER TABLE items ADD COLUMN is_ticked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN twins TEXT NOT NULL DEFAULT '[]';

CREATE INDEX outbox_of_task ON outbox (task);

-- What happened to each task and why.
CREATE TABLE history (
    id   INTEGER PRIMARY KEY,
    task TEXT NOT NULL REFERENCES tasks (id),
    at   INTEGER NOT NULL,
    what TEXT NOT NULL,
    why  TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_task ON history (task, id);
CREATE INDEX history_by_time ON history (at);

-- What people told the program to do.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    zone    TEXT NOT NULL,
    command TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);

-- What is known of a to-do list: where it is now, and how it behaves.
CREATE TABLE lists (
    list            TEXT PRIMARY KEY,
    entity          TEXT NOT NULL,
    registry_id     TEXT,
    platform        TEXT,
    hides_completed INTEGER
) STRICT, WITHOUT ROWID;

-- Notes about the database itself.
CREATE TABLE notes (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX assessments_by_time ON assessments (at);
