-- What an office has to look at again: after copying an innovation, or after form or rules have changed.

CREATE TABLE rechecks (
    innovation_id INTEGER NOT NULL REFERENCES innovations (id),
    place         TEXT NOT NULL,                 -- a question, an indicator, or '#rest': everything else that was copied
    why           TEXT NOT NULL,                 -- the ending of a text key: date, year, rules, reworded
    PRIMARY KEY (innovation_id, place)
) STRICT, WITHOUT ROWID;

-- The rule year of the period the office was told about, where it differs from the innovation's own.
ALTER TABLE innovations ADD COLUMN told_rule_year INTEGER;
