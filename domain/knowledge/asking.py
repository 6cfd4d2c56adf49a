"""Whether a text asks: by its form, and by what is found for it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.knowledge.finder import Match, is_certain, is_sure
from domain.knowledge.question_words import WORD, ends_in_tag, load_words, read_words, words_of
from domain.reading.lexicon import lexicon
from domain.reading.remarks import Remark, remark_in

WHOLE = 0.99  # share of the words from which a text says all of a way to ask
WHOLE_WORDS = 3  # that such a text has at least: fewer may be an answer
SHORT_WORD = 3  # characters of a word that stays small in a name: "di", "dan"
SHORT_WORDS = 8  # of a text that asks although it does not begin with a word that asks
LONG_WORDS = 15  # and of one that speaks to somebody besides
LONGEST_WORDS = 25  # of a question where nothing is open


def may_ask(text: str) -> bool:
    """Whether a text may be a question, whatever entries there are; False is sure, and costs no search."""
    remark = remark_in(text)
    if remark is not None:
        return remark.kind in (Remark.QUESTION, Remark.LOST)
    said = words_of(text)
    if not said or len(said) > SHORT_WORDS:
        return _asks_somebody(said)
    return _has_form_of_question(said) or len(read_words(text)) >= WHOLE_WORDS


def asks_by_form(text: str) -> bool:
    """Whether a text may ask by what it is made of; any other asks only by saying a known way whole."""
    said = words_of(text)
    return remark_in(text) is not None or (
        bool(said) and (_has_form_of_question(said) or _asks_somebody(said))
    )


def _asks_somebody(said: Sequence[str]) -> bool:
    """Whether a longer text asks somebody: "sy tinggal dulu ya, nanti hilang gak isiannya"."""
    lists = load_words()
    words = frozenset(said) if len(said) <= LONG_WORDS else frozenset[str]()
    return not words.isdisjoint(lists.talk - lists.tags) and not words.isdisjoint(lists.tags | lists.asking)


def _has_form_of_question(said: Sequence[str]) -> bool:
    """Whether words begin like a question, hold a word that asks, or end in one that makes them ask."""
    lists = load_words()
    return said[0] in lists.opening or ends_in_tag(said) or not lists.asking.isdisjoint(said)


def opens_question(text: str) -> bool:
    """Whether a text begins or ends with a word that asks, however long it is: "gmn nambah org baru dr dinkes
    biar bisa masuk". It may be an answer all the same, so it asks only where nothing is open.
    """
    said, lists = words_of(text), load_words()
    if not said or len(said) > LONGEST_WORDS:
        return False
    return said[0] in lists.opening | lists.asking or said[-1] in lists.asking or "?" in text


def shows_doubt(text: str) -> bool:
    """Whether a text holds a word by which people ask where they say no more: "dana desa boleh"."""
    said = words_of(text)
    return bool(said) and (_has_form_of_question(said) or not load_words().doubt.isdisjoint(said))


def is_question(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text asks: by its form, by ending in a word that asks, by holding one or beginning like a
    question where an entry is found, or by saying all the words of a known way to ask.
    """
    if not may_ask(text):
        return False
    if remark_in(text) is not None:
        return True
    if any(match.asked >= WHOLE for match in matches) and len(read_words(text)) >= WHOLE_WORDS:
        return True
    said = words_of(text)
    courtesies = lexicon()["remark"]["words"]["filler"]
    last = next((word for word in reversed(said) if word not in courtesies), "")
    asks = _has_form_of_question(said) or _asks_somebody(said)
    return last in load_words().asking or (is_sure(matches) and asks)


def is_name(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text only names a question or an indicator of the form, and asks nothing: in the form that is
    the way to that place.
    """
    if not matches or not matches[0].key.startswith(("q.", "i.")) or remark_in(text) is not None:
        return False
    said, lists = words_of(text), load_words()
    asks = "?" in text or ends_in_tag(said) or not lists.opening.isdisjoint(said[:1])
    return not asks and lists.asking.isdisjoint(said)


def speaks_to_desk(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text speaks to the desk of something known where a title is asked: a title has capitals
    behind its first letter, or else holds no word of talk such as "sy" or "udah".
    """
    if not matches or _has_capitals(text) or remark_in(text) is not None:
        return False
    return talks_to_desk(text) or (is_certain(matches) and may_ask(text))


def talks_to_desk(text: str) -> bool:
    """Whether a text is written as one talks to the desk and not as a title is, whatever it is about."""
    if _has_capitals(text) or remark_in(text) is not None:
        return False
    said, lists = words_of(text), load_words()
    return bool(said) and (said[0] in lists.opening or not lists.talk.isdisjoint(said))


def is_title(text: str) -> bool:
    """Whether a text is written as a title is, and asks nothing by its form: the words of a known question
    may well name an innovation, and so may "SAPA" in capitals and "Siapa Peduli Lansia".
    """
    remark = remark_in(text)
    if not _has_capitals(text) or (
        remark is not None and (remark.sure or remark.kind is not Remark.QUESTION)
    ):
        return False
    words, lists = WORD.findall(text), load_words()
    if any(char.islower() for char in text):
        if "?" not in text and _is_capitalised(words):
            return True
        words = [word for word in words if not (len(word) > 1 and word.isupper())]
    said = [word.casefold() for word in words if "?" in text or word.casefold() not in lists.names]
    opens = bool(said) and said[0] in lists.opening
    return remark is None and not opens and not ends_in_tag(said) and lists.asking.isdisjoint(said)


def _is_capitalised(words: Sequence[str]) -> bool:
    """Whether every longer word begins with a capital, as in a name; who asks leaves that to the first."""
    telling = [word for word in words if len(word) > SHORT_WORD]
    return len(telling) > 1 and all(word[0].isupper() for word in telling)


def _has_capitals(text: str) -> bool:
    return text[1:] != text[1:].lower()
