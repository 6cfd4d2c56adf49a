"""Turns the typed text of an announcement into neutral markup, measures it and finds its faults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from domain.announcing.linked_words import LINKED, linked_words
from domain.message import WITHOUT_MARKS, Attachment, plain
from domain.message_length import CAPTION_AT, SPLIT_AT
from domain.texts import Marked, marked

SHOWN_CHARS = 30  # of the place where something is wrong
_HELD = "\ue010"  # stands for an address of the web while the marks are read
_UNTOUCHED = re.compile(rf"{LINKED.pattern}|https?://[^\s*<>]+|www\.[^\s*<>]+")
_OPENED = re.compile(r"(?<![\w*])\*(?=[^\W_])|(?<![\w_])_(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A sign (`*` or `_`) that is opened and never closed, with its line and the words behind it."""

    sign: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """By how many characters a text exceeds its limit, and the words where the limit falls."""

    over: int
    limit: int
    words: str


def read_marks(text: str, *, literal: bool = False) -> Marked:
    """Turn `*bold*` and `_italic_` of a typed text into marks; an address of the web is never touched."""
    clean = plain(text).replace(_HELD, "")
    untouched = LINKED if literal else _UNTOUCHED
    kept = iter([_write_untouched(match[0]) for match in untouched.finditer(clean)])
    around = untouched.sub(_HELD, clean)
    return Marked(re.sub(_HELD, lambda _: next(kept), around if literal else marked(around)))


def _write_untouched(part: str) -> str:
    """Leave an address as it is, and mark words with one behind them."""
    linked = linked_words(part)
    return linked[0].marked() if linked else part


def unclosed(text: str) -> Unclosed | None:
    """Find the first sign that opens and is never closed on its line."""
    left = marked(_UNTOUCHED.sub("", plain(text)))
    for number, line in enumerate(left.split("\n"), 1):
        if match := _OPENED.search(line):
            words = line[match.start() :].translate(WITHOUT_MARKS)[:SHOWN_CHARS]
            return Unclosed(match[0], number, words)
    return None


def limit_of(*, attachment: bool) -> int:
    """Return the most characters of one message; with a picture or a document its text is a caption."""
    return CAPTION_AT if attachment else SPLIT_AT


def too_long(text: str, *, attachment: bool) -> TooLong | None:
    """Return how much a text is too long, None when it fits; emoji count twice, as on the platform."""
    limit, used = limit_of(attachment=attachment), 0
    shown = text.translate(WITHOUT_MARKS)
    over = len(shown.encode("utf-16-le")) // 2 - limit
    if over <= 0:
        return None
    for at, character in enumerate(shown):
        used += 1 + (ord(character) > 0xFFFF)
        if used > limit:
            return TooLong(over, limit, " ".join(shown[at : at + SHOWN_CHARS].split()))
    raise AssertionError("a text above its limit has a place where it passes it")


def digest(text: str, attachment: Attachment | None) -> str:
    """Return a hash of text and attachment, by which the same announcement is recognised."""
    carried = str(attachment.args.get("sha256", "")) if attachment else ""
    return sha256(f"{' '.join(text.split())}\0{carried}".encode()).hexdigest()
