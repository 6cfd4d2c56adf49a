-- Periods: their own reporting window, an extension or exemption for one office; and the audit only ever grows.

ALTER TABLE periods ADD COLUMN window_from TEXT;   -- local dates; NULL: as the rule year has it
ALTER TABLE periods ADD COLUMN window_until TEXT;

CREATE TABLE extensions (                          -- what holds for one office instead of the period's deadline
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    office_id  INTEGER NOT NULL REFERENCES offices (id),
    until      TEXT,                               -- local date, its day included; NULL: no duty this period
    reason     TEXT NOT NULL,
    created_by INTEGER REFERENCES contacts (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (period_id, office_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'lines of the audit are only ever added');
END;

CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'lines of the audit are only ever added');
END;
