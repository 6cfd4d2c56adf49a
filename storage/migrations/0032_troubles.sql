-- What the machine has trouble with now; a row goes when the trouble is over.
CREATE TABLE troubles (
    kind    TEXT NOT NULL,                       -- part, channel, queue, database, disk, backup
    subject TEXT NOT NULL,
    since   TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
