-- What is remembered and drawn of each camera of a zone; JSON.
CREATE TABLE cameras (
    zone         TEXT NOT NULL,
    camera       TEXT NOT NULL,
    masks        TEXT NOT NULL,
    regions      TEXT NOT NULL,
    tidy         TEXT NOT NULL,
    gate_history TEXT NOT NULL,
    PRIMARY KEY (zone, camera)
) STRICT, WITHOUT ROWID;
