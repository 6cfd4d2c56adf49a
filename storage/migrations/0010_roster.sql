-- The roster: who shall serve, as the desk's own list has it; a proved phone number opens the door like a code.

CREATE TABLE roster (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    phone      TEXT NOT NULL,                    -- E.164 digits with +, as the list has it
    role       TEXT NOT NULL CHECK (role IN ('focal_point', 'leader', 'admin')),
    office_id  INTEGER REFERENCES offices (id),  -- of a focal point
    added_at   TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id), -- who proved the number; NULL: nobody yet
    bound_at   TEXT
) STRICT;
CREATE UNIQUE INDEX roster_once ON roster (phone, role, coalesce(office_id, 0));
CREATE INDEX roster_office ON roster (office_id) WHERE contact_id IS NULL;

CREATE TABLE enrolments_new (                    -- a code or a number was right, the privacy notice is not yet answered
    channel       TEXT NOT NULL,
    address       TEXT NOT NULL,
    invitation_id INTEGER REFERENCES invitations (id),
    roster_phone  TEXT,
    language      TEXT NOT NULL,
    started_at    TEXT NOT NULL,
    PRIMARY KEY (channel, address),
    CHECK ((invitation_id IS NULL) <> (roster_phone IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO enrolments_new (channel, address, invitation_id, language, started_at)
SELECT channel, address, invitation_id, language, started_at FROM enrolments;
DROP TABLE enrolments;
ALTER TABLE enrolments_new RENAME TO enrolments;
