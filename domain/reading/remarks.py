"""What people say beside an answer: thanks, assent, greetings, promises, questions, doubts, signs alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import dropwhile

from domain.reading.around import between
from domain.reading.lexicon import lexicon

QUESTION_WORDS_MOST = 15  # words of a question; what is longer is a text that happens to ask
PROMISE_WORDS_MOST = 8
DOUBT_WORDS_MOST = 10
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ASKED_WITHIN = re.compile(r"[?？](?![^\s\"”)!.])")  # "ini buat apa? saya bingung"; no "?" of a link
_NO_SIGNS = frozenset(("👎", "❌", "✖", "🙅", "🚫"))
_SKIN = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\ufe0f"  # of a hand
_STRETCHED = re.compile(r"(\w)\1{2,}")  # "siaaap", "okeee"


class Remark(StrEnum):
    """What was said instead of an answer."""

    THANKS = "thanks"
    ASSENT = "assent"
    GREETING = "greeting"
    PROMISE = "promise"
    QUESTION = "question"
    LOST = "lost"
    SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class Remarked:
    """A remark; `sure` when every word of it is one that remarks are made of. `term`: what is asked about."""

    kind: Remark
    sure: bool
    term: str = ""


# the first whose word was found names the whole: "Baik, terima kasih" is thanks
_ORDER = (Remark.LOST, Remark.THANKS, Remark.PROMISE, Remark.GREETING, Remark.ASSENT)


@lru_cache(maxsize=64)  # several parts of one turn ask it of the same text
def remark_in(text: str) -> Remarked | None:
    """Recognise a remark; None for what is most likely an answer."""
    words = _split_words(text)
    if _STRETCHED.search(text.casefold()):
        words = [_STRETCHED.sub(r"\1", word) for word in words]
    if not words:
        return _read_signs(text)
    if _list_telling().isdisjoint(words) and not _ASKED_WITHIN.search(text):
        return None  # as most answers that are names
    covered = _cover(words)
    if covered is not None:
        kind = next(kind for kind in _ORDER if kind in covered) if covered else Remark.ASSENT
        return Remarked(Remark.QUESTION if _asks(text) and kind is not Remark.GREETING else kind, True)
    if (asked := _read_question(text, words)) is not None:
        return asked
    return _read_promise(words) or _read_doubt(words)


@cache
def _list_telling() -> frozenset[str]:
    """The words of which every remark holds one, unless it asks by its mark: the first of each phrase."""
    (phrases, _), (later, _) = _load_phrases(), _list_promising()
    doubting = (phrase.split()[0] for phrase in lexicon()["remark"]["doubting"])
    return frozenset({*(phrase[0] for phrase in phrases), *doubting, *_list_asking(), *later})


def seeks_help(text: str) -> bool:
    """Whether a text that is none of the choices shows a writer who does not know which, in however many
    words.
    """
    remark = lexicon()["remark"]
    said = f" {' '.join(_split_words(text))} "
    return any(f" {phrase} " in said for phrase in (*remark["doubting"], *remark["choosing"]))


def without_hedge(text: str) -> str:
    """Leave "kalau tidak salah" and its like away, where something is left."""
    bare = " ".join(_compile_hedge().sub(" ", text).split()).strip(" ,;.")
    return bare if bare and bare != " ".join(text.split()).strip(" ,;.") else text


@cache
def _compile_hedge() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon()['remark']['hedge']})\b", re.IGNORECASE)


def asks_example(text: str) -> bool:
    """Whether a remark names an example, and so asks for one: "kasih contoh dong"."""
    return not set(lexicon()["remark"]["example"]).isdisjoint(_split_words(text))


def says_none(text: str) -> bool:
    """Whether a text says, courtesies aside, that what is asked for is not there: "belum ada pak"."""
    courtesies = _list_courtesies()
    said = " ".join(word for word in _split_words(text) if word not in courtesies)
    return said in lexicon()["remark"]["none"]


def says_enough(text: str) -> bool:
    """Whether a text says, courtesies around it aside, that nothing more comes: "sudah itu saja pak"."""
    if "?" in text:
        return False
    words = list(dropwhile(_list_before_enough().__contains__, _split_words(text)))
    first, last = between(words, _list_around_enough())
    return " ".join(words[first:last]) in lexicon()["remark"]["enough"]


@cache
def _list_before_enough() -> frozenset[str]:
    return frozenset(lexicon()["remark"]["before_enough"])


@cache
def _list_around_enough() -> frozenset[str]:
    return frozenset(lexicon()["remark"]["around_enough"])


def without_greeting(words: Sequence[str]) -> Sequence[str]:
    """Leave away the greeting a text begins with: "selamat pagi", of whose words "pagi" may mean something
    elsewhere.
    """
    phrases, longest, at = *list_greetings(), 0
    while length := next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in phrases), 0):
        at += length
    return words[at:]


@cache
def list_greetings() -> tuple[frozenset[tuple[str, ...]], int]:
    """List the greetings by their words, and how many words the longest has."""
    phrases = frozenset(tuple(phrase.split()) for phrase in lexicon()["remark"]["words"]["greeting"])
    return phrases, max(map(len, phrases))


@cache
def list_greeting_starts() -> frozenset[str]:
    """List the words that greetings begin with."""
    return frozenset(phrase[0] for phrase in list_greetings()[0])


def without_courtesies(text: str) -> str:
    """Leave away the courtesies before and behind a word of moving on, where one is left."""
    phrases, words = _list_around_moves(), text.split()
    opening, ending = _list_borders()
    while len(words) > 1 and (words[0] in opening or words[-1] in ending):
        before = next((n for n in (3, 2, 1) if n < len(words) and " ".join(words[:n]) in phrases), 0)
        behind = next((n for n in (3, 2, 1) if n < len(words) and " ".join(words[-n:]) in phrases), 0)
        if not before and not behind:
            break
        words = words[before:] if before else words[:-behind]
    return " ".join(words)


def bare_yes_or_no(text: str) -> str:
    """Leave away what stands beside a yes or no without changing it: "iya pak" is "iya"; whole where nothing
    else is left, and where it asks: "ya?" agrees to nothing.
    """
    if "?" in text:
        return text.strip().casefold()
    words = _split_words(text)
    first, last = between(words, _list_beside_yes())
    return " ".join(words[first:last]) or text.strip().casefold()


@cache
def _list_beside_yes() -> frozenset[str]:
    return frozenset(lexicon()["remark"]["beside_yes"])


@cache
def _list_around_moves() -> frozenset[str]:
    return frozenset(lexicon()["remark"]["around_moves"])


@cache
def _list_borders() -> tuple[frozenset[str], frozenset[str]]:
    """The words that such courtesies begin with, and those that they end in."""
    phrases = [phrase.split() for phrase in _list_around_moves()]
    return frozenset(words[0] for words in phrases), frozenset(words[-1] for words in phrases)


def declines(text: str) -> bool:
    """Whether a text is a bare no, courtesies aside, or the thumb that says so."""
    if text.strip().rstrip(_SKIN) in _NO_SIGNS:
        return True
    words = " ".join(_split_words(text))
    bare = without_courtesies(words)
    return bool({words, bare} & {*lexicon()["remark"]["declining"], *lexicon()["remark"]["none"]})


def agrees(text: str) -> bool:
    """Whether a text is a bare yes, courtesies aside, of a word that asks in other texts: "boleh", "bisa"."""
    return without_courtesies(" ".join(_split_words(text))) in lexicon()["remark"]["agreeing"] and not _asks(
        text
    )


def _split_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def _read_signs(text: str) -> Remarked | None:
    if not text.strip():
        return None
    return Remarked(Remark.QUESTION if "?" in text else Remark.SIGNS, True)


def _asks(text: str) -> bool:
    return text.rstrip(' .!)"”').endswith(("?", "？"))


def _cover(words: list[str]) -> set[Remark] | None:
    """The kinds whose phrases cover every word; None when a word is left over, or only fillers are there."""
    kinds: set[Remark] = set()
    phrases, longest, at = *_load_phrases(), 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            if (kinds_of_phrase := phrases.get(tuple(words[at : at + length]))) is not None:
                kinds |= kinds_of_phrase
                at += length
                break
        else:
            return None
    return kinds or None


@cache
def _load_phrases() -> tuple[Mapping[tuple[str, ...], frozenset[Remark]], int]:
    """Every phrase by its words, with the kinds it tells of (fillers tell of none), and the longest's
    length.
    """
    table: dict[tuple[str, ...], frozenset[Remark]] = {}
    for name, phrases in lexicon()["remark"]["words"].items():
        for phrase in phrases:
            key = tuple(_WORD.findall(phrase))
            kinds = frozenset() if name == "filler" else frozenset({Remark(name)})
            table[key] = table.get(key, frozenset()) | kinds
    return table, max(map(len, table))


def _read_question(text: str, words: list[str]) -> Remarked | None:
    if len(words) > QUESTION_WORDS_MOST:
        return None
    opens = _opens_question(words)
    if not _ASKED_WITHIN.search(text) and not (opens and len(words) <= PROMISE_WORDS_MOST):
        return None
    return Remarked(Remark.QUESTION, _asks(text) and opens, _read_term(" ".join(words)))


def _opens_question(words: list[str]) -> bool:
    """Whether it begins with a word that asks, courtesies before it left aside."""
    asking, courtesies = _list_asking(), _list_courtesies()
    first = next((word for word in words if word not in courtesies or word in asking), "")
    return first in asking


@cache
def _list_asking() -> frozenset[str]:
    return frozenset(lexicon()["remark"]["asking"])


@cache
def _list_courtesies() -> frozenset[str]:
    said = lexicon()["remark"]["words"]
    begins = lexicon()["remark"]["before_asking"]
    return frozenset({*said["filler"], *said["greeting"], *said["assent"], *begins})


def _read_term(said: str) -> str:
    """What "apa itu …" asks about; "" when nothing is named."""
    match = re.search(lexicon()["remark"]["term"], said)
    return match[1].strip() if match else ""


def _read_promise(words: list[str]) -> Remarked | None:
    """A short text with a time to come and something a person will do then."""
    if len(words) > PROMISE_WORDS_MOST:
        return None
    later, doing = _list_promising()
    promised = not later.isdisjoint(words) and any(word.startswith(doing) for word in words)
    return Remarked(Remark.PROMISE, False) if promised else None


@cache
def _list_promising() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words of a time to come, and how words begin that say what a person will do."""
    remark = lexicon()["remark"]
    return frozenset(remark["later"]), tuple(remark["doing"])


def _read_doubt(words: list[str]) -> Remarked | None:
    """A short text that begins with not knowing, or goes on with it behind a "but"; courtesies before it are
    left aside: "saya bingung harus isi apa".
    """
    if len(words) > DOUBT_WORDS_MOST:
        return None
    courtesies, remark = _list_courtesies(), lexicon()["remark"]
    turns = [0, *(at for at, word in enumerate(words, 1) if word in remark["but"])]
    parts = (" ".join(dropwhile(courtesies.__contains__, words[at:])) for at in turns)
    doubts = any(f"{part} ".startswith(_list_doubting()) for part in parts)
    return Remarked(Remark.LOST, False) if doubts else None


@cache
def _list_doubting() -> tuple[str, ...]:
    """How a text of whole words begins that says not to know."""
    return tuple(f"{phrase} " for phrase in lexicon()["remark"]["doubting"])
