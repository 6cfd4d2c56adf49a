-- What the rules of a year in use said when it was begun with, and earlier editions of its indicators.

CREATE TABLE rules_in_use (
    rule_year INTEGER PRIMARY KEY,
    digest    TEXT NOT NULL,                     -- of `content`
    content   TEXT NOT NULL,                     -- JSON: what moves the index (domain.rules.deciding)
    indicators TEXT NOT NULL,                    -- JSON: the whole indicators (domain.rules.indicators.IndicatorSet)
    taken_at  TEXT NOT NULL
) STRICT;

CREATE TABLE rule_editions (                     -- indicators that a change of the data files has replaced
    id         INTEGER PRIMARY KEY,
    rule_year  INTEGER NOT NULL,
    indicators TEXT NOT NULL,                    -- JSON, as above
    replaced_at TEXT NOT NULL
) STRICT;

ALTER TABLE innovations ADD COLUMN rule_edition INTEGER REFERENCES rule_editions (id);  -- NULL: the present one
