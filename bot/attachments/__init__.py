"""Pictures and small files that are made at the moment of sending."""
