"""What a person types, taken for one of the choices a message of ours offered: its number or its label."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from domain.message import Choice
from domain.reading.result import tidy

MAX_CHARS = 120  # of what is typed; a label is shorter
ALIKE = 90  # percent of letters two labels share, from which one is a slip of the other
APART = 5  # percent by which every other label must be farther away
SLIPS_FROM = 5  # letters: shorter words must be typed whole
_NUMBER = re.compile(r"(?:(?:nomor|nomer|no|pilihan|angka|number|option)\.? ?)?(\d{1,4}) ?[.)]?")
_BETWEEN = re.compile(r"[,;&]|\bdan\b|\band\b")
# "3 · Waktu", "✔ 2 · Tema", "16*", "2026"; not "1.500"
_ITS_OWN = re.compile(r"\W*(\d{1,4})(?: ?[·)*]+ ?|[.:] |$)")


class How(StrEnum):
    """How a choice was named."""

    LABEL = "label"
    NUMBER = "number"
    SLIP = "slip"  # a label with a slip of the finger


@dataclass(frozen=True, slots=True)
class Pick:
    """The choices that were named; more than one only by numbers, where all of them may be taken together."""

    choices: tuple[Choice, ...]
    how: How


class Reads(StrEnum):
    """What the open question takes besides its own choices."""

    NOTHING = "nothing"
    NAMES = "names"  # something named in words, which it reads with all its slips
    NUMBERS = "numbers"  # a number means something there
    TITLE = "title"  # a name that may be any word, a command too
    TEXT = "text"  # whatever is typed is the answer


def numbers(choices: Sequence[Choice]) -> Mapping[int, Choice]:
    """Number the choices: by the numbers their labels carry, else by their order; navigation has none."""
    real = [choice for choice in choices if choice.data and not choice.navigates]
    return carried(real) or dict(enumerate(real, 1))


def carried(choices: Sequence[Choice]) -> Mapping[int, Choice]:
    """Find the choices whose labels carry a number."""
    by_number = [(int(match[1]), choice) for choice in choices if (match := _ITS_OWN.match(choice.label))]
    return dict(sorted(dict(reversed(by_number)).items()))


def pick(text: str, choices: Sequence[Choice]) -> Pick | None:
    """Find what was named; None when it is none of them, or might be two."""
    if not text.strip() or len(text) > MAX_CHARS:
        return None
    said, offered = tidy(text), [choice for choice in choices if choice.data]
    word = _fold(said)
    whole = {choice.data: choice for choice in offered if word in _list_spellings(choice.label)}
    if len(whole) == 1:
        return Pick(tuple(whole.values()), How.LABEL)
    if whole:
        return None
    return _find_numbered(said, offered) or _find_slipped(word, offered)


def is_tap(pick: Pick, reads: Reads, *, own: bool) -> bool | None:
    """Whether the pick is as good as a tap; False where it is the answer to the open question; None where
    both may be.

    `own`: the choice belongs to the open question, which then reads its numbers by itself.
    """
    if pick.how is How.SLIP:
        return reads is Reads.NOTHING
    if pick.how is How.LABEL:
        if reads is Reads.TITLE and pick.choices[0].navigates:
            return False  # the form asks by itself: an innovation may be called SIMPAN
        return True if reads not in (Reads.TEXT, Reads.TITLE) or pick.choices[0].navigates else None
    if reads is Reads.NUMBERS and own:
        return False
    return None if reads in (Reads.NUMBERS, Reads.TEXT, Reads.TITLE) else True


_SIGNS = re.compile(r"[^\w]|_")


def _fold(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text).split())


@lru_cache(maxsize=4096)  # the same labels stand under most messages
def _list_spellings(label: str) -> frozenset[str]:
    """The label, and the label without the number it carries; never empty words."""
    tidied = tidy(label)
    return frozenset({_fold(tidied), _fold(_ITS_OWN.sub("", tidied, count=1))} - {""})


def _find_numbered(said: str, choices: Sequence[Choice]) -> Pick | None:
    parts = [part.strip() for part in _BETWEEN.split(said) if part.strip()]
    matches = [_NUMBER.fullmatch(part) for part in parts]
    if not parts or not all(matches):
        return None
    by_number = numbers(choices)
    named = [by_number.get(int(match[1])) for match in matches if match is not None]
    picked = tuple(choice for choice in dict.fromkeys(named) if choice is not None)
    if None in named or (len(picked) > 1 and not all(choice.several for choice in picked)):
        return None
    return Pick(picked, How.NUMBER)


def _find_slipped(said: str, choices: Sequence[Choice]) -> Pick | None:
    if len(said) < SLIPS_FROM:
        return None
    # what is farther away than ALIKE less APART counts 0: it decides nothing, and is told at a glance
    near = [
        (
            max(
                [ratio(said, label, score_cutoff=ALIKE - APART) for label in _list_spellings(choice.label)],
                default=0.0,
            ),
            choice,
        )
        for choice in choices
    ]
    near.sort(key=lambda pair: -pair[0])
    if not near or near[0][0] < ALIKE or (len(near) > 1 and near[1][0] > near[0][0] - APART):
        return None
    return Pick((near[0][1],), How.SLIP)
