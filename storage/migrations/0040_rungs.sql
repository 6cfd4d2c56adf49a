-- Who of an office hears when its focal point does not answer: one person a post, by name and number,
-- who may have come in (a contact), or may have been invited.
CREATE TABLE rungs (
    office_id     INTEGER NOT NULL REFERENCES offices (id),
    post          TEXT NOT NULL CHECK (post IN ('second', 'secretary', 'head')),
    name          TEXT NOT NULL,
    phone         TEXT NOT NULL DEFAULT '',          -- E.164; '' when not known
    contact_id    INTEGER REFERENCES contacts (id),  -- NULL: found by the number, or not come in yet
    invitation_id INTEGER REFERENCES invitations (id),
    added_by      INTEGER REFERENCES contacts (id),  -- NULL: the command line
    added_at      TEXT NOT NULL,
    PRIMARY KEY (office_id, post)
) STRICT;
