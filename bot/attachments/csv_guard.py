"""Keeps a spreadsheet from taking anybody's text for a formula."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r")  # owasp.org/www-community/attacks/CSV_Injection


def guarded(value: object) -> object:
    """Put an apostrophe before text a spreadsheet would compute."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS) else value
