-- What is to be done in the home other than on to-do lists: telling people, sending the robot. Stored with its cause.

CREATE TABLE errands (
    id         TEXT PRIMARY KEY,
    -- Who or what does it: a notify target, or a robot.
    lane       TEXT NOT NULL,
    zone       TEXT,
    kind       TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- From when its age counts: later than its making if it was held over quiet hours.
    valid_from INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    -- waiting, trying, done, dropped
    stage      TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX errands_by_lane ON errands (lane, zone, changed_at);
