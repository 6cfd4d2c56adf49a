-- When a period was closed, and why: whoever is refused is told both. NULL: open, or closed before this was kept.
ALTER TABLE periods ADD COLUMN closed_at TEXT;
ALTER TABLE periods ADD COLUMN closed_why TEXT;
