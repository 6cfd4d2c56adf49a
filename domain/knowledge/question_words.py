"""The words of a question: idle ones left out, each in its plain form, forms and slips taken for the word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

NEAR = 80  # percent of letters two spellings of a word share
SLIPS_FROM = 5  # letters: shorter words must be typed whole
TAGGED_WORDS = 2  # more than these stand in a text whose last word may be a tag
STEM_LETTERS = 4  # a stem has at least
WHO, CONTACT = "siapa", "hubungi"  # in their plain form
# with the first letter each may have swallowed: meng-hapus, me-ngirim from kirim, pe-nulis from tulis
_PREFIXES = (
    ("", ("",)), ("di", ("",)), ("ter", ("",)), ("ber", ("",)), ("se", ("",)), ("ku", ("",)),
    ("meng", ("", "k")), ("mang", ("", "k")), ("peng", ("", "k")), ("nge", ("",)), ("ng", ("", "k")),
    ("meny", ("s",)), ("peny", ("s",)), ("ny", ("s",)),
    ("m", ("p",)), ("mem", ("", "p")), ("pem", ("", "p")),
    ("men", ("", "t")), ("pen", ("", "t")), ("man", ("", "t")),
    ("me", ("",)), ("ma", ("",)), ("pe", ("",)), ("ba", ("",)), ("n", ("t",)),
)  # fmt: skip
_SUFFIXES = ("kan", "an", "i", "in", "nya", "kannya", "annya")
WORD = re.compile(r"[^\W_]+")
_OWNED = re.compile(r"(?<=\w{3})nya$")
_PARTICLES = re.compile(r"(?<=\w{3})(?:kah|lah|pun)$")


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of questions, as `words.toml` explains them."""

    idle: frozenset[str]
    vague: frozenset[str]
    asking: frozenset[str]
    opening: frozenset[str]
    tags: frozenset[str]
    talk: frozenset[str]
    names: frozenset[str]
    of_place: frozenset[str]
    with_whom: frozenset[str]
    doubt: frozenset[str]
    plain: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The words there are entries for, and the one that each stem belongs to."""

    words: frozenset[str]
    long: tuple[str, ...]  # those that a slip may be looked for in, in the order of the alphabet
    kin: Mapping[str, str]


@lru_cache(maxsize=64)  # several parts of one turn ask for those of the same text
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they were typed, in small letters."""
    return tuple(WORD.findall(text.casefold()))


def read_words(text: str) -> frozenset[str]:
    """The words of a text that say what is meant."""
    return frozenset(list_telling(text))


@lru_cache(maxsize=64)
def list_telling(text: str) -> tuple[str, ...]:
    """The words of a text that say what is meant, in their order and plain form; vague ones when nothing else
    is said.
    """
    lists = load_words()
    said = WORD.findall(text.casefold().replace("t-", "t"))
    stems = _name_contact([_read_word(word) for word in (said[:-1] if ends_in_tag(said) else said)])
    telling = [stem for stem in stems if stem not in lists.idle and not _is_digit(stem)]
    return tuple(word for word in telling if word not in lists.vague) or tuple(telling)


def _name_contact(stems: Sequence[str]) -> Sequence[str]:
    """Take a word for asking as turning to somebody where a text says "siapa", and as idle elsewhere."""
    with_whom = load_words().with_whom
    if WHO not in stems or with_whom.isdisjoint(stems):
        return stems
    return [CONTACT if stem in with_whom else stem for stem in stems]


@lru_cache(maxsize=8192)  # the packaged entries have 3,000 words, most of them many times
def _read_word(word: str) -> str:
    """Bring a word to its plain form, before and after what only asks or stresses is taken off."""
    plain = load_words().plain
    stem = _drop_particle(plain.get(word, word))
    return plain.get(stem, stem)


def _is_digit(word: str) -> bool:
    """Whether a word is one digit: alone it is a choice, and in a question it tells little."""
    return len(word) == 1 and word.isdigit()


def _drop_particle(word: str) -> str:
    """Take off what only asks or stresses; "langkah" and "masalah" end so by nature."""
    lists, stem = load_words(), _PARTICLES.sub("", word)
    known = stem in lists.plain or stem in lists.idle or stem in lists.asking
    return stem if known and word not in lists.plain else _OWNED.sub("", word)


def ends_in_tag(said: Sequence[str]) -> bool:
    """Whether words end in one that only makes them a question."""
    return len(said) > TAGGED_WORDS and said[-1] in load_words().tags


@cache
def load_words() -> WordLists:
    data = tomllib.loads((files("domain") / "data" / "knowledge" / "words.toml").read_text("utf-8"))
    plain = {word: line[0] for line in data["same"] for word in line}
    names = ("idle", "vague", "asking", "opening", "tags", "talk", "names", "of_place", "with_whom", "doubt")
    return WordLists(plain=plain, **{name: frozenset(data[name]) for name in names})


def join_forms(word: str, known: Set[str]) -> str:
    """Take a word for the known one it is a form of; plain forms of the lists stay as they are."""
    if word in load_words().plain:
        return word
    return next((stem for stem in _list_stems(word) if stem != word and stem in known), word)


def make_known(words: Iterable[str]) -> Known:
    """Prepare words that are known, so that forms of them are."""
    listed = tuple(words)
    kin = {word: word for word in listed}  # a word that is itself the stem before all
    for word in listed:
        for stem in _list_stems(word):
            kin.setdefault(stem, word)
    long = sorted({word for word in listed if len(word) >= STEM_LETTERS})
    return Known(frozenset(listed), tuple(long), kin)


def correct_words(words: Iterable[str], known: Known) -> tuple[str, ...]:
    """Take each word that is not known for the known one it is a form or a slip of."""
    return tuple(word if word in known.words else _find_known(word, known) for word in words)


@lru_cache(maxsize=4096)
def _find_known(word: str, known: Known) -> str:
    plain = load_words().plain
    for stem in _list_stems(word):
        if (kin := known.kin.get(plain.get(stem, stem))) is not None:
            return kin
    if len(word) < SLIPS_FROM:
        return word
    near = extractOne(word, known.long, scorer=ratio, score_cutoff=NEAR)  # of equals the first
    return near[0] if near else word


@lru_cache(maxsize=8192)
def _list_stems(word: str) -> tuple[str, ...]:
    """List what a word may be a form of, its prefixes and suffixes taken off as Indonesian puts them on."""
    bare = [word, *(word[: -len(end)] for end in _SUFFIXES if word.endswith(end))]
    return tuple(
        first + stem[len(prefix) :]
        for prefix, firsts in _PREFIXES
        if word.startswith(prefix)
        for stem in bare
        if stem.startswith(prefix)
        for first in firsts
        if len(first + stem[len(prefix) :]) >= STEM_LETTERS
    )
