-- Which of a platform's accounts is ours, once it has told; what came in is not kept for it.
CREATE TABLE accounts (
    channel  TEXT PRIMARY KEY,
    account  TEXT NOT NULL,                      -- the platform's own id
    noted_at TEXT NOT NULL                       -- UTC
) STRICT;
