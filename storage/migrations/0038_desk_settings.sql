-- What the desk itself has set in the chat, by its name; who set it and what stood there before is in the audit.
CREATE TABLE desk_settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    changed_at TEXT NOT NULL                     -- UTC
) STRICT;
