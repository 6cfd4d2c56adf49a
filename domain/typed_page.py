"""Finds the page that was typed, "hal 5", by the buttons that turn the pages of a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from domain import buttons
from domain.message import Choice
from domain.reading.lexicon import lexicon
from domain.reading.range_words import one_of

_TURN = re.compile(r"◀ \D+(\d+)|\D+(\d+)\D+(\d+) ▶")  # "◀ Hal. 8", "Hal. 2 dari 8 ▶", in any language


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is typed to turn pages without a number: to the last one, the next, or the one before.

    A word for "page" may stand beside them; where they `need_page`, it must beside `after` and `before`.
    """

    last: Collection[str]
    after: Collection[str]
    before: Collection[str]
    need_page: bool = False


@dataclass(frozen=True, slots=True)
class TypedPage:
    """The data that opens the typed page, of so many; where there is no such page, the nearest."""

    data: str
    pages: int
    exists: bool


def typed_page(text: str, choices: Sequence[Choice], *, words: Callable[[], PageWords]) -> TypedPage | None:
    """Find the typed page, "hal 5" or by one of the words, of a message that has pages; None for anything
    else. `words` lists them, which most messages do not need.
    """
    turning = [(choice, match) for choice in choices if (match := _read_turn(choice.label))]
    if not turning:
        return None
    after, pages = next(((int(match[2]), int(match[3])) for _, match in turning if match[3]), (0, 0))
    wanted = _read_page(text, after=after, pages=pages, words=words()) if pages else None
    if wanted is None:
        return None
    page = min(max(wanted, 1), pages)
    for choice, match in turning:
        button = buttons.read(choice.data)
        if button is not None and (turned := button.at_page(page, shown=int(match[1] or match[2]))):
            return TypedPage(turned.data(), pages, exists=page == wanted)
    return None


@lru_cache(maxsize=4096)  # the same labels stand under most messages
def _read_turn(label: str) -> re.Match[str] | None:
    return _TURN.fullmatch(label)


def _read_page(text: str, *, after: int, pages: int, words: PageWords) -> int | None:
    """Read which page a text asks for where `after` follows the one that is shown; the ways go round."""
    said = " ".join(text.casefold().split()).strip(" .!")
    if typed := _compile_page().fullmatch(said):
        return int(typed[1])
    parts = said.split()
    bare = " ".join(part for part in parts if part not in lexicon()["choice"]["page"])
    if bare in words.last:
        return pages
    if words.need_page and bare == said:
        return None
    if bare in words.after:
        return after
    return (after - 3) % pages + 1 if bare in words.before else None


@cache
def _compile_page() -> re.Pattern[str]:
    """Compile "hal 5", "ke halaman 5", "page 5"."""
    words = one_of(lexicon()["choice"]["page"])
    return re.compile(rf"(?:ke )?(?:{words})\.? ?(?:ke[ -]?)?(\d{{1,4}})")
