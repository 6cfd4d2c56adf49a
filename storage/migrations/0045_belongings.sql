-- To which desk this database belongs: its regency, and the bot and the number it talks with.
CREATE TABLE belongings (
    name     TEXT PRIMARY KEY,                   -- 'regency', or the channel
    value    TEXT NOT NULL,                      -- the regency's name, the platform's id of bot or number
    noted_at TEXT NOT NULL                       -- UTC
) STRICT;
