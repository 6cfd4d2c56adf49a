-- What one desk keeps. Times are UTC, ISO 8601 text; JSON is text; ids are whole numbers.

CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    external_id TEXT NOT NULL,
    address     TEXT NOT NULL,                   -- '' when the update could not be read
    raw         TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'fetching', 'handled', 'unreadable', 'given_up')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  TEXT,
    fetched     TEXT,                            -- JSON: the file this row brought, or why it was refused
    note        TEXT,
    UNIQUE (channel, external_id)
) STRICT;
CREATE INDEX inbox_open ON inbox (channel, address, id) WHERE state IN ('waiting', 'fetching');

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    priority    INTEGER NOT NULL,                -- 0 reply, 1 reminder, 2 broadcast
    payload     TEXT NOT NULL,                   -- JSON: domain.message.Message
    repeatable  INTEGER NOT NULL DEFAULT 1,      -- may be sent again when its fate is unknown
    dedupe_key  TEXT UNIQUE,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'leased', 'sent', 'failed', 'unknown', 'dropped')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  TEXT NOT NULL,
    not_before  TEXT,
    leased_at   TEXT,
    lease_until TEXT,
    sent_at     TEXT,
    message_ref TEXT,
    note        TEXT
) STRICT;
CREATE INDEX outbox_open ON outbox (channel, address, priority, id) WHERE state IN ('waiting', 'leased');
CREATE INDEX outbox_due ON outbox (channel, priority, (coalesce(not_before, '')), id) WHERE state = 'waiting';
CREATE INDEX outbox_leased ON outbox (channel, address) WHERE state = 'leased';
CREATE INDEX outbox_recent ON outbox (channel, leased_at) WHERE leased_at IS NOT NULL;

CREATE TABLE offices (
    id      INTEGER PRIMARY KEY,
    code    TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    short   TEXT NOT NULL,
    kind    TEXT NOT NULL,                       -- sekretariat, inspektorat, dinas, badan, satpol, kecamatan …
    aliases TEXT NOT NULL DEFAULT '[]',          -- JSON list
    state   TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed'))
) STRICT;

CREATE TABLE contacts (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    phone           TEXT,                        -- E.164 digits with +, proved by the platform
    language        TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    consent_at      TEXT NOT NULL,
    created_at      TEXT NOT NULL
) STRICT;

CREATE TABLE addresses (
    channel    TEXT NOT NULL,
    address    TEXT NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    blocked_at TEXT,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_contact ON addresses (contact_id);

CREATE TABLE memberships (
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    role       TEXT NOT NULL CHECK (role IN ('focal_point', 'leader', 'admin')),
    office_id  INTEGER REFERENCES offices (id),  -- of a focal point
    since      TEXT NOT NULL,
    until      TEXT
) STRICT;
CREATE UNIQUE INDEX memberships_once ON memberships (contact_id, role, coalesce(office_id, 0)) WHERE until IS NULL;
CREATE INDEX memberships_office ON memberships (office_id) WHERE until IS NULL;

CREATE TABLE invitations (
    id         INTEGER PRIMARY KEY,
    code_hash  TEXT NOT NULL UNIQUE,             -- SHA-256; the code itself is never kept
    role       TEXT NOT NULL CHECK (role IN ('focal_point', 'leader', 'admin')),
    office_id  INTEGER REFERENCES offices (id),
    created_by INTEGER REFERENCES contacts (id), -- NULL: the command line
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_by    INTEGER REFERENCES contacts (id),
    used_at    TEXT
) STRICT;

CREATE TABLE enrolments (                        -- a code was right, the privacy notice is not yet answered
    channel       TEXT NOT NULL,
    address       TEXT NOT NULL,
    invitation_id INTEGER NOT NULL REFERENCES invitations (id),
    language      TEXT NOT NULL,
    started_at    TEXT NOT NULL,
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE wrong_codes (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX wrong_codes_address ON wrong_codes (channel, address, at);

CREATE TABLE periods (
    id           INTEGER PRIMARY KEY,
    year         INTEGER NOT NULL UNIQUE,
    rule_year    INTEGER NOT NULL,
    opens_on     TEXT NOT NULL,                  -- local dates
    deadline     TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed'))
) STRICT;

CREATE TABLE innovations (
    id           INTEGER PRIMARY KEY,
    office_id    INTEGER NOT NULL REFERENCES offices (id),
    period_id    INTEGER NOT NULL REFERENCES periods (id),
    form_version INTEGER NOT NULL,
    rule_year    INTEGER NOT NULL,
    state        TEXT NOT NULL DEFAULT 'draf' CHECK (state IN
                 ('draf', 'terkirim', 'diperiksa', 'terverifikasi', 'dikembalikan', 'ditolak', 'ditarik')),
    receipt      TEXT UNIQUE,
    created_by   INTEGER NOT NULL REFERENCES contacts (id),
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL,
    sent_at      TEXT,
    discarded_at TEXT                            -- a discarded draft can be taken back for seven days
) STRICT;
CREATE INDEX innovations_office ON innovations (office_id, period_id);
CREATE INDEX innovations_period ON innovations (period_id, state);

CREATE TABLE answers (
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    question      TEXT NOT NULL,
    value         TEXT NOT NULL,                 -- JSON
    PRIMARY KEY (innovation_id, question)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (                           -- every answer and every move: who, when, old, new
    id            INTEGER PRIMARY KEY,
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    at            TEXT NOT NULL,
    contact_id    INTEGER REFERENCES contacts (id),
    question      TEXT NOT NULL,                 -- a question's id, or '#state'
    old           TEXT,
    new           TEXT
) STRICT;
CREATE INDEX history_innovation ON history (innovation_id, id);

CREATE TABLE cursors (                           -- where each person stands in each innovation
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    state         TEXT NOT NULL,                 -- JSON: domain.conversation.Cursor
    touched_at    TEXT NOT NULL,
    PRIMARY KEY (contact_id, innovation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE dialogues (                         -- the one thing a person has open
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id),
    name       TEXT NOT NULL,
    state      TEXT NOT NULL                     -- JSON
) STRICT;

CREATE TABLE files (
    sha256   TEXT PRIMARY KEY,
    path     TEXT NOT NULL UNIQUE,               -- random name under the evidence folder
    kind     TEXT NOT NULL,                      -- by content
    size     INTEGER NOT NULL,                   -- bytes
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    actor  INTEGER,                              -- contact; NULL: command line or stranger
    action TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}'            -- JSON, without personal data
) STRICT;
