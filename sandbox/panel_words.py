"""The words of the page, of its panel and its tour, in both languages, beside the code that says them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from domain.texts import LANGUAGES

FILES = ("panel", "tour", "phones")


class PanelWords:
    """The words of one language."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **parameters: object) -> str:
        """Say a text; raises KeyError where there is none."""
        return self._texts[key].format(**parameters)

    def all_of(self, prefix: str) -> Mapping[str, str]:
        """Every text whose key begins so, by the rest of its key, as it stands in the file."""
        return {key.removeprefix(prefix): text for key, text in self._texts.items() if key.startswith(prefix)}


@cache
def load_panel_words() -> Mapping[str, PanelWords]:
    """Read the words, by language; a key is the file's name and the entry's."""
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for name in FILES:
        table = tomllib.loads((files("sandbox") / f"{name}.toml").read_text(encoding="utf-8"))
        for key, entry in table.items():
            for language in LANGUAGES:
                texts[language][f"{name}.{key}"] = entry[language]
    return {language: PanelWords(own) for language, own in texts.items()}
