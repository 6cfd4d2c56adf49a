-- Who has agreed to be written to unasked: when, where, how, and to which text; and who has asked to be left alone.

CREATE TABLE opt_ins (
    id         INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    at         TEXT NOT NULL,
    wants      INTEGER NOT NULL,                 -- 1: may be written to unasked, 0: not any more
    channel    TEXT NOT NULL,                    -- '' when it was before this was kept
    how        TEXT NOT NULL CHECK (how IN ('notice', 'word', 'button')),
    version    TEXT NOT NULL                     -- of the notice that stood at that time
) STRICT;
CREATE INDEX opt_ins_contact ON opt_ins (contact_id, id);
INSERT INTO opt_ins (contact_id, at, wants, channel, how, version)
SELECT id, consent_at, 1, '', 'notice', consent_version FROM contacts ORDER BY id;

CREATE TABLE silences (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id),
    since      TEXT NOT NULL
) STRICT;
