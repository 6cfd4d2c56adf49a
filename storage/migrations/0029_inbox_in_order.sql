-- The oldest open rows are found without looking at all of them: a heap may wait.
CREATE INDEX inbox_in_order ON inbox (id) WHERE state IN ('waiting', 'fetching');
