"""Announcements of the desk, from the first word to the result."""
