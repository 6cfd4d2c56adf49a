-- Indicators: the state "diubah", the maturity an office claims and the desk has verified, evidence, verdicts.

CREATE TABLE innovations_new (
    id           INTEGER PRIMARY KEY,
    office_id    INTEGER NOT NULL REFERENCES offices (id),
    period_id    INTEGER NOT NULL REFERENCES periods (id),
    form_version INTEGER NOT NULL,
    rule_year    INTEGER NOT NULL,
    state        TEXT NOT NULL DEFAULT 'draf' CHECK (state IN
                 ('draf', 'terkirim', 'diubah', 'diperiksa', 'terverifikasi', 'dikembalikan', 'ditolak', 'ditarik')),
    receipt      TEXT UNIQUE,
    claimed      INTEGER NOT NULL DEFAULT 0,     -- maturity in points, from the levels the office chose
    verified     INTEGER NOT NULL DEFAULT 0,     -- maturity in points, from the levels the desk accepted
    copied_from  INTEGER REFERENCES innovations (id),
    created_by   INTEGER NOT NULL REFERENCES contacts (id),
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    sent_at      TEXT,
    discarded_at TEXT                            -- a discarded draft can be taken back for seven days
) STRICT;
INSERT INTO innovations_new (id, office_id, period_id, form_version, rule_year, state, receipt, created_by, created_at,
                             updated_at, sent_at, discarded_at)
SELECT id, office_id, period_id, form_version, rule_year, state, receipt, created_by, created_at,
       updated_at, sent_at, discarded_at FROM innovations;
DROP TABLE innovations;
ALTER TABLE innovations_new RENAME TO innovations;
CREATE INDEX innovations_office ON innovations (office_id, period_id);
CREATE INDEX innovations_period ON innovations (period_id, state);

CREATE TABLE evidence (                          -- which bytes stand as evidence where; follows the answers
    sha256        TEXT NOT NULL,
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    question      TEXT NOT NULL,
    PRIMARY KEY (sha256, innovation_id, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_innovation ON evidence (innovation_id, question);

CREATE TABLE verdicts (                          -- the desk's own level of one indicator
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    indicator     INTEGER NOT NULL,
    level         INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    reason        TEXT NOT NULL DEFAULT '',
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    at            TEXT NOT NULL,
    PRIMARY KEY (innovation_id, indicator)
) STRICT, WITHOUT ROWID;
