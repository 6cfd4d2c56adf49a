-- When the deadline of a period, or of one office, came to hold: what a reminder announced before that, it
-- announced for another one.
ALTER TABLE periods ADD COLUMN deadline_at TEXT;  -- NULL: not moved since the period was opened
UPDATE periods SET deadline_at = (
    SELECT max(a.at) FROM audit a
    WHERE a.action = 'deadline_moved' AND CAST(json_extract(a.detail, '$.year') AS INTEGER) = periods.year);
