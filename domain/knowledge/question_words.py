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

from domain.reading.remarks import list_greeting_starts, without_greeting

NEAR = 80  # percent of characters two spellings of a word share
SLIPS_FROM = 5  # characters: shorter words must be typed whole
TAGGED_WORDS = 2  # more than these stand in a text whose last word may be a tag
STEM_CHARS = 4  # a stem has at least
WORD = re.compile(r"[^\W_]+")
BARE_CHARS = 3  # before an ending that is taken off, at least


@dataclass(frozen=True, slots=True)
class Forms:
    """What Indonesian puts before and behind a word."""

    prefixes: Mapping[str, tuple[str, ...]]  # each with the first letters it may have swallowed
    suffixes: tuple[str, ...]
    particles: tuple[str, ...]  # that only ask or stress
    owned: str


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
    asks_who: str  # in its plain form, as `contact`
    contact: str
    own_of: tuple[str, ...]  # what becomes `own` where one of the owners is said beside it
    own: tuple[str, ...]
    owners: frozenset[str]
    forms: Forms


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
    said: Sequence[str] = WORD.findall(text.casefold().replace("t-", "t"))
    if said and said[0] in list_greeting_starts():
        said = without_greeting(said)
    stems = _name_contact([_read_word(word) for word in (said[:-1] if ends_in_tag(said) else said)])
    telling = [stem for stem in stems if stem not in lists.idle and not _is_digit(stem)]
    words = tuple([word for word in telling if word not in lists.vague] or telling)
    # "bagaimana inovasi kita" asks how it stands, and not what an innovation is
    return lists.own if words == lists.own_of and not lists.owners.isdisjoint(said) else words


def _name_contact(stems: Sequence[str]) -> Sequence[str]:
    """Take a word for asking as turning to somebody where a text asks who, and as idle elsewhere."""
    lists = load_words()
    if lists.asks_who not in stems or lists.with_whom.isdisjoint(stems):
        return stems
    return [lists.contact if stem in lists.with_whom else stem for stem in stems]


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
    lists = load_words()
    stem = _strip_ending(word, lists.forms.particles)
    known = stem in lists.plain or stem in lists.idle or stem in lists.asking
    return stem if known and word not in lists.plain else _strip_ending(word, (lists.forms.owned,))


def _strip_ending(word: str, endings: Iterable[str]) -> str:
    """Take off the first ending that leaves enough of the word."""
    return next(
        (
            word[: -len(ending)]
            for ending in endings
            if word.endswith(ending) and len(word) - len(ending) >= BARE_CHARS
        ),
        word,
    )


def ends_in_tag(said: Sequence[str]) -> bool:
    """Whether words end in one that only makes them a question."""
    return len(said) > TAGGED_WORDS and said[-1] in load_words().tags


# the lists whose words are held in no order
_SETS = (
    "idle", "vague", "asking", "opening", "tags", "talk", "names", "of_place", "with_whom", "doubt", "owners",
)  # fmt: skip


@cache
def load_words() -> WordLists:
    """Read the packaged lists once."""
    data = tomllib.loads((files("domain") / "data" / "knowledge" / "words.toml").read_text("utf-8"))
    plain = {word: line[0] for line in data["same"] for word in line}
    prefixes = {prefix: tuple(firsts) for prefix, firsts in data["forms"]["prefixes"].items()}
    suffixes, particles = (tuple(data["forms"][name]) for name in ("suffixes", "particles"))
    return WordLists(
        plain=plain,
        asks_who=data["asks_who"],
        contact=data["contact"],
        own_of=tuple(data["own_of"]),
        own=tuple(data["own"]),
        forms=Forms(prefixes, suffixes, particles, data["forms"]["owned"]),
        **{name: frozenset(data[name]) for name in _SETS},
    )


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
    long = sorted({word for word in listed if len(word) >= STEM_CHARS})
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
    forms = load_words().forms
    bare = [word, *(word[: -len(end)] for end in forms.suffixes if word.endswith(end))]
    return tuple(
        first + stem[len(prefix) :]
        for prefix, firsts in forms.prefixes.items()
        if word.startswith(prefix)
        for stem in bare
        if stem.startswith(prefix)
        for first in firsts
        if len(first + stem[len(prefix) :]) >= STEM_CHARS
    )
