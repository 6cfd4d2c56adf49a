-- When a message that may not be repeated was about to go into the air: of what was leased and has no such
-- time it is known that it never left. Leases of before this column may have.
ALTER TABLE outbox ADD COLUMN departed_at TEXT;
UPDATE outbox SET departed_at = leased_at WHERE state = 'leased';
