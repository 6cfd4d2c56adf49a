"""Announcements of the desk: whom they reach and what they may say."""
