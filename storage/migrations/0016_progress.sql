-- How far a message came, where the platform tells later: on Telegram it says nothing more than "taken".

ALTER TABLE outbox ADD COLUMN progress TEXT
    CHECK (progress IN ('accepted', 'sent', 'failed', 'delivered', 'read'));
