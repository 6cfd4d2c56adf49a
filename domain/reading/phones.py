"""Phone numbers in one form: `08…`, `+62 8…` and `628…` are the same person."""

from __future__ import annotations

import re

INDONESIA = "62"
LONGEST = 15  # digits, by E.164


def normal(number: str) -> str:
    """Write a number as E.164 with its plus; "" when it cannot be one."""
    digits = re.sub(r"\D", "", number)
    if digits.startswith("0") and not number.strip().startswith("+"):
        digits = INDONESIA + digits.lstrip("0")
    return f"+{digits}" if 8 <= len(digits) <= LONGEST else ""
