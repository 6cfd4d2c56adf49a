-- Invitations the desk takes back, and why somebody decides alone on what is their own.

ALTER TABLE invitations ADD COLUMN revoked_at TEXT;
ALTER TABLE reviews ADD COLUMN alone_reason TEXT;   -- given by a desk of one who belongs to the office or has written
