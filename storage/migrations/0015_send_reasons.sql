-- Why a message did not arrive, as a code; it stood in the note, as the name of a class of the program.

ALTER TABLE outbox ADD COLUMN reason TEXT
    CHECK (reason IN ('blocked', 'gone', 'refused', 'not_sent', 'unmade', 'unknown'));

UPDATE outbox SET reason = CASE
    WHEN note LIKE 'Blocked:%chat not found%' OR note LIKE 'Blocked:%deactivated%' THEN 'gone'
    WHEN state = 'dropped' AND address = '' THEN 'gone'
    WHEN note LIKE 'Blocked:%' OR note = 'blocked' THEN 'blocked'
    WHEN state = 'unknown' OR note LIKE 'FateUnknown:%' THEN 'unknown'
    WHEN note LIKE 'Refused:%' THEN 'refused'
    WHEN note LIKE 'NotSent:%' OR note LIKE 'Throttled:%' OR note LIKE 'ChannelDown:%' THEN 'not_sent'
    WHEN state = 'failed' THEN 'unmade'
END
WHERE state IN ('waiting', 'leased', 'failed', 'unknown', 'dropped');
