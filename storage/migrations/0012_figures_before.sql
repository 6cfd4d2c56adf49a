-- The past of a period is kept once an hour, before the hour's first change, instead of after each one.

DROP TABLE hourly_figures;
CREATE TABLE figures_before (                    -- how a period stood before the first change of an hour
    period_id INTEGER NOT NULL,
    hour      TEXT NOT NULL,                     -- UTC, ISO 8601 up to the hour
    figures   TEXT NOT NULL,                     -- JSON: storage.scores.Figures
    PRIMARY KEY (period_id, hour)
) STRICT, WITHOUT ROWID;
