-- That a try may have arrived, whatever has become of the message since: it is kept apart from the reason of
-- the last try, which the next one writes over.
ALTER TABLE outbox ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET unsure = 1 WHERE state IN ('waiting', 'leased') AND reason = 'unknown';
UPDATE outbox SET unsure = 1 WHERE state = 'waiting' AND id IN (
    SELECT outbox_id FROM restored_messages WHERE reason = 'unknown');
