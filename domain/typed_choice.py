"""What a person types, taken for one of the choices a message of ours offered: its number or its label."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from domain.buttons import is_final
from domain.message import Choice
from domain.reading import enumeration
from domain.reading.lexicon import lexicon
from domain.reading.range_words import one_of
from domain.reading.result import tidy
from domain.reading.slips import nearest, slips_allowed
from domain.short_labels import short_form

MAX_CHARS = 120  # of what is typed; a label is shorter
_SKIN = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\ufe0f"  # of a thumb
_ARROWS = frozenset("◀▶▲")  # of a label that leads elsewhere
# "3 · Waktu", "✔ 2 · Tema", "16*", "2026"; not "1.500"
_ITS_SIGN = re.compile(r"\W*([A-Za-z]) · ")
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
    ROWS = "rows"  # a page of choices: a number is a row of it
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


def by_sign(choices: Sequence[Choice]) -> Mapping[str, Choice]:
    """Find the choices whose labels carry a sign, as "A · Profil", by that sign in lower case."""
    signed = [(match[1].casefold(), choice) for choice in choices if (match := _ITS_SIGN.match(choice.label))]
    return dict(reversed(signed))


def pick(text: str, choices: Sequence[Choice]) -> Pick | None:
    """Find what was named; None when it is none of them, or might be two."""
    if not text.strip() or len(text) > MAX_CHARS:
        return None
    said, offered = tidy(text), [choice for choice in choices if choice.data]
    word = _fold(said)
    if len(word) == 1 and (of_sign := by_sign(offered).get(word)) is not None:
        return Pick((of_sign,), How.NUMBER)
    if whole := _find_labelled(word, offered):
        return Pick(whole, How.LABEL) if len(whole) == 1 else None
    return _find_numbered(said, offered) or _find_slipped(word, offered)


def is_tap(pick: Pick, reads: Reads, *, own: bool) -> bool | None:
    """Whether the pick is as good as a tap; False where it is the answer to the open question; None where
    both may be.

    `own`: the choice belongs to the open question, which then reads its numbers by itself.
    """
    if pick.how is How.SLIP:
        return _is_slipped_tap(pick, reads, own=own)
    if pick.how is How.LABEL:
        if reads is Reads.TITLE and pick.choices[0].navigates:
            return False  # the form asks by itself: an innovation may be called SIMPAN
        return True if reads not in (Reads.TEXT, Reads.TITLE) or pick.choices[0].navigates else None
    if reads is Reads.NUMBERS and own:
        return False
    if reads is Reads.ROWS and any(is_final(choice.data) for choice in pick.choices):
        return None
    return None if reads in (Reads.NUMBERS, Reads.TEXT, Reads.TITLE) else True


def _is_slipped_tap(pick: Pick, reads: Reads, *, own: bool) -> bool | None:
    """A slip is asked about where it would do what cannot be taken back, or might be the answer itself."""
    choice = pick.choices[0]
    if reads in (Reads.TEXT, Reads.TITLE):
        return None if choice.navigates else False
    if is_final(choice.data):
        return None
    # it reads its own choices with all their slips
    return choice.navigates or not (reads is Reads.NAMES or (reads in (Reads.NUMBERS, Reads.ROWS) and own))


def thumbed(text: str, *, said: Collection[str]) -> bool:
    """Whether a text is one of these words or signs, whatever its case, its end and the skin of a thumb."""
    return text.strip().casefold().rstrip(f".!{_SKIN}") in said


def opening_with(words: Collection[str], choices: Sequence[Choice]) -> Choice | None:
    """Find the one choice whose label begins with one of these words; None where several do, or none."""
    ways = [choice for choice in choices if _fold(tidy(choice.label)).partition(" ")[0] in words]
    return ways[0] if len(ways) == 1 else None


_SIGNS = re.compile(r"[^\w]|_")


def _fold(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text).split())


@lru_cache(maxsize=4096)  # the same labels stand under most messages
def _list_spellings(label: str) -> frozenset[str]:
    """The label, the label without the number or sign it carries, and the short forms of both; never empty
    words.
    """
    bare = _ITS_SIGN.sub("", _ITS_OWN.sub("", label, count=1), count=1)
    forms = (label, bare, short_form(label), short_form(bare.strip()))
    return frozenset({_fold(tidy(form)) for form in forms} - {""})


def _find_labelled(word: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Find what is labelled so; an answer comes before the way to a neighbour, as "3" before "3 ▶"."""
    whole = {choice.data: choice for choice in choices if word in _list_spellings(choice.label)}
    if not whole:
        return ()
    answers = tuple(choice for choice in whole.values() if _ARROWS.isdisjoint(choice.label))
    return answers or tuple(whole.values())


@cache
def _compile_number() -> re.Pattern[str]:
    """Compile "1", "nomor 2", "3)", "yang no 4 saja pak"; "0029" is a receipt's."""
    choice = lexicon()["choice"]
    words, before, behind = (one_of(choice[name]) for name in ("number", "before", "behind"))
    plain, number = rf"(?:(?:{words})\.? ?)?", r"((?!0\d\d)\d{1,4}) ?[.)]?"
    return re.compile(rf"(?:(?:{before}) )*{plain}{number}(?:(?<=\d)(?: (?:{behind}))+)?")


def _find_numbered(said: str, choices: Sequence[Choice]) -> Pick | None:
    number = _compile_number()
    if number.match(said.lstrip(" ,;&")) is None:  # as nearly every text
        return None
    matches = [number.fullmatch(part) for part in enumeration.cut(said, signs=",;&")]
    if not all(matches):
        return None
    by_number = numbers(choices)
    named = [by_number.get(int(match[1])) for match in matches if match is not None]
    picked = tuple(choice for choice in dict.fromkeys(named) if choice is not None)
    if None in named or (len(picked) > 1 and not all(choice.several for choice in picked)):
        return None
    return Pick(picked, How.NUMBER)


def _find_slipped(said: str, choices: Sequence[Choice]) -> Pick | None:
    slips = slips_allowed(len(said))  # each changes the length by one at most
    spelled = [
        (label, choice)
        for choice in choices
        for label in _list_spellings(choice.label)
        if abs(len(label) - len(said)) <= slips
    ]
    near = frozenset(nearest(said, [label for label, _ in spelled])) if spelled else frozenset[str]()
    if not near:
        return None
    meant = {choice.data: choice for label, choice in spelled if label in near}
    return Pick(tuple(meant.values()), How.SLIP) if len(meant) == 1 else None
