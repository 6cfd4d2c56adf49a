"""Codes that join two addresses: made, and found in what people send.

A code is five letters and five digits by turns, none of which is taken for another: no word reads so, and it
is easily copied by hand. It has 23^5 · 8^5 values, lasts minutes, and only a few wrong ones are looked at.
"""

from __future__ import annotations

import hashlib
import re

ALPHABET, DIGITS = "ABCDEFGHJKMNPQRTUVWXYZS", "23456789"
PAIRS = 5
COMMAND = "tautkan"
_CODE = "-?".join([f"[{ALPHABET}][{DIGITS}]"] * PAIRS)
_SAID = re.compile(rf"\W*(?:(?:{COMMAND}|link)[\s:_-]+)?({_CODE})\W*", re.IGNORECASE)


def made_from(secret: str) -> str:
    """Write the code that a secret text stands for; the same text gives the same code."""
    number = int.from_bytes(hashlib.sha256(f"link:{secret}".encode()).digest())
    code = ""
    for _ in range(PAIRS):
        number, place = divmod(number, len(ALPHABET))
        number, digit = divmod(number, len(DIGITS))
        code += ALPHABET[place] + DIGITS[digit]
    return code


def ready_to_send(code: str) -> str:
    """Write what a link has ready to be said on the other channel."""
    return f"{COMMAND}-{code}"


def link_code_in(text: str) -> str:
    """Find the code where a text is one, with or without the command before it; "" in any other text."""
    said = _SAID.fullmatch(text.strip())
    return said[1].replace("-", "").upper() if said else ""
