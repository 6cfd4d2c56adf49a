-- Which message an answer was written in, so that a message that is edited corrects its answer.

CREATE TABLE answer_messages (
    channel       TEXT NOT NULL,
    address       TEXT NOT NULL,
    message_ref   TEXT NOT NULL,
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    question      TEXT NOT NULL,
    first_id      INTEGER NOT NULL REFERENCES history (id), -- the line it became; its old value is what was there before
    history_id    INTEGER NOT NULL REFERENCES history (id), -- the line after its last correction
    at            TEXT NOT NULL,
    PRIMARY KEY (channel, address, message_ref)
) STRICT, WITHOUT ROWID;
