-- Offices change: old names stay, a merged office says where it went, and a post is handed over with a record.

ALTER TABLE offices ADD COLUMN merged_into INTEGER REFERENCES offices (id);

CREATE TABLE office_names (                      -- what an office was called before; searchable among its aliases
    office_id INTEGER NOT NULL REFERENCES offices (id),
    name      TEXT NOT NULL,
    until     TEXT NOT NULL,
    PRIMARY KEY (office_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE handovers (                         -- one post from one person to the next
    id            INTEGER PRIMARY KEY,
    office_id     INTEGER NOT NULL REFERENCES offices (id),
    from_contact  INTEGER NOT NULL REFERENCES contacts (id),
    to_contact    INTEGER REFERENCES contacts (id),     -- NULL until the successor has come in by the invitation
    invitation_id INTEGER UNIQUE REFERENCES invitations (id),
    reason        TEXT NOT NULL,
    created_by    INTEGER NOT NULL REFERENCES contacts (id),
    created_at    TEXT NOT NULL,
    completed_at  TEXT
) STRICT;
