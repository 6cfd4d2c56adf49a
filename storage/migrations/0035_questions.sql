-- What people ask and no entry answers: with the place they stood at, until the desk answers.
CREATE TABLE questions (
    id            INTEGER PRIMARY KEY,
    contact_id    INTEGER NOT NULL REFERENCES contacts (id),
    text          TEXT NOT NULL,
    innovation_id INTEGER REFERENCES innovations (id),
    place         TEXT NOT NULL DEFAULT '',      -- a question of the form; '' for none
    state         TEXT NOT NULL DEFAULT 'unsent' CHECK (state IN ('unsent', 'open', 'answered')),
    asked_at      TEXT NOT NULL,
    answer        TEXT,
    answered_by   INTEGER REFERENCES contacts (id),
    answered_at   TEXT
) STRICT;
CREATE INDEX questions_open ON questions (id) WHERE state = 'open';
CREATE INDEX questions_of ON questions (contact_id);

-- Answers the desk keeps as knowledge, without anybody's name.
CREATE TABLE kept_answers (
    id       INTEGER PRIMARY KEY,
    question TEXT NOT NULL UNIQUE,
    answer   TEXT NOT NULL,
    kept_at  TEXT NOT NULL
) STRICT;
