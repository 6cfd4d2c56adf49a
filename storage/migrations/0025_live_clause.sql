-- Whether a person hears after each indicator what it does to the index.
ALTER TABLE contacts ADD COLUMN live_clause INTEGER NOT NULL DEFAULT 1;
