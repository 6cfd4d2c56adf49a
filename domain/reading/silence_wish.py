"""A wish for silence, or for its end: "stop", "tolong jangan kirim pengingat lagi", "mulai"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.reading.clean_text import code_text

CHARS_MOST = 120  # of a wish; what is longer is a text that happens to hold its words
WORDS_MOST = 14
OTHERS_MOST = 6  # words that no list knows, in a wish that is asked about
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’`´")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")  # "stooop"


class Part(StrEnum):
    """What a word, or a few together, do in a wish."""

    STOP = "stop"  # enough by itself
    REFUSES = "refuses"  # enough by itself, in a sentence: "jangan hubungi saya"
    HOLDS = "holds"  # only with what it is about: "jangan kirim"
    START = "start"
    RESUMES = "resumes"  # only with what it is about: "kirim"
    THING = "thing"  # what is sent unasked
    PAUSE = "pause"  # "dulu", "sampai di sini": a stop with it may be meant for what lies open
    SELF = "self"
    BESIDE = "beside"  # courtesies
    AROUND = "around"
    OTHER = "other"


_TELLING = frozenset({Part.STOP, Part.REFUSES, Part.HOLDS, Part.START, Part.RESUMES})


class Wish(StrEnum):
    """What was wished, and how surely."""

    SILENCE = "silence"
    SPEECH = "speech"
    PAUSE = "pause"  # "stop dulu": leaving what lies open, or silence; silence where nothing is open
    PERHAPS = "perhaps"  # silence, in words that may say something else
    PERHAPS_WITHIN = "perhaps_within"  # the same, in a sentence that does not begin with it


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of each part, folded; a phrase is its words in order."""

    phrases: Mapping[tuple[str, ...], Part]
    longest: int
    telling: frozenset[str]  # the words with which a phrase begins that no wish is without
    alike: Mapping[str, str]  # other spellings of a word, with the one the phrases use


def vocabulary(lists: Mapping[Part, Collection[str]], *, alike: Collection[str]) -> Vocabulary:
    """Make a vocabulary of lists of words and phrases; the part that stands first keeps a phrase.

    Each of `alike` is a word and its other spellings, parted by blanks.
    """
    groups = [group.split() for group in alike]
    spelled = {word: group[0] for group in groups for word in group[1:]}
    phrases: dict[tuple[str, ...], Part] = {}
    for part, spellings in lists.items():
        for spelling in spellings:
            phrases.setdefault(tuple(_fold(spelling)), part)
    telling = frozenset(phrase[0] for phrase, part in phrases.items() if part in _TELLING)
    return Vocabulary(phrases, max(map(len, phrases)), telling, spelled)


def wish_in(text: str, words: Vocabulary) -> Wish | None:
    """Read a wish for silence or its end; None for everything else, a question among it."""
    if len(text) > CHARS_MOST or "?" in text:
        return None
    spelled = _spell(text, words)
    if words.telling.isdisjoint(spelled):
        return None  # as nearly every text
    said: list[Part] = [part for part in _split(spelled, words) if part is not Part.BESIDE]
    if said in ([Part.STOP], [Part.REFUSES]):
        return Wish.SILENCE
    if said == [Part.START]:
        return Wish.SPEECH
    kinds = frozenset(said)
    if kinds & {Part.STOP, Part.REFUSES, Part.HOLDS}:
        return _judge(said, kinds)
    resumes = kinds & {Part.START, Part.RESUMES} and Part.THING in kinds and Part.OTHER not in kinds
    return Wish.SPEECH if resumes else None


def parts_in(text: str, words: Vocabulary) -> frozenset[Part]:
    """Tell which parts a wish is made of."""
    return frozenset(_split(_spell(text, words), words))


def _judge(said: list[Part], kinds: frozenset[Part]) -> Wish | None:
    """Judge a text that holds a word of stopping."""
    others = said.count(Part.OTHER)
    if not others and (Part.THING in kinds or Part.REFUSES in kinds):
        return Wish.SILENCE
    if not others and Part.STOP in kinds:
        return Wish.PAUSE if kinds <= {Part.STOP, Part.PAUSE} else Wish.PERHAPS
    if Part.THING not in kinds or others > OTHERS_MOST or len(said) > WORDS_MOST:
        return None
    begins = said[0] in (Part.STOP, Part.REFUSES, Part.HOLDS)
    return Wish.PERHAPS if begins else Wish.PERHAPS_WITHIN


def _fold(text: str) -> list[str]:
    folded = code_text(text).casefold().translate(_APOSTROPHES)
    return _WORD.findall(_STRETCHED.sub(lambda match: str(match[1]), folded))


def _spell(text: str, words: Vocabulary) -> list[str]:
    """The words of a text as the phrases spell them."""
    return [words.alike.get(word, word) for word in _fold(text)]


def _split(said: list[str], words: Vocabulary) -> list[Part]:
    """Divide a text into the longest phrases that are known."""
    parts: list[Part] = []
    at = 0
    while at < len(said):
        longest = min(words.longest, len(said) - at)
        lengths = (n for n in range(longest, 0, -1) if tuple(said[at : at + n]) in words.phrases)
        length = next(lengths, 0)
        parts.append(words.phrases[tuple(said[at : at + length])] if length else Part.OTHER)
        at += length or 1
    return parts
