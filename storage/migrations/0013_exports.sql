-- Exports that are made aside, and what was carried over to the national portal.

CREATE TABLE exports (
    id          INTEGER PRIMARY KEY,
    contact_id  INTEGER NOT NULL REFERENCES contacts (id),
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    language    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    args        TEXT NOT NULL,                   -- JSON
    progress    TEXT NOT NULL DEFAULT '',        -- the message that shows how far it is
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'expired')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  TEXT NOT NULL,
    finished_at TEXT,
    path        TEXT,                            -- under the exports folder
    name        TEXT                             -- as the person sees it
) STRICT;
CREATE INDEX exports_open ON exports (id) WHERE state IN ('waiting', 'running');

CREATE TABLE uploads (
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    item          TEXT NOT NULL,                 -- of domain/data/portal, or 'i16'
    mark          INTEGER NOT NULL,              -- checksum of what stood there
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    at            TEXT NOT NULL,
    PRIMARY KEY (innovation_id, item)
) STRICT, WITHOUT ROWID;
