"""Exports: what the desk keeps, as files for people and machines; each is written with flat memory."""
