-- What the columns of inbox and outbox may hold is compared word by word: of a list of more than two SQLite
-- makes a table, anew for each row it writes, and a turn made ten. The columns are as they were.

CREATE TABLE inbox_new (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    external_id TEXT NOT NULL,
    address     TEXT NOT NULL,                   -- '' when the update could not be read
    raw         TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state = 'waiting' OR state = 'fetching' OR state = 'handled' OR state = 'unreadable'
                       OR state = 'given_up'),
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  TEXT,
    fetched     TEXT,                            -- JSON: the file this row brought, or why it was refused
    note        TEXT,
    UNIQUE (channel, external_id)
) STRICT;
INSERT INTO inbox_new (id, channel, external_id, address, raw, received_at, state, attempts, not_before, fetched, note)
SELECT id, channel, external_id, address, raw, received_at, state, attempts, not_before, fetched, note FROM inbox;
DROP TABLE inbox;
ALTER TABLE inbox_new RENAME TO inbox;
CREATE INDEX inbox_open ON inbox (channel, address, id) WHERE state IN ('waiting', 'fetching');
CREATE INDEX inbox_in_order ON inbox (id) WHERE state IN ('waiting', 'fetching');
CREATE INDEX inbox_due ON inbox ((coalesce(not_before, '')), id) WHERE state IN ('waiting', 'fetching');

CREATE TABLE outbox_new (
    id          INTEGER PRIMARY KEY,
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    priority    INTEGER NOT NULL,                -- 0 reply, 1 reminder, 2 broadcast
    payload     TEXT NOT NULL,                   -- JSON: domain.message.Message
    repeatable  INTEGER NOT NULL DEFAULT 1,      -- may be sent again when its fate is unknown
    dedupe_key  TEXT UNIQUE,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state = 'waiting' OR state = 'leased' OR state = 'sent' OR state = 'failed'
                       OR state = 'unknown' OR state = 'dropped'),
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  TEXT NOT NULL,
    not_before  TEXT,
    leased_at   TEXT,
    lease_until TEXT,
    sent_at     TEXT,
    message_ref TEXT,
    note        TEXT,
    progress    TEXT CHECK (progress = 'accepted' OR progress = 'sent' OR progress = 'failed'
                            OR progress = 'delivered' OR progress = 'read'),
    template    TEXT,                            -- the name of the template it left as
    billable    INTEGER,                         -- as the platform said; NULL: it said nothing
    category    TEXT,                            -- of the price: utility, service …
    reason      TEXT CHECK (reason = 'blocked' OR reason = 'gone' OR reason = 'refused' OR reason = 'not_sent'
                            OR reason = 'unmade' OR reason = 'unknown' OR reason = 'window'
                            OR reason = 'undeliverable'),
    instead_of  INTEGER,                         -- the message that did not arrive at another address of the same person
    asked       INTEGER NOT NULL DEFAULT 0,
    departed_at TEXT,
    unsure      INTEGER NOT NULL DEFAULT 0       -- that a try may have arrived
) STRICT;
INSERT INTO outbox_new (id, channel, address, priority, payload, repeatable, dedupe_key, state, attempts, created_at,
    not_before, leased_at, lease_until, sent_at, message_ref, note, progress, template, billable, category, reason,
    instead_of, asked, departed_at, unsure)
SELECT id, channel, address, priority, payload, repeatable, dedupe_key, state, attempts, created_at,
    not_before, leased_at, lease_until, sent_at, message_ref, note, progress, template, billable, category, reason,
    instead_of, asked, departed_at, unsure
FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (channel, address, priority, id) WHERE state IN ('waiting', 'leased');
CREATE INDEX outbox_due ON outbox (channel, priority, (coalesce(not_before, '')), id) WHERE state = 'waiting';
CREATE INDEX outbox_leased ON outbox (channel, address) WHERE state = 'leased';
CREATE INDEX outbox_recent ON outbox (channel, leased_at) WHERE leased_at IS NOT NULL;
CREATE INDEX outbox_unasked ON outbox (channel, address, created_at) WHERE priority > 0;
CREATE INDEX outbox_said ON outbox (channel, address, id) WHERE state IN ('sent', 'leased') OR state = 'unknown';
CREATE INDEX outbox_reference ON outbox (channel, message_ref) WHERE message_ref IS NOT NULL;
CREATE INDEX outbox_held ON outbox (channel, address) WHERE state = 'waiting' AND reason = 'window';
CREATE INDEX outbox_instead ON outbox (instead_of) WHERE instead_of IS NOT NULL;
