-- When each address last spoke, where a channel takes free messages only for a while after that;
-- the templates an account holds, and under which one a message left.

CREATE TABLE windows (
    channel  TEXT NOT NULL,
    address  TEXT NOT NULL,
    spoke_at TEXT,                               -- NULL: the platform has said that the window is closed
    rung_at  TEXT,                               -- when a template last asked the person to open the talk
    PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE templates (
    channel    TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT NOT NULL,
    status     TEXT NOT NULL,                    -- as the platform says it: APPROVED, PENDING, PAUSED …
    category   TEXT NOT NULL,                    -- UTILITY, MARKETING …
    changed_at TEXT NOT NULL,
    PRIMARY KEY (channel, name, language)
) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN template TEXT;     -- the name of the template it left as
ALTER TABLE outbox ADD COLUMN billable INTEGER;  -- as the platform said; NULL: it said nothing
ALTER TABLE outbox ADD COLUMN category TEXT;     -- of the price: utility, service …

-- two more reasons: a check of a column cannot be changed, so the column is made anew
ALTER TABLE outbox RENAME COLUMN reason TO reason_before;
ALTER TABLE outbox ADD COLUMN reason TEXT CHECK (reason IN
    ('blocked', 'gone', 'refused', 'not_sent', 'unmade', 'unknown', 'window', 'undeliverable'));
UPDATE outbox SET reason = reason_before WHERE reason_before IS NOT NULL;
ALTER TABLE outbox DROP COLUMN reason_before;
CREATE INDEX outbox_held ON outbox (channel, address) WHERE state = 'waiting' AND reason = 'window';

-- How many messages in a row a platform could not bring to a number.
ALTER TABLE addresses ADD COLUMN undelivered INTEGER NOT NULL DEFAULT 0;

CREATE INDEX broadcast_recipients_outbox ON broadcast_recipients (outbox_id) WHERE outbox_id IS NOT NULL;
