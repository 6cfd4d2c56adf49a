-- The estimate: what each innovation puts into the sums of its period, the sums themselves, and how they stood each hour.
-- Kept by storage/scores.py in the transaction of the write they follow from.

ALTER TABLE innovations ADD COLUMN levels TEXT NOT NULL DEFAULT '00000000000000000000'; -- claimed, 16 to 35
UPDATE innovations SET levels = (
    SELECT group_concat(level, '') FROM (
        WITH RECURSIVE numbers (no) AS (SELECT 16 UNION ALL SELECT no + 1 FROM numbers WHERE no < 35)
        SELECT coalesce((SELECT json_extract(a.value, '$.level') FROM answers a
                         WHERE a.innovation_id = innovations.id AND a.question = 'i' || numbers.no), 0) AS level
        FROM numbers ORDER BY no));

CREATE TABLE contributions (
    innovation_id INTEGER PRIMARY KEY,
    period_id     INTEGER NOT NULL,
    office_id     INTEGER NOT NULL,
    state         TEXT NOT NULL,
    claimed       INTEGER,                       -- points; NULL: does not count in the claimed figure
    verified      INTEGER,                       -- points; NULL: does not count in the verified figure
    affair        TEXT NOT NULL,                 -- main affair; '' when not answered
    levels        TEXT NOT NULL                  -- claimed, one digit for each of the indicators 16 to 35
) STRICT;
INSERT INTO contributions
SELECT id, period_id, office_id, state,
       CASE WHEN stage = 'penerapan' AND state IN ('terkirim', 'diubah', 'diperiksa', 'terverifikasi') THEN claimed END,
       CASE WHEN stage = 'penerapan' AND state = 'terverifikasi' THEN verified END, coalesce(affair, ''), levels
FROM (SELECT i.*,
             (SELECT json_extract(value, '$') FROM answers
              WHERE innovation_id = i.id AND question = 'tahapan') AS stage,
             (SELECT json_extract(value, '$') FROM answers
              WHERE innovation_id = i.id AND question = 'urusan_utama') AS affair
      FROM innovations i WHERE discarded_at IS NULL);

CREATE TABLE tallies (                           -- of one office in one period
    period_id      INTEGER NOT NULL,
    office_id      INTEGER NOT NULL,
    draf           INTEGER NOT NULL DEFAULT 0,     -- innovations in this state
    terkirim       INTEGER NOT NULL DEFAULT 0,
    diubah         INTEGER NOT NULL DEFAULT 0,
    diperiksa      INTEGER NOT NULL DEFAULT 0,
    terverifikasi  INTEGER NOT NULL DEFAULT 0,
    dikembalikan   INTEGER NOT NULL DEFAULT 0,
    ditolak        INTEGER NOT NULL DEFAULT 0,
    ditarik        INTEGER NOT NULL DEFAULT 0,
    counted        INTEGER NOT NULL DEFAULT 0,     -- innovations in the claimed figure
    claimed        INTEGER NOT NULL DEFAULT 0,     -- points, of those
    verified_count INTEGER NOT NULL DEFAULT 0,     -- innovations in the verified figure
    verified       INTEGER NOT NULL DEFAULT 0,     -- points, of those
    l16 INTEGER NOT NULL DEFAULT 0, l17 INTEGER NOT NULL DEFAULT 0, l18 INTEGER NOT NULL DEFAULT 0, l19 INTEGER NOT NULL DEFAULT 0, l20 INTEGER NOT NULL DEFAULT 0,   -- claimed levels, by indicator
    l21 INTEGER NOT NULL DEFAULT 0, l22 INTEGER NOT NULL DEFAULT 0, l23 INTEGER NOT NULL DEFAULT 0, l24 INTEGER NOT NULL DEFAULT 0, l25 INTEGER NOT NULL DEFAULT 0,
    l26 INTEGER NOT NULL DEFAULT 0, l27 INTEGER NOT NULL DEFAULT 0, l28 INTEGER NOT NULL DEFAULT 0, l29 INTEGER NOT NULL DEFAULT 0, l30 INTEGER NOT NULL DEFAULT 0,
    l31 INTEGER NOT NULL DEFAULT 0, l32 INTEGER NOT NULL DEFAULT 0, l33 INTEGER NOT NULL DEFAULT 0, l34 INTEGER NOT NULL DEFAULT 0, l35 INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (period_id, office_id)
) STRICT, WITHOUT ROWID;
INSERT INTO tallies
SELECT period_id, office_id,
       sum(state = 'draf'),
       sum(state = 'terkirim'),
       sum(state = 'diubah'),
       sum(state = 'diperiksa'),
       sum(state = 'terverifikasi'),
       sum(state = 'dikembalikan'),
       sum(state = 'ditolak'),
       sum(state = 'ditarik'),
       count(claimed), coalesce(sum(claimed), 0), count(verified), coalesce(sum(verified), 0),
       sum(iif(claimed IS NULL, 0, substr(levels, 1, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 2, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 3, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 4, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 5, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 6, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 7, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 8, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 9, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 10, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 11, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 12, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 13, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 14, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 15, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 16, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 17, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 18, 1))),
       sum(iif(claimed IS NULL, 0, substr(levels, 19, 1))), sum(iif(claimed IS NULL, 0, substr(levels, 20, 1)))
FROM contributions GROUP BY period_id, office_id;

CREATE TABLE affair_tallies (                    -- how many innovations of each main affair count
    period_id      INTEGER NOT NULL,
    affair         TEXT NOT NULL,
    counted        INTEGER NOT NULL DEFAULT 0,
    verified_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (period_id, affair)
) STRICT, WITHOUT ROWID;
INSERT INTO affair_tallies
SELECT period_id, affair, count(claimed), count(verified) FROM contributions
WHERE affair <> '' GROUP BY period_id, affair;

CREATE TABLE hourly_figures (                    -- how a period stood at the end of each hour in which it changed
    period_id INTEGER NOT NULL,
    hour      TEXT NOT NULL,                     -- UTC, ISO 8601 up to the hour
    figures   TEXT NOT NULL,                     -- JSON: storage.scores.Figures
    PRIMARY KEY (period_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE spd_levels (                        -- the regency's own rows, as the desk chose their levels
    period_id INTEGER NOT NULL REFERENCES periods (id),
    row       TEXT NOT NULL,                     -- number of the row, as the rule year has it
    level     INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    PRIMARY KEY (period_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE spd_history (
    id         INTEGER PRIMARY KEY,
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    at         TEXT NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    row        TEXT NOT NULL,
    old        INTEGER NOT NULL,
    new        INTEGER NOT NULL
) STRICT;
CREATE INDEX spd_history_period ON spd_history (period_id, id);

CREATE TABLE targets (                           -- the index a period aims at; without a row, the best predikat
    period_id  INTEGER PRIMARY KEY REFERENCES periods (id),
    value      TEXT NOT NULL,                    -- decimal, of 100
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    at         TEXT NOT NULL
) STRICT;

CREATE TABLE published_results (                 -- what the ministry published; never computed, never mixed
    year       INTEGER PRIMARY KEY,
    value      TEXT NOT NULL,                    -- decimal, of 100
    source     TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id), -- NULL: came with the program
    at         TEXT NOT NULL
) STRICT;

CREATE TABLE efforts (                           -- what one step up of an indicator costs the offices, 1 without a row
    indicator INTEGER PRIMARY KEY CHECK (indicator BETWEEN 16 AND 35),
    weight    INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 9)
) STRICT;
