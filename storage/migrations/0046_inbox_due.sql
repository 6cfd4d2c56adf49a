-- Rows that may have their turn are found without looking at those that were put off: strangers stand in line.
CREATE INDEX inbox_due ON inbox ((coalesce(not_before, '')), id) WHERE state IN ('waiting', 'fetching');
