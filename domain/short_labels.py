"""Short forms of labels, for a button that would cut them where they say what it does."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_NUMBER = re.compile(r"\d+")
_BEFORE = re.compile(r"(?:\d+(?:\.| ·) )?(?:[✔✎] )?")  # the number that may be typed, and a mark


def short_form(label: str) -> str:
    """Give the short form of a label, with the number and the mark before it; "" where it has none."""
    forms = load_short_labels()
    match = _BEFORE.match(label)
    before = match[0] if match else ""
    numbers = _NUMBER.findall(label[len(before) :])
    short = forms.get(_NUMBER.sub("#", label[len(before) :]), "")
    for number in numbers:
        short = short.replace("#", number, 1)
    return f"{before}{short}" if short else ""


@cache
def load_short_labels() -> dict[str, str]:
    """The short forms of both languages by their labels, with "#" for a number."""
    text = (files("domain") / "data" / "short_labels.toml").read_text("utf-8")
    return {label: short for forms in tomllib.loads(text).values() for label, short in forms.items()}
