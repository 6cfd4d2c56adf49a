-- What an innovation must fulfil to count, by rule year, and why one does not count.

CREATE TABLE counting_rules (                    -- as the data files have it; brought up to date at the start
    rule_year INTEGER PRIMARY KEY,
    opens     TEXT NOT NULL,                     -- window of implementation, local dates
    closes    TEXT NOT NULL,
    mandatory TEXT NOT NULL                      -- JSON: indicators without which it is not in the verified figure
) STRICT;

ALTER TABLE contributions ADD COLUMN reason TEXT NOT NULL DEFAULT '';  -- domain.draft.eligibility.Reason; '': none
