-- Announcements: the text, who gets it, and what became of each; who has read it, and who wrote back.

CREATE TABLE broadcasts (
    id            INTEGER PRIMARY KEY,
    state         TEXT NOT NULL DEFAULT 'draft' CHECK (state IN
                  ('draft', 'held', 'running', 'done', 'stopped', 'cancelled')),
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),  -- who announces
    channel       TEXT NOT NULL,                 -- where they are told how it goes
    address       TEXT NOT NULL,
    text          TEXT NOT NULL DEFAULT '',      -- as typed: *bold*, _italic_
    literal       INTEGER NOT NULL DEFAULT 0,    -- stars and underscores are meant as they stand
    attachment    TEXT,                          -- JSON: domain.message.Attachment
    audience      TEXT NOT NULL DEFAULT '{}',    -- JSON: domain.audience.Audience
    follows       INTEGER REFERENCES broadcasts (id),  -- the first one, of which this reminds
    starts_at     TEXT,                          -- not before; NULL in a draft: at once
    urgent        INTEGER NOT NULL DEFAULT 0,    -- quiet hours and holidays do not hold it
    revision      INTEGER NOT NULL DEFAULT 0,    -- rises with every change and every preview
    previewed_at  TEXT,                          -- of the preview that may be confirmed
    previewed_for INTEGER NOT NULL DEFAULT 0,    -- people it was shown for
    boot          TEXT NOT NULL DEFAULT '',      -- the process that showed it
    created_at    TEXT NOT NULL,
    confirmed_at  TEXT,
    started_at    TEXT,
    ended_at      TEXT,
    digest        TEXT,                          -- of text and attachment, once confirmed
    progress_ref  TEXT,                          -- the message that shows how far it is
    progress_row  INTEGER,                       -- outbox row of the last news
    progress_at   TEXT
) STRICT;
CREATE INDEX broadcasts_state ON broadcasts (state, starts_at);
CREATE INDEX broadcasts_follows ON broadcasts (follows) WHERE follows IS NOT NULL;
CREATE INDEX broadcasts_digest ON broadcasts (digest, confirmed_at) WHERE digest IS NOT NULL;

CREATE TABLE broadcast_recipients (
    id           INTEGER PRIMARY KEY,
    broadcast_id INTEGER NOT NULL REFERENCES broadcasts (id),
    contact_id   INTEGER REFERENCES contacts (id),  -- NULL: an office where nobody has enrolled
    office_id    INTEGER REFERENCES offices (id),
    channel      TEXT,
    address      TEXT,
    state        TEXT NOT NULL CHECK (state IN
                 ('waiting', 'queued', 'skipped', 'unknown', 'failed', 'sent', 'delivered', 'read')),
    reason       TEXT,                           -- a key of words: blocked, nobody, stopped …
    outbox_id    INTEGER,
    message_ref  TEXT,
    settled_at   TEXT,
    acked_at     TEXT
) STRICT;
CREATE UNIQUE INDEX broadcast_recipients_once ON broadcast_recipients
    (broadcast_id, coalesce(contact_id, 0), (CASE WHEN contact_id IS NULL THEN office_id ELSE 0 END));
CREATE INDEX broadcast_recipients_state ON broadcast_recipients (broadcast_id, state, id);
CREATE INDEX broadcast_recipients_queued ON broadcast_recipients (broadcast_id, outbox_id) WHERE state = 'queued';
CREATE INDEX broadcast_recipients_contact ON broadcast_recipients (contact_id, broadcast_id);

CREATE TABLE broadcast_replies (
    id           INTEGER PRIMARY KEY,
    broadcast_id INTEGER NOT NULL REFERENCES broadcasts (id),
    contact_id   INTEGER NOT NULL REFERENCES contacts (id),
    office_id    INTEGER REFERENCES offices (id),
    channel      TEXT NOT NULL,
    address      TEXT NOT NULL,
    message_ref  TEXT NOT NULL DEFAULT '',       -- of what they wrote
    text         TEXT NOT NULL,
    at           TEXT NOT NULL,
    answer       TEXT,
    answered_by  INTEGER REFERENCES contacts (id),
    answered_at  TEXT
) STRICT;
CREATE INDEX broadcast_replies_broadcast ON broadcast_replies (broadcast_id, id);
