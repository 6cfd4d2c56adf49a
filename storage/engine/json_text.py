"""JSON as a database can keep it."""

from __future__ import annotations


def encodable(json_text: str) -> str:
    """Escape half characters (a cut emoji) in JSON text: JSON can carry them, a database cannot."""
    return json_text if json_text.isascii() else json_text.encode("utf-8", "backslashreplace").decode()
