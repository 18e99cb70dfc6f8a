-- Times are milliseconds since 1970 (UTC).

CREATE TABLE zones (
    id              TEXT PRIMARY KEY,
    watching        INTEGER NOT NULL,
    score           INTEGER,
    needs_cleaning  INTEGER,
    summary         TEXT NOT NULL,
    last_assessed   INTEGER
) STRICT;

CREATE TABLE assessments (
    id          TEXT PRIMARY KEY,
    zone        TEXT NOT NULL,
    taken_at    INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    trigger     TEXT NOT NULL,
    provider    TEXT NOT NULL,
    model       TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    verdict     TEXT NOT NULL
) STRICT;
CREATE INDEX assessments_of_zone ON assessments (zone, at);

CREATE TABLE tasks (
    id         TEXT PRIMARY KEY,
    zone       TEXT NOT NULL,
    state      TEXT NOT NULL,
    finding    TEXT NOT NULL,
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_of_zone ON tasks (zone, state);

-- Which item on which list is whose.
CREATE TABLE items (
    task TEXT NOT NULL REFERENCES tasks (id),
    list TEXT NOT NULL,
    uid  TEXT NOT NULL,
    PRIMARY KEY (task, list)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX items_by_uid ON items (list, uid);

-- Effects on Home Assistant that are decided but not yet confirmed.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    task       TEXT NOT NULL REFERENCES tasks (id),
    list       TEXT NOT NULL,
    action     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    stage      TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_of_list ON outbox (list, id);
