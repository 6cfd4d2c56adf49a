"""JSON as we keep it: written without blanks, read back as it was.

pydantic's own writer and reader need a fraction of what the standard library does for the small texts of a
turn. Half of a cut emoji, which has no UTF-8, is left to the standard library.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

_write_halves = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_json(value: Any) -> str:
    """Write a value that JSON knows."""
    try:
        return to_json(value).decode()
    except (PydanticSerializationError, UnicodeEncodeError):
        return _write_halves(value)


def read_json(text: str) -> Any:
    """Read what was written; raises ValueError for what is no JSON."""
    try:
        return from_json(text)
    except (ValueError, TypeError):  # a half that no UTF-8 holds is of no type to it
        return json.loads(text)
