-- The limits of unasked messages hold for announcements too.

-- why an announcement goes also to people who have reached their limit; '' where it does not
ALTER TABLE broadcasts ADD COLUMN urgent_reason TEXT NOT NULL DEFAULT '';
-- it waited for the person to open the talk, who did
ALTER TABLE outbox ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
