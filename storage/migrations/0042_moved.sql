-- Where a desk has moved to: from then on this database is kept as it was and is not started.
CREATE TABLE moved (
    address TEXT NOT NULL,                       -- without a password
    at      TEXT NOT NULL
) STRICT;
