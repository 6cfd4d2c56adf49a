-- A published result names how many innovations it rested on, where that is known.

ALTER TABLE published_results ADD COLUMN innovations INTEGER;  -- NULL: not known
