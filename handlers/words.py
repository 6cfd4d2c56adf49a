"""Reads every text of the program, once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from domain.texts import Catalogue, CatalogueError


@cache
def load_words() -> Catalogue:
    """Read every text of the program: each package keeps its own words, in files whose names are unique."""
    tables: dict[str, Mapping[str, Any]] = {}
    for package in ("domain", "handlers"):
        for entry in _find_words(files(package)):
            stem = entry.name.removesuffix(".toml")
            if stem in tables:
                raise CatalogueError(f"{entry.name} stands in two packages")
            tables[stem] = tomllib.loads(entry.read_text(encoding="utf-8"))
    return Catalogue(tables)


def _find_words(folder: Traversable) -> Iterator[Traversable]:
    """Find the files of words in a package and those below it; `data` holds other things."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "data":
            yield from _find_words(entry)
        elif entry.name.endswith(".toml"):
            yield entry
