"""Keeps what came in and is no update: somebody may want to see what a platform sent."""

from __future__ import annotations

import hashlib

from domain.reading.clean_text import sign_text
from storage.inbox import Arrival


def unreadable(text: str, *, why: str) -> Arrival:
    """Make the row of something that cannot be read, under its hash: sent again it is the same row."""
    name = "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Arrival(name, "", sign_text(text), unreadable=why)
