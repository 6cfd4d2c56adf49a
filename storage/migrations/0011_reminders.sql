-- Reminding: what was told or decided, the last look, what people asked for, and the inputs of each summary.

CREATE TABLE occurrences (                       -- decided at most once; a moved deadline is another key
    id         INTEGER PRIMARY KEY,
    rule       TEXT NOT NULL,
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    office_id  INTEGER NOT NULL,                 -- 0: no single office
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    step       TEXT NOT NULL,
    deadline   TEXT NOT NULL,                    -- local date the step follows; '' when none
    at         TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('told', 'covered', 'missed')),
    outbox_id  INTEGER,                          -- the message that carries it
    asks       INTEGER,                          -- the innovation whose next question stands in the message
    UNIQUE (rule, period_id, office_id, contact_id, step, deadline)
) STRICT;
CREATE INDEX occurrences_office ON occurrences (period_id, office_id);
CREATE INDEX occurrences_outbox ON occurrences (outbox_id) WHERE outbox_id IS NOT NULL;

CREATE TABLE ticks (                             -- when each tick last did its work
    name TEXT PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE held (                              -- in the middle of answering: looked at again the same morning
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id),
    day        TEXT NOT NULL                     -- local
) STRICT;

CREATE TABLE pauses (                            -- the one switch over everything the bot says by itself
    id          INTEGER PRIMARY KEY,
    since       TEXT NOT NULL,
    paused_by   INTEGER REFERENCES contacts (id),
    until       TEXT,
    resumed_by  INTEGER REFERENCES contacts (id)
) STRICT;
CREATE UNIQUE INDEX pauses_once ON pauses ((until IS NULL)) WHERE until IS NULL;

CREATE TABLE snoozes (                           -- until which morning a person put off one office's reminders
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    office_id  INTEGER NOT NULL REFERENCES offices (id),
    until      TEXT NOT NULL,                    -- local date
    at         TEXT NOT NULL,
    PRIMARY KEY (contact_id, period_id, office_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX snoozes_office ON snoozes (period_id, office_id);

CREATE TABLE own_targets (                       -- the earlier date an office set itself
    office_id  INTEGER NOT NULL REFERENCES offices (id),
    period_id  INTEGER NOT NULL REFERENCES periods (id),
    target     TEXT NOT NULL,                    -- local date
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    at         TEXT NOT NULL,
    PRIMARY KEY (office_id, period_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (                     -- who gets the weekly summary
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id),
    since      TEXT NOT NULL
) STRICT;

CREATE TABLE summaries (                         -- what a weekly summary was made from, so that it can be made again
    period_id INTEGER NOT NULL REFERENCES periods (id),
    week      TEXT NOT NULL,                     -- local date of its Monday
    at        TEXT NOT NULL,
    inputs    TEXT NOT NULL,                     -- JSON; '' when it was too late to send
    PRIMARY KEY (period_id, week)
) STRICT, WITHOUT ROWID;

-- unasked messages of a person, for the limits; replies cost nothing
CREATE INDEX outbox_unasked ON outbox (channel, address, created_at) WHERE priority > 0;
