-- One person at several addresses: where they wrote last, how two became one, and what was sent another way.

ALTER TABLE addresses ADD COLUMN spoke_at TEXT;  -- when the person last wrote from here, of somebody with several addresses
ALTER TABLE contacts ADD COLUMN joined_into INTEGER REFERENCES contacts (id);  -- the same person, known by that row since
ALTER TABLE outbox ADD COLUMN instead_of INTEGER;  -- the message that did not arrive at another address of the same person
ALTER TABLE broadcast_recipients ADD COLUMN first_channel TEXT;  -- tried in vain before `channel`

CREATE TABLE link_offers (                       -- two addresses may be the same person's: asked, and answered once
    id          INTEGER PRIMARY KEY,
    contact_id  INTEGER NOT NULL REFERENCES contacts (id),  -- who made the code, or has proved the number
    code_hash   TEXT UNIQUE,                     -- SHA-256; NULL: it rests on a proved number
    channel     TEXT,                            -- of who sent the code or proved the number; NULL: nobody yet
    address     TEXT,
    created_at  TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    settled_at  TEXT,
    outcome     TEXT CHECK (outcome IN ('joined', 'declined', 'replaced'))
) STRICT;
CREATE INDEX link_offers_contact ON link_offers (contact_id, created_at);
CREATE INDEX link_offers_address ON link_offers (channel, address);
