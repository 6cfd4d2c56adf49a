"""Finds the page that was typed, "hal 5", by the buttons that turn the pages of a message."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from domain import buttons
from domain.message import Choice
from domain.reading.lexicon import lexicon
from domain.reading.range_words import one_of

_TURN = re.compile(r"◀ \D+(\d+)|\D+(\d+)\D+(\d+) ▶")  # "◀ Hal. 8", "Hal. 2 dari 8 ▶", in any language


def typed_page(text: str, choices: Sequence[Choice], *, last: Collection[str]) -> str:
    """Find the data that opens the typed page, "hal 5" or one of the words `last`, of a message that has
    pages; "" for anything else.
    """
    turning = [(choice, match) for choice in choices if (match := _TURN.fullmatch(choice.label))]
    pages = next((int(match[3]) for _, match in turning if match[3]), 0)
    said = " ".join(text.casefold().split()).strip(" .!")
    typed = _compile_page().fullmatch(said)
    wanted = int(typed[1]) if typed else pages * (said in last)
    if not 1 <= wanted <= pages:
        return ""
    for choice, match in turning:
        button = buttons.read(choice.data)
        if button is not None and (turned := button.at_page(wanted, shown=int(match[1] or match[2]))):
            return turned.data()
    return ""


@cache
def _compile_page() -> re.Pattern[str]:
    """Compile "hal 5", "ke halaman 5", "page 5"."""
    words = one_of(lexicon()["choice"]["page"])
    return re.compile(rf"(?:ke )?(?:{words})\.? ?(?:ke[ -]?)?(\d{{1,4}})")
