-- Levels of an earlier year that the desk took over as a start; each counts only once it was looked at.
CREATE TABLE spd_starts (
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    row        TEXT NOT NULL,                    -- number of the row, as the rule year has it
    level      INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    year       INTEGER NOT NULL,                 -- of the period it is from
    at         TEXT NOT NULL,
    checked_at TEXT,                             -- when a level was chosen for the row; NULL: not yet
    PRIMARY KEY (period_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE results_asked (                     -- official results the desk was asked for, each once
    year INTEGER PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT;
