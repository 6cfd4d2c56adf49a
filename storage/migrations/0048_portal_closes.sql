-- The day on which the ministry closes its portal, as the desk has recorded it; NULL: not recorded.
ALTER TABLE periods ADD COLUMN portal_closes TEXT;
