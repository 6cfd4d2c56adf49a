"""The words that readers of dates, numbers and names know, kept as data (lexicon.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon() -> dict[str, Any]:
    """Read the packaged word lists once; nobody may change what is returned."""
    return tomllib.loads((files("domain") / "data" / "lexicon.toml").read_text("utf-8"))
