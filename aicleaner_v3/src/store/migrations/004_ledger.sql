-- Every call to a provider, from before it is made. Money is in micro-dollars. A reserved row counts with the
-- most that it can cost. Written by the purse alone.
CREATE TABLE ledger (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    zone       TEXT,
    provider   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    model      TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    price      TEXT,
    is_free    INTEGER NOT NULL,
    cost       INTEGER NOT NULL,
    calls      INTEGER NOT NULL,
    tokens_in  INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    images     INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_time ON ledger (at);
CREATE INDEX ledger_by_provider ON ledger (provider, at);

-- Providers that rest after failures.
CREATE TABLE breakers (
    provider TEXT PRIMARY KEY,
    until    INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    class    TEXT NOT NULL
) STRICT;

-- What the test picture showed of each provider and model.
CREATE TABLE sight (
    provider TEXT NOT NULL,
    model    TEXT NOT NULL,
    sees     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;
