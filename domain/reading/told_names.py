"""A name told in a sentence: "inovasinya SIGAP, mulai maret 2024, gratis" names SIGAP."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from domain.reading.around import is_made_of
from domain.reading.lexicon import lexicon
from domain.reading.range_words import one_of

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[,;.]\s+|\n")


def told_name(text: str) -> str:
    """Return the name without the words that bring it and what is told beside it; "" where the text is
    nothing but a name, as most are.
    """
    opener = _openers().match(text)
    bare = (text[opener.end() :] if opener else text).strip()
    name, *beside = _PART.split(bare)
    if not beside or not any(_tells_more(part.strip()) for part in beside):
        name = bare
    return name.strip() if name and name != text.strip() else ""


@lru_cache(maxsize=64)  # several parts of one turn ask it of the same text
def wishes_to_hand_in(text: str) -> bool:
    """Whether a text says nothing but that somebody wants to hand in an innovation: "mau ngirim inovasi"."""
    wish = lexicon()["wish"]
    needed = (wish["wanting"], wish["sending"], wish["what"])
    return is_made_of(_WORD.findall(text.casefold()), needed, beside=wish["beside"])


def _tells_more(part: str) -> bool:
    """Whether a part of a sentence tells something else of an innovation than its name."""
    title, said = lexicon()["title"], f"{part.casefold().rstrip('.')} "
    begins = said.startswith(tuple(f"{phrase} " for phrase in title["told_beside"]))
    return begins or said.strip() in title["told_alone"]


@cache
def _openers() -> re.Pattern[str]:
    """Compile what brings a name: "inovasinya", "nama inovasi kami adalah"."""
    title = lexicon()["title"]
    first, then = one_of(title["told_by"]), one_of(title["told_by_then"])
    return re.compile(rf"\s*(?:{first})(?: (?:{then}))*\s*[:=]?\s+(?=\w)", re.IGNORECASE)
