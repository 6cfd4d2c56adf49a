"""Cuts a text that names several things, at commas and at words such as "dan"."""

from __future__ import annotations

import re
from functools import cache

from domain.reading.lexicon import lexicon


def cut(text: str, *, signs: str = ",;\n", or_too: bool = False) -> list[str]:
    """List the things a text names, without empty ones; with `or_too` it may name them by "atau" as well."""
    return [part.strip() for part in _compile_between(signs, or_too).split(text) if part.strip()]


@cache
def _compile_between(signs: str, or_too: bool) -> re.Pattern[str]:
    words = [*lexicon()["enumeration"]["and"], *(lexicon()["enumeration"]["or"] if or_too else ())]
    return re.compile(rf"[{re.escape(signs)}]|\b(?:{'|'.join(words)})\b", re.IGNORECASE)
