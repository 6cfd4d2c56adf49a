-- After a restore: what was waiting in the backup may have left meanwhile; the desk decides once.
CREATE TABLE restores (
    id          INTEGER PRIMARY KEY,
    copied_at   TEXT NOT NULL,                   -- when the backup was made
    restored_at TEXT NOT NULL,
    settled_at  TEXT,
    choice      TEXT CHECK (choice IN ('send', 'drop'))
) STRICT;
CREATE TABLE restored_messages (
    outbox_id  INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    restore_id INTEGER NOT NULL REFERENCES restores (id),
    not_before TEXT,                             -- as it was in the backup, and why it waited
    reason     TEXT
) STRICT;
CREATE INDEX restored_messages_restore ON restored_messages (restore_id);
