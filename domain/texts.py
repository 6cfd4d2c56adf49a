"""The catalogue of texts: a key and its parameters become a text in Bahasa Indonesia or English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, plain

LANGUAGES = ("id", "en")
SAID_CHARS = 60  # of what a person typed, said back
SHOWN_CHARS = 160  # of an answer that is shown with its question
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")


class CatalogueError(ValueError):
    """the words cannot be used"""


class Marked(str):
    """Text that may carry our marks, because it comes from the catalogue and not from a person."""

    __slots__ = ()


def bold(text: str) -> Marked:
    return Marked(f"{BOLD_ON}{text if isinstance(text, Marked) else plain(text)}{BOLD_OFF}")


def marked(template: str) -> str:
    """Turn `*bold*` and `_italic_` of a template into neutral marks."""
    template = _BOLD.sub(rf"{BOLD_ON}\1{BOLD_OFF}", template)
    return _ITALIC.sub(rf"{ITALIC_ON}\1{ITALIC_OFF}", template)


def join(parts: Iterable[str], *, by: str = "\n\n") -> Marked:
    """Join the parts that say something; what a person typed loses its marks."""
    return Marked(by.join([part if isinstance(part, Marked) else plain(part) for part in parts if part]))


def shortened(text: str, limit: int = SHOWN_CHARS) -> str:
    """Cut a text to one short line, at a word where one ends near the limit, with a sign that there is
    more.
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    border = len(cut) if line[limit - 1] == " " else cut.rfind(" ")
    return (cut[:border] if border >= limit * 2 // 3 else cut).rstrip(" ,;:–") + "…"


def quoted(said: str) -> str:
    """Shorten what a person typed, to be said back within a sentence."""
    return shortened(said, SAID_CHARS)


def beginning(text: str, limit: int) -> str:
    """Take the beginning of a long text, its lines kept, cut at a word, with a sign that there is more."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    border = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:border] if border >= limit * 2 // 3 else cut).rstrip() + "…"


def bounded(lines: Sequence[str], limit: int, *, more: Callable[[int], str]) -> Marked:
    """Join the first lines that fit into `limit` characters; `more` says how many others there are.

    The first line is always there: whoever makes the lines keeps each of them short.
    """
    shown, used = 0, 0
    for line in lines:
        used += len(line) + 1
        if shown and used > limit:
            break
        shown += 1
    left = len(lines) - shown
    return join((*lines[:shown], more(left) if left else ""), by="\n")


class Say:
    """The texts of one language."""

    __slots__ = ("_texts", "language")

    def __init__(self, texts: Mapping[str, str], language: str) -> None:
        self._texts = {key: Marked(text) for key, text in texts.items()}
        self.language = language

    def __call__(self, key: str, /, **params: Any) -> Marked:
        """Say `key` with its parameters; raises KeyError when the catalogue has no such key."""
        template = self._texts[key]
        if not params:
            return template
        return Marked(template.format_map({name: _make_safe(value) for name, value in params.items()}))


def _make_safe(value: Any) -> Any:
    return value if isinstance(value, (Marked, int)) else plain(str(value))


class Catalogue:
    """Every text of the program, by key and language."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """Take one table per module: its name, then key -> {id, en}; a text is said as it is written there,
        the space at its beginning too.

        Raises CatalogueError naming the file and the key.
        """
        texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for module, table in tables.items():
            for key, entry in table.items():
                if not isinstance(entry, Mapping) or set(entry) != set(LANGUAGES):
                    raise CatalogueError(f'{module}.toml: "{key}": found {entry!r:.60}, expected id and en')
                for language in LANGUAGES:
                    texts[language][f"{module}.{key}"] = marked(str(entry[language]))
        self._says = {language: Say(texts[language], language) for language in LANGUAGES}
        self.keys = frozenset(texts["id"])

    def in_(self, language: str) -> Say:
        """Take the words of `language`, Bahasa Indonesia when it is not known."""
        return self._says.get(language, self._says["id"])


@lru_cache(maxsize=64)  # every turn asks for several
def listed(words: Catalogue, key: str) -> frozenset[str]:
    """List the words that a text parts by "|", of every language: people mix them."""
    says = map(words.in_, LANGUAGES)
    return frozenset(word for say in says for word in say(key).split("|"))
