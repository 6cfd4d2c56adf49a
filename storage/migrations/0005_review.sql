-- Review: who looks at an innovation now, and what is flagged for the office to correct.

CREATE TABLE reviews (                           -- holds while the innovation is in the state "diperiksa"
    innovation_id INTEGER PRIMARY KEY REFERENCES innovations (id),
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    since         TEXT NOT NULL,
    came_from     TEXT NOT NULL                  -- the state before
) STRICT;

CREATE TABLE flags (                             -- one item to correct
    id            INTEGER PRIMARY KEY,
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    place         TEXT NOT NULL,                 -- a question's id, or 'i16' for an indicator
    reason        TEXT NOT NULL,
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    at            TEXT NOT NULL,
    returned_at   TEXT,                          -- when the innovation went back with it; NULL while collected
    settled_at    TEXT                           -- when the office sent it in again
) STRICT;
CREATE UNIQUE INDEX flags_open ON flags (innovation_id, place) WHERE settled_at IS NULL;
CREATE INDEX flags_innovation ON flags (innovation_id, id);

CREATE INDEX history_moves ON history (innovation_id, at) WHERE question = '#state';
